import { uint32 } from '../data.ts';

/** What one client may have open, and the bytes of files that it is writing, all together. */
const openLimit = 100;
const writtenLimit = 48 * 1_048_576;

/** A file or folder that a client has open. */
export interface Handle {
  path: string;
  /** A folder's names that were not told yet. */
  names?: string[];
  /** What a file held at its opening; replaced by the first write. */
  content: Buffer;
  /** Bytes of `content` that count. */
  size: number;
  writes: boolean;
  appends: boolean;
  changed: boolean;
  mode: number;
}

/** The open handles of one client: numbers of four bytes, the lowest free first, as sftp-server gives them. */
export class Handles {
  readonly #open = new Map<number, Handle>();
  #written = 0;

  add(handle: Handle): Buffer | undefined {
    if (this.#open.size >= openLimit) return undefined;
    let id = 0;
    while (this.#open.has(id)) id++;
    this.#open.set(id, handle);
    return uint32(id);
  }

  get(name: Buffer): Handle | undefined {
    return name.length === 4 ? this.#open.get(name.readUInt32BE(0)) : undefined;
  }

  close(name: Buffer): Handle | undefined {
    const handle = this.get(name);
    if (handle) this.#open.delete(name.readUInt32BE(0));
    if (handle?.changed) this.#written -= handle.content.length;
    return handle;
  }

  get all(): Iterable<Handle> {
    return this.#open.values();
  }

  /** Puts bytes at a place of a file. False where that would be too much. */
  write(handle: Handle, at: number, data: Buffer): boolean {
    const end = at + data.length;
    if (!handle.changed || end > handle.content.length) {
      const room = Math.max(end, handle.size, Math.min(2 * end, writtenLimit));
      const more = room - (handle.changed ? handle.content.length : 0);
      if (end > writtenLimit || this.#written + more > 2 * writtenLimit) return false;
      const grown = Buffer.alloc(room);
      handle.content.copy(grown, 0, 0, handle.size);
      handle.content = grown;
      this.#written += more;
      handle.changed = true;
    }
    data.copy(handle.content, at);
    handle.size = Math.max(handle.size, end);
    return true;
  }
}
