import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { emptyHead, type Head, type Place, readHead, readRecord } from './audit-chain.ts';
import { auditPaths, readKey, segments } from './audit-files.ts';
import { linesOf } from './audit-lines.ts';

export interface AuditCheck {
  ok: boolean;
  /** Records whose chain holds, up to this number. */
  records: number;
  /** The number of the last record that retention removed: the chain that is kept starts after it. */
  from: number;
  /** What is wrong first, with the line; null where nothing is. */
  fault: string | null;
}

/** Records that are read before others get their turn. */
const perTurn = 2_000;

/**
 * Walks the whole chain, over all segments that are kept, and compares its end with the sealed head: finds a record that was
 * changed, taken out, put in or moved, a segment that is gone, lines cut off the end, and lines added by someone without the
 * key. Looks at the files as they are when it is called, and lets the writer write meanwhile.
 */
export async function verifyAudit(folder: string): Promise<AuditCheck> {
  const paths = auditPaths(folder);
  const key = readKey(paths.key);
  let head: Head | null = emptyHead;
  const older = existsSync(folder) ? segments(folder) : [];
  const present = existsSync(paths.log);
  if (existsSync(paths.head)) head = key && readHead(readFileSync(paths.head, 'utf8'), key);
  else if (older.length > 0 || (present && statSync(paths.log).size > 0))
    return { ok: false, records: 0, from: 0, fault: 'the head is missing' };
  if (!head) return { ok: false, records: 0, from: 0, fault: 'the head is not sealed with this key' };
  const from = head.anchor.seq;
  const kept = [...older.filter(({ first }) => first > from), ...(present ? [{ path: paths.log }] : [])];
  const open = kept.map(({ path }) => {
    const file = openSync(path, 'r');
    return { file, size: statSync(path).size };
  });
  try {
    let last: Place = head.anchor;
    const fault = (text: string): AuditCheck => ({ ok: false, records: last.seq, from, fault: text });
    for (const { file, size } of open)
      for (const line of linesOf(file, size)) {
        const record = line.whole ? readRecord(line.text) : null;
        if (!record) return fault(`record ${last.seq + 1} is damaged`);
        if (record.seq !== last.seq + 1 || record.prev !== last.hash)
          return fault(`record ${last.seq + 1} does not follow the one before`);
        last = { seq: record.seq, hash: record.hash };
        if (last.seq === head.seq && last.hash !== head.hash)
          return fault(`record ${last.seq} is not the one that was sealed`);
        if (last.seq % perTurn === 0) await turn();
      }
    if (last.seq < head.seq) return fault(`${head.seq - last.seq} records are missing at the end`);
    if (last.seq > head.seq)
      return {
        ok: false,
        records: head.seq,
        from,
        fault: `${last.seq - head.seq} records after the sealed head`,
      };
    return { ok: true, records: last.seq, from, fault: null };
  } finally {
    for (const { file } of open) closeSync(file);
  }
}
