import { busLimits } from '../../bus/index.ts';
import { neighbourhood } from '../../kit/ip.ts';
import { readRows } from '../../lake/index.ts';

/** A message of events: how many, then their rows. */
const headerBytes = 4;

export interface Packed {
  shard: number;
  /** Which of the shard's messages from this segment. */
  part: number;
  data: Buffer;
}

/**
 * The rows of a segment as messages, by the source of each event: what one source does (IPv6: one /64) is seen by one analysis. The same
 * segment always gives the same messages.
 */
export function packRows(rows: Buffer, shards: number, maxBytes: number = busLimits.maxMessage): Packed[] {
  const open = Array.from({ length: shards }, () => ({
    pieces: [] as Buffer[],
    bytes: headerBytes,
    part: 0,
  }));
  const packed: Packed[] = [];
  const close = (shard: number) => {
    const one = open[shard]!;
    if (one.pieces.length === 0) return;
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32LE(one.pieces.length);
    packed.push({ shard, part: one.part++, data: Buffer.concat([header, ...one.pieces], one.bytes) });
    one.pieces = [];
    one.bytes = headerBytes;
  };
  let from = 0;
  for (const { event, end } of readRows(rows)) {
    const shard = shardOf(event.src.ip, shards);
    const piece = rows.subarray(from, end);
    from = end;
    if (open[shard]!.bytes + piece.length > maxBytes) close(shard);
    open[shard]!.pieces.push(piece);
    open[shard]!.bytes += piece.length;
  }
  for (let shard = 0; shard < shards; shard++) close(shard);
  return packed;
}

/** How many rows a message holds, and the rows. */
export function unpackRows(data: Uint8Array): { count: number; rows: Buffer } {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length < headerBytes) throw new RangeError('a message of events has no header');
  return { count: bytes.readUInt32LE(), rows: bytes.subarray(headerBytes) };
}

function shardOf(ip: string, shards: number): number {
  const key = neighbourhood(ip);
  // FNV-1a (draft-eastlake-fnv).
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 16)) >>> 0) % shards;
}
