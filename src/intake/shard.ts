/** One of several workers that read the same file, each its own sources: what one source does is then seen by one detector. */
export interface Shard {
  index: number;
  count: number;
}

/** Bytes after the key within which its value must begin. */
const gap = 4;

/**
 * Tells which shard a JSON line belongs to, by the value of a text field that names its source, without parsing it. Inside a JSON
 * string quotes are escaped, so no text of an attacker can look like the key. Lines without it belong to shard 0.
 */
export function sharder(
  field: string,
  { index, count }: Shard,
): (bytes: Buffer, from: number, to: number) => boolean {
  const seek = finder(Buffer.from(`"${field}"`));
  return (bytes, from, to) => {
    let at = seek(bytes, from, to);
    if (at < 0) return index === 0;
    const end = Math.min(to, at + gap);
    while (at < end && bytes[at] !== 34) at++;
    // FNV-1a (draft-eastlake-fnv) over the value.
    let hash = 0x811c9dc5;
    for (at++; at < to && bytes[at] !== 34; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    return ((hash ^ (hash >>> 16)) >>> 0) % count === index;
  };
}

/** Finds where a key ends, or -1: Horspool's search (1980), since a call out of JavaScript costs more than a short line. */
function finder(key: Buffer): (bytes: Buffer, from: number, to: number) => number {
  const { length } = key;
  const last = length - 1;
  const skip = new Uint8Array(256).fill(length);
  for (let i = 0; i < last; i++) skip[key[i]!] = last - i;
  return (bytes, from, to) => {
    for (let end = from + last; end < to; end += skip[bytes[end]!]!) {
      let i = 0;
      while (i < length && bytes[end - i] === key[last - i]) i++;
      if (i === length) return end + 1;
    }
    return -1;
  };
}
