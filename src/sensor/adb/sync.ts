import type { Wire } from '../emulator.ts';
import { type FileSystem, FsError } from '../shell/fs.ts';

/** Bounds of one file that is pushed, and of what may wait undecided. */
const fileLimit = 32 * 1_048_576;
const chunkLimit = 65_536;
const pathLimit = 1_024;
const entryLimit = 1_000;

/** The file service (AOSP `SYNC.TXT`): a machine that is fed bytes and answers with bytes. What is pushed is kept. */
export class Sync {
  readonly #wire: Pick<Wire, 'emit' | 'keep' | 'now'>;
  readonly #fs: FileSystem;
  #waiting: Buffer = Buffer.alloc(0);
  #file: { path: string; mode: number; pieces: Buffer[]; size: number } | undefined;
  closed = false;

  constructor(wire: Pick<Wire, 'emit' | 'keep' | 'now'>, fs: FileSystem) {
    this.#wire = wire;
    this.#fs = fs;
  }

  feed(bytes: Buffer): Buffer {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    const answers: Buffer[] = [];
    while (!this.closed && this.#waiting.length >= 8) {
      const id = this.#waiting.toString('latin1', 0, 4);
      const size = this.#waiting.readUInt32LE(4);
      const carries = id !== 'DONE' && id !== 'QUIT';
      if (carries && size > (id === 'DATA' ? chunkLimit : pathLimit)) {
        answers.push(fail(id === 'DATA' ? 'oversize data message' : 'invalid namelen'));
        this.closed = true;
        break;
      }
      const end = 8 + (carries ? size : 0);
      if (this.#waiting.length < end) break;
      const data = this.#waiting.subarray(8, end);
      this.#waiting = this.#waiting.subarray(end);
      answers.push(this.#answer(id, size, data));
    }
    return Buffer.concat(answers);
  }

  /** What was pushed and never finished is kept all the same. */
  end(): void {
    if (this.#file) this.#keep(false);
  }

  #answer(id: string, size: number, data: Buffer): Buffer {
    const nothing = Buffer.alloc(0);
    const path = data.toString('latin1');
    switch (id) {
      case 'STAT':
        return this.#stat(path);
      case 'LIST':
        return this.#list(path);
      case 'RECV':
        return this.#recv(path);
      case 'SEND': {
        const comma = path.lastIndexOf(',');
        const mode = Number.parseInt(path.slice(comma + 1), 10) || 0o644;
        this.#file = { path: comma < 0 ? path : path.slice(0, comma), mode, pieces: [], size: 0 };
        return nothing;
      }
      case 'DATA': {
        if (!this.#file) return fail('unknown command');
        this.#file.size += data.length;
        if (this.#file.size <= fileLimit) this.#file.pieces.push(Buffer.from(data));
        return nothing;
      }
      case 'DONE':
        if (!this.#file) return fail('unknown command');
        this.#keep(true);
        return record('OKAY', 0);
      case 'QUIT':
        this.closed = true;
        return nothing;
      default:
        this.closed = true;
        return fail(`unknown command ${size}`);
    }
  }

  #keep(whole: boolean): void {
    const { path, mode, pieces, size } = this.#file!;
    this.#file = undefined;
    const content = Buffer.concat(pieces);
    if (content.length === 0 && !whole) return;
    this.#wire.emit({
      kind: 'upload',
      ...this.#wire.keep(content),
      name: path,
      detail: { how: 'push', mode: (mode & 0o7777).toString(8), whole: whole && size === content.length },
    });
    try {
      this.#fs.now = this.#wire.now();
      this.#fs.write(path, content, { mode: (mode & 0o777) | 0o600 });
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
  }

  #stat(path: string): Buffer {
    const answer = record('STAT', 0, 0, 0);
    const node = this.#node(path);
    if (!node) return answer;
    answer.writeUInt32LE(node.mode, 4);
    answer.writeUInt32LE(node.size, 8);
    answer.writeUInt32LE(node.mtime, 12);
    return answer;
  }

  #node(path: string): { mode: number; size: number; mtime: number } | undefined {
    try {
      const node = this.#fs.stat(path);
      const kind = { dir: 0o040000, link: 0o120000, device: 0o020000, file: 0o100000 }[node.kind];
      return {
        mode: kind | node.mode,
        size: node.kind === 'file' ? this.#fs.size(node) : 0,
        mtime: Math.max(0, Math.floor(node.mtime / 1_000)),
      };
    } catch (error) {
      if (error instanceof FsError) return undefined;
      throw error;
    }
  }

  #list(path: string): Buffer {
    const rows: Buffer[] = [];
    try {
      for (const name of this.#fs.list(path).slice(0, entryLimit)) {
        const node = this.#node(`${path}/${name}`);
        if (node)
          rows.push(
            record('DENT', node.mode, node.size, node.mtime, name.length),
            Buffer.from(name, 'latin1'),
          );
      }
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
    return Buffer.concat([...rows, record('DONE', 0, 0, 0, 0)]);
  }

  #recv(path: string): Buffer {
    try {
      const content = this.#fs.read(path);
      const pieces: Buffer[] = [];
      for (let at = 0; at < content.length; at += chunkLimit) {
        const piece = content.subarray(at, at + chunkLimit);
        pieces.push(record('DATA', piece.length), piece);
      }
      return Buffer.concat([...pieces, record('DONE', 0)]);
    } catch (error) {
      if (error instanceof FsError) return fail(error.message);
      throw error;
    }
  }
}

function record(id: string, ...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes.write(id, 'latin1');
  for (const [i, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 4 + 4 * i);
  return bytes;
}

function fail(reason: string): Buffer {
  return Buffer.concat([record('FAIL', reason.length), Buffer.from(reason, 'latin1')]);
}
