import { existsSync, readFileSync } from 'node:fs';
import { emptyHead, readHead, readRecord } from './audit-chain.ts';
import { auditPaths, readKey } from './audit-files.ts';
import { lines } from './audit-lines.ts';

export interface AuditCheck {
  ok: boolean;
  /** Records whose chain holds, from the first. */
  records: number;
  /** What is wrong first, with the line; null where nothing is. */
  fault: string | null;
}

/**
 * Walks the whole chain and compares its end with the sealed head: finds a record that was changed, taken out, put in or
 * moved, lines cut off the end, and lines added by someone without the key. Reads in pieces, so that any size is fine.
 */
export function verifyAudit(folder: string): AuditCheck {
  const paths = auditPaths(folder);
  const fault = (records: number, text: string): AuditCheck => ({ ok: false, records, fault: text });
  if (!existsSync(paths.head)) {
    const empty = !existsSync(paths.log) || readFileSync(paths.log).length === 0;
    return empty ? { ok: true, records: 0, fault: null } : fault(0, 'the head is missing');
  }
  const key = readKey(paths.key);
  // The head before the log: a writer adds to the log first, so the log is never behind this head.
  const head = key && readHead(readFileSync(paths.head, 'utf8'), key);
  if (!head) return fault(0, 'the head is not sealed with this key');
  let last = emptyHead;
  if (existsSync(paths.log))
    for (const line of lines(paths.log)) {
      const record = line.whole ? readRecord(line.text) : null;
      if (!record) return fault(last.seq, `record ${last.seq + 1} is damaged`);
      if (record.seq !== last.seq + 1 || record.prev !== last.hash)
        return fault(last.seq, `record ${last.seq + 1} does not follow the one before`);
      last = { seq: record.seq, hash: record.hash };
      if (last.seq === head.seq && last.hash !== head.hash)
        return fault(last.seq, `record ${last.seq} is not the one that was sealed`);
    }
  if (last.seq < head.seq) return fault(last.seq, `${head.seq - last.seq} records are missing at the end`);
  if (last.seq > head.seq) return fault(head.seq, `${last.seq - head.seq} records after the sealed head`);
  return { ok: true, records: last.seq, fault: null };
}
