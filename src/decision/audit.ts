import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { syncFolder, writeAtomic } from '../kit/atomic-file.ts';
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
import { auditPaths, makeKey, readKey, segmentPath, segments } from './audit-files.ts';
import { type AuditLimits, auditLimits } from './audit-limits.ts';
import { firstLine, lastLine, tailLines } from './audit-lines.ts';
import type { AuditEntry } from './outcome.ts';

/**
 * The record of every decision, placement, release, override, list edit and mode change: JSON lines, each chained to the one
 * before, the last one sealed. One writer. `append` returns once the records are on disk. A full file is closed as a segment and
 * the chain goes on in the next; what retention removes leaves an anchor in the sealed head, and a record.
 */
export class Audit {
  readonly #folder: string;
  readonly #paths: ReturnType<typeof auditPaths>;
  readonly #limits: AuditLimits;
  readonly #key: Buffer;
  #file: number;
  #head: Head;
  /** The number of the first record in the file that is written to. */
  #first: number;

  private constructor(
    folder: string,
    limits: AuditLimits,
    key: Buffer,
    file: number,
    head: Head,
    first: number,
  ) {
    this.#folder = folder;
    this.#paths = auditPaths(folder);
    this.#limits = limits;
    this.#key = key;
    this.#file = file;
    this.#head = head;
    this.#first = first;
  }

  /**
   * Opens the audit of a folder. A crash may have left records without their seal, or a torn line: both are mended and a
   * record says so. An audit that does not fit its head is kept beside as `audit….jsonl.broken-<time>`, and a new chain
   * starts with a record of that: `alarm` hears of it.
   */
  static open(
    folder: string,
    now: number,
    alarm: (text: string) => void = () => {},
    limits: AuditLimits = auditLimits.parse({}),
  ): Audit {
    const paths = auditPaths(folder);
    const known = readKey(paths.key);
    const key = known ?? makeKey(paths.key);
    const found = examine(folder, known);
    if ('broken' in found) {
      alarm(`The audit is broken: ${found.broken}`);
      for (const path of [paths.log, paths.head, ...segments(folder).map((one) => one.path)])
        if (existsSync(path)) renameSync(path, `${path}.broken-${now}`);
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
    const first = 'broken' in found ? 1 : found.first;
    const audit = new Audit(folder, limits, key, file, head, first);
    audit.#sweep();
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
      head = { ...head, seq: record.seq, hash: record.hash };
      return record;
    });
    this.#rotate();
    const before = fstatSync(this.#file).size;
    try {
      const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      fsyncSync(this.#file);
    } catch (error) {
      ftruncateSync(this.#file, before);
      throw error;
    }
    this.#seal(head);
    return records;
  }

  /** Bytes that all records take. */
  get bytes(): number {
    const closed = segments(this.#folder).reduce((sum, { path }) => sum + statSync(path).size, 0);
    return closed + fstatSync(this.#file).size;
  }

  /** True where more is kept than there should be, for it is too young to go. */
  get overBudget(): boolean {
    return this.bytes > this.#limits.diskBytes;
  }

  /**
   * Removes the closed segments that are over their age, and the oldest while the disk budget is exceeded. The chain first says
   * what goes, and the sealed head where what is kept begins. Returns the names of what was removed.
   */
  retain(now: number): string[] {
    const { retentionMs, diskBytes, leastMs } = this.#limits;
    let { bytes } = this;
    let anchor = this.#head.anchor;
    const names: string[] = [];
    for (const { path, name, first } of segments(this.#folder, anchor.seq)) {
      const { text, size } = lastLine(path);
      const last = text === null ? null : readRecord(text);
      // What does not read as ours is evidence: it stays until a person has looked at it.
      if (!last || last.seq < first) break;
      const age = now - last.time;
      if (age <= retentionMs && (bytes <= diskBytes || age <= leastMs)) break;
      anchor = { seq: last.seq, hash: last.hash };
      bytes -= size;
      names.push(name);
    }
    if (names.length === 0) return names;
    const data = { removed: names, through: anchor.seq, hash: anchor.hash };
    this.append([{ time: now, actor: 'caltrop', action: 'audit', data }]);
    this.#seal({ ...this.#head, anchor });
    this.#sweep();
    return names;
  }

  #seal(head: Head): void {
    this.#head = head;
    writeAtomic(this.#paths.head, headText(head, this.#key));
  }

  /** Closes a full file. A crash in between leaves no file to write to, and `open` makes it. */
  #rotate(): void {
    if (fstatSync(this.#file).size < this.#limits.segmentBytes) return;
    if (existsSync(this.#paths.log)) renameSync(this.#paths.log, segmentPath(this.#folder, this.#first));
    const file = openSync(this.#paths.log, 'a', 0o600);
    syncFolder(this.#folder);
    closeSync(this.#file);
    this.#file = file;
    this.#first = this.#head.seq + 1;
  }

  /** Removes what lies before the anchor. */
  #sweep(): void {
    for (const { path, first } of segments(this.#folder))
      if (first <= this.#head.anchor.seq) rmSync(path, { force: true });
  }

  /**
   * Which of these the end of the audit does not know: stored, but not audited before a crash. Looks back 2 MiB, and says
   * nothing of decisions older than that.
   */
  unrecorded(decisions: readonly Decision[]): Decision[] {
    const before = segments(this.#folder).at(-1);
    const tails = [...(before ? tailLines(before.path) : []), ...tailLines(this.#paths.log)];
    const recent = tails.flatMap((line) => readRecord(line) ?? []);
    const from = recent[0]?.seq === 1 ? 0 : (recent[0]?.time ?? 0);
    const known = new Set(recent.map(({ data }) => data.id));
    return decisions.filter(({ id, time }) => time >= from && !known.has(id));
  }

  close(): void {
    closeSync(this.#file);
  }
}

type Found = { broken: string } | { head: Head; torn: number; unsealed: number; size: number; first: number };

/** Looks at the end of the chain and at the head. The whole chain is for `verifyAudit`: a start must not wait for it. */
function examine(folder: string, key: Buffer | null): Found {
  const { log, head: headPath } = auditPaths(folder);
  const sealed = existsSync(headPath);
  const head = sealed ? key && readHead(readFileSync(headPath, 'utf8'), key) : emptyHead;
  if (!head) return { broken: 'the head is not sealed with this key' };
  const before = segments(folder, head.anchor.seq).at(-1);
  const now = existsSync(log) ? lastLine(log) : { text: null, torn: 0, size: 0 };
  let { text } = now;
  if (text === null && before) {
    // The file was full, and nothing has been written to the next one yet.
    const closed = lastLine(before.path);
    if (closed.torn > 0) return { broken: `${before.name} is torn` };
    text = closed.text;
  }
  if (text === null)
    return head.seq === head.anchor.seq
      ? { head, torn: now.torn, unsealed: 0, size: now.size, first: head.seq + 1 }
      : { broken: `all ${head.seq - head.anchor.seq} records are gone` };
  const last = readRecord(text);
  if (!last) return { broken: 'the last record is damaged' };
  if (last.seq < head.seq) return { broken: `${head.seq - last.seq} records are missing at the end` };
  if (last.seq === head.seq && last.hash !== head.hash)
    return { broken: 'the last record is not the sealed one' };
  const first = now.text === null ? last.seq + 1 : readRecord(firstLine(log) ?? '')?.seq;
  if (first === undefined) return { broken: 'the first record of the file is damaged' };
  const { torn, size } = now;
  return {
    head: { ...head, seq: last.seq, hash: last.hash },
    torn,
    unsealed: last.seq - head.seq,
    size,
    first,
  };
}
