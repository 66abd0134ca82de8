import { createHash } from 'node:crypto';

/** What was found out of an entry while it was listed. It stays found out once the list has it no more. */
export const found = { confirmed: 1, doubted: 2 } as const;

const limits = {
  /** Entries of one list that are remembered, those of the copy that is held among them: what is gone longest leaves first. */
  entries: 4_000_000,
  /** For so many days an entry that the list has no more still speaks for it or against it. */
  gone: 90,
};

const magic = Buffer.from('CTR1');
const hashBytes = 32;
const headBytes = magic.length + hashBytes + 6;
const entryBytes = 13;

/** 53 bits of an entry's hash (two of FNV-1a, mixed). Two entries of one list that share them, which only its author could bring about, share a verdict. */
export function hashOfEntry(key: string): number {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 15;
  }
  a = Math.imul(a ^ (a >>> 16), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 13), 0x27d4eb2f);
  return ((a ^ (a >>> 16)) >>> 11) * 0x1_0000_0000 + ((b ^ (b >>> 16)) >>> 0);
}

/**
 * Since when a list has had each of its entries, and what was found out of them since then: kept from copy to copy. Days are counted since the
 * epoch and are those of the copies. The same copies and findings in the same order make the same bytes.
 */
export class TrackRecord {
  /** The day of the latest copy; 0 before the first. */
  latest = 0;
  /** In ascending order. */
  #keys = new Float64Array(0);
  #first = new Uint16Array(0);
  #last = new Uint16Array(0);
  #found = new Uint8Array(0);

  /** `identity` is of the list's source, 64 hexadecimal digits: another source has another record. Null where the bytes are damaged or another's. */
  static read(bytes: Buffer, identity: string): TrackRecord | null {
    if (bytes.length < headBytes + hashBytes || !bytes.subarray(0, magic.length).equals(magic)) return null;
    const body = bytes.subarray(0, -hashBytes);
    if (!sha256(body).equals(bytes.subarray(-hashBytes))) return null;
    let at = magic.length;
    if (bytes.toString('hex', at, at + hashBytes) !== identity) return null;
    at += hashBytes;
    const record = new TrackRecord();
    record.latest = bytes.readUInt16LE(at);
    const size = bytes.readUInt32LE(at + 2);
    if (body.length !== headBytes + size * entryBytes) return null;
    at = headBytes;
    const take = (length: number) => {
      // A copy begins where typed arrays may begin.
      const part = new Uint8Array(body.subarray(at, at + length));
      at += length;
      return part.buffer;
    };
    record.#keys = new Float64Array(take(8 * size));
    record.#first = new Uint16Array(take(2 * size));
    record.#last = new Uint16Array(take(2 * size));
    record.#found = new Uint8Array(take(size));
    return record;
  }

  bytes(identity: string): Buffer {
    const head = Buffer.alloc(6);
    head.writeUInt16LE(this.latest);
    head.writeUInt32LE(this.#keys.length, 2);
    const parts = [this.#keys, this.#first, this.#last, this.#found].map((part) =>
      Buffer.from(part.buffer, part.byteOffset, part.byteLength),
    );
    const body = Buffer.concat([magic, Buffer.from(identity, 'hex'), head, ...parts]);
    return Buffer.concat([body, sha256(body)]);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** A copy with these entries was taken on a day. What has long been gone is forgotten. */
  took(entries: Float64Array, day: number): void {
    const fresh = entries.slice().sort();
    this.latest = Math.max(this.latest, day);
    const room = this.#keys.length + fresh.length;
    const keys = new Float64Array(room);
    const days = { first: new Uint16Array(room), last: new Uint16Array(room) };
    const what = new Uint8Array(room);
    let size = 0;
    const put = (key: number, first: number, last: number, was: number) => {
      keys[size] = key;
      days.first[size] = first;
      days.last[size] = last;
      what[size++] = was;
    };
    const oldest = this.#oldestKept(fresh.length, day);
    let at = 0;
    for (let n = 0; n <= fresh.length; n++) {
      const key = fresh[n];
      if (n > 0 && key === fresh[n - 1]) continue;
      for (; at < this.#keys.length && (key === undefined || this.#keys[at]! < key); at++)
        if (this.#last[at]! >= oldest)
          put(this.#keys[at]!, this.#first[at]!, this.#last[at]!, this.#found[at]!);
      if (key === undefined) break;
      if (this.#keys[at] === key) {
        put(key, Math.min(this.#first[at]!, day), Math.max(this.#last[at]!, day), this.#found[at]!);
        at++;
      } else put(key, day, day, 0);
    }
    this.#keys = keys.slice(0, size);
    this.#first = days.first.slice(0, size);
    this.#last = days.last.slice(0, size);
    this.#found = what.slice(0, size);
  }

  /** The day from which on an entry that is gone is kept. */
  #oldestKept(held: number, day: number): number {
    const room = limits.entries - held;
    const oldest = Math.max(0, day - limits.gone);
    if (this.#last.length <= room) return oldest;
    const days = this.#last.slice().sort();
    return Math.max(oldest, room > 0 ? days[days.length - room]! + 1 : day + 1);
  }

  /** The place of an entry, as long as no other copy is taken; -1 where it has none. */
  placeOf(entry: number): number {
    let [low, high] = [0, this.#keys.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const key = this.#keys[middle]!;
      if (key === entry) return middle;
      if (key < entry) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The day of the first copy that had what is at a place. */
  since(place: number): number | undefined {
    return this.#first[place];
  }

  /** What was found out of what is at a place, 0 where that is nothing any more. */
  find(place: number, what: number): void {
    if (place >= 0) this.#found[place] = what;
  }

  /** What was found out of those that the latest copy has no more. */
  past(): { confirmed: number; refuted: number } {
    const tally = { confirmed: 0, refuted: 0 };
    for (let at = 0; at < this.#keys.length; at++) {
      if (this.#last[at]! >= this.latest) continue;
      if (this.#found[at] === found.confirmed) tally.confirmed++;
      else if (this.#found[at] === found.doubted) tally.refuted++;
    }
    return tally;
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
