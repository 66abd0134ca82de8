import { sharedUint32 } from '../../src/reputation/graph/layer.ts';

/** Names for each host. */
const namesPerHost = 3;
/** Hosts whose names are put in order at a time, so that what is written lies near, and such groups in one walk over all names. */
const groupBits = 15;
const groupsAtOnce = 128;

/**
 * Rows of names and hosts, the same each time: a name is at a few hosts, and few hosts have most of the names (the one at `u`, from 0
 * to 1, is that at its cube). Hosts come first, then names in the order in which they were first seen: neighbours in number have nothing
 * to do with each other. `count` edges, rounded up to as many for each name.
 */
export function madeRows(nodes: number, count: number): { rowPtr: Uint32Array; cols: Uint32Array } {
  const hosts = Math.floor(nodes / (namesPerHost + 1));
  const names = nodes - hosts;
  const each = Math.ceil(count / names);
  const edges = each * names;
  const rowPtr = sharedUint32(nodes + 1);
  const cols = sharedUint32(2 * edges);
  drawNames(cols.subarray(edges), { hosts, each });
  for (let n = 0; n <= names; n++) rowPtr[hosts + n] = edges + n * each;
  const groups = Math.ceil(hosts / 2 ** groupBits);
  for (let first = 0, at = 0; first < groups; first += groupsAtOnce)
    at = turnAround({ rowPtr, cols, hosts, each, edges, at }, first, Math.min(groups, first + groupsAtOnce));
  return { rowPtr, cols };
}

function drawNames(cols: Uint32Array, { hosts, each }: { hosts: number; each: number }): void {
  let state = 0x9e3779b9;
  for (let from = 0; from < cols.length; from += each)
    for (let n = 0; n < each; n++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const u = (state >>> 0) / 0x1_0000_0000;
      const host = Math.floor(u * u * u * hosts);
      let at = from + n;
      for (; at > from && cols[at - 1]! > host; at--) cols[at] = cols[at - 1]!;
      cols[at] = host;
    }
}

interface Turning {
  rowPtr: Uint32Array;
  cols: Uint32Array;
  hosts: number;
  each: number;
  edges: number;
  /** Where the next host's row begins. */
  at: number;
}

/** Writes the rows of some groups of hosts from those of all names. Gives where the next row begins. */
function turnAround({ rowPtr, cols, hosts, each, edges, at }: Turning, first: number, end: number): number {
  const low = first << groupBits;
  const high = Math.min(hosts, end << groupBits);
  const starts = new Uint32Array(end - first + 1);
  for (let n = edges; n < cols.length; n++) {
    const host = cols[n]!;
    if (host >= low && host < high) starts[((host - low) >>> groupBits) + 1]!++;
  }
  for (let group = 0; group < end - first; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const total = starts[end - first]!;
  const who = new Uint32Array(total);
  const where = new Uint16Array(total);
  for (let n = edges; n < cols.length; n++) {
    const host = cols[n]!;
    if (host < low || host >= high) continue;
    const to = next[(host - low) >>> groupBits]!++;
    who[to] = hosts + Math.floor((n - edges) / each);
    where[to] = (host - low) & (2 ** groupBits - 1);
  }
  const free = new Uint32Array(2 ** groupBits);
  for (let group = first; group < end; group++) {
    const from = starts[group - first]!;
    const to = starts[group - first + 1]!;
    free.fill(0);
    for (let n = from; n < to; n++) free[where[n]!]!++;
    const base = group << groupBits;
    for (let n = 0; n < free.length && base + n < hosts; n++) {
      const size = free[n]!;
      rowPtr[base + n] = at;
      free[n] = at;
      at += size;
    }
    for (let n = from; n < to; n++) cols[free[where[n]!]!++] = who[n]!;
  }
  return at;
}
