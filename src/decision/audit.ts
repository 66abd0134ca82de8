import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { writeAtomic } from '../kit/atomic-file.ts';
import type { Decision } from '../model/decision.ts';
import {
  type AuditRecord,
  emptyHead,
  type Head,
  headText,
  readHead,
  readRecord,
  recordHash,
} from './audit-chain.ts';
import { auditPaths, makeKey, readKey } from './audit-files.ts';
import { lastLine, tailLines } from './audit-lines.ts';
import type { AuditEntry } from './outcome.ts';

/**
 * The record of every decision, placement, release, override, list edit and mode change: JSON lines, each chained to the one
 * before, the last one sealed. One writer. `append` returns once the records are on disk.
 */
export class Audit {
  readonly #paths: ReturnType<typeof auditPaths>;
  readonly #key: Buffer;
  readonly #file: number;
  #head: Head;

  private constructor(paths: ReturnType<typeof auditPaths>, key: Buffer, file: number, head: Head) {
    this.#paths = paths;
    this.#key = key;
    this.#file = file;
    this.#head = head;
  }

  /**
   * Opens the audit of a folder. A crash may have left records without their seal, or a torn line: both are mended and a
   * record says so. An audit that does not fit its head is kept beside as `audit.jsonl.broken-<time>`, and a new chain
   * starts with a record of that: `alarm` hears of it.
   */
  static open(folder: string, now: number, alarm: (text: string) => void = () => {}): Audit {
    const paths = auditPaths(folder);
    const known = readKey(paths.key);
    const key = known ?? makeKey(paths.key);
    const found = examine(paths, known);
    if ('broken' in found) {
      alarm(`The audit is broken: ${found.broken}`);
      if (existsSync(paths.log)) renameSync(paths.log, `${paths.log}.broken-${now}`);
      if (existsSync(paths.head)) renameSync(paths.head, `${paths.head}.broken-${now}`);
    }
    const file = openSync(paths.log, 'a', 0o600);
    const mended: Record<string, unknown> = {};
    let head = emptyHead;
    if ('broken' in found) mended.broken = found.broken;
    else {
      head = found.head;
      if (found.torn > 0) ftruncateSync(file, found.size - found.torn);
      if (found.torn > 0) mended.tornBytes = found.torn;
      if (found.unsealed > 0) mended.unsealed = found.unsealed;
    }
    const audit = new Audit(paths, key, file, head);
    if (Object.keys(mended).length > 0)
      audit.append([{ time: now, actor: 'caltrop', action: 'audit', data: mended }]);
    return audit;
  }

  /** The last record's number: 0 before the first. */
  get seq(): number {
    return this.#head.seq;
  }

  /** Adds records in one write and one sync, then seals the last. Throws where the disk refuses; nothing is then counted. */
  append(entries: readonly AuditEntry[]): AuditRecord[] {
    if (entries.length === 0) return [];
    let head = this.#head;
    const records = entries.map((entry) => {
      const data: Record<string, unknown> = JSON.parse(JSON.stringify(entry.data));
      const unhashed = { ...entry, data, seq: head.seq + 1, prev: head.hash };
      const record = { ...unhashed, hash: recordHash(unhashed) };
      head = { seq: record.seq, hash: record.hash };
      return record;
    });
    const before = fstatSync(this.#file).size;
    try {
      const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      fsyncSync(this.#file);
    } catch (error) {
      ftruncateSync(this.#file, before);
      throw error;
    }
    this.#head = head;
    writeAtomic(this.#paths.head, headText(head, this.#key));
    return records;
  }

  /**
   * Which of these the end of the audit does not know: stored, but not audited before a crash. Looks back 2 MiB, and says
   * nothing of decisions older than that.
   */
  unrecorded(decisions: readonly Decision[]): Decision[] {
    const recent = tailLines(this.#paths.log).flatMap((line) => readRecord(line) ?? []);
    const from = recent[0]?.seq === 1 ? 0 : (recent[0]?.time ?? 0);
    const known = new Set(recent.map(({ data }) => data.id));
    return decisions.filter(({ id, time }) => time >= from && !known.has(id));
  }

  close(): void {
    closeSync(this.#file);
  }
}

type Found = { broken: string } | { head: Head; torn: number; unsealed: number; size: number };

/** Looks at the end of the chain and at the head. The whole chain is for `verifyAudit`: a start must not wait for it. */
function examine({ log, head: headPath }: ReturnType<typeof auditPaths>, key: Buffer | null): Found {
  const sealed = existsSync(headPath);
  const head = sealed ? key && readHead(readFileSync(headPath, 'utf8'), key) : emptyHead;
  if (!head) return { broken: 'the head is not sealed with this key' };
  if (!existsSync(log))
    return head.seq === 0
      ? { head, torn: 0, unsealed: 0, size: 0 }
      : { broken: `all ${head.seq} records are gone` };
  const { text, torn, size } = lastLine(log);
  if (text === null)
    return head.seq === 0
      ? { head, torn, unsealed: 0, size }
      : { broken: `all ${head.seq} records are gone` };
  const last = readRecord(text);
  if (!last) return { broken: 'the last record is damaged' };
  if (last.seq < head.seq) return { broken: `${head.seq - last.seq} records are missing at the end` };
  if (last.seq === head.seq && last.hash !== head.hash)
    return { broken: 'the last record is not the sealed one' };
  return { head: { seq: last.seq, hash: last.hash }, torn, unsealed: last.seq - head.seq, size };
}
