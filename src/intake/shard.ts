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
  const key = Buffer.from(`"${field}"`);
  return (bytes, from, to) => {
    let at = bytes.indexOf(key, from);
    if (at < 0 || at >= to) return index === 0;
    at += key.length;
    const end = Math.min(to, at + gap);
    while (at < end && bytes[at] !== 34) at++;
    // FNV-1a (draft-eastlake-fnv) over the value.
    let hash = 0x811c9dc5;
    for (at++; at < to && bytes[at] !== 34; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    return ((hash ^ (hash >>> 16)) >>> 0) % count === index;
  };
}
