import { buildRows, type Edges } from '../../src/reputation/graph/layer.ts';

/** Names for each host, and how crowded the most crowded are: the one at `u` (0 to 1) is that at the power of this. */
const namesPerHost = 3;
const crowding = 3.3;

/** Edges between names and hosts, the same each time: a name is at a few hosts, and few hosts have most of the names. */
export function madeEdges(nodes: number, count: number): Edges {
  const hosts = Math.floor(nodes / (namesPerHost + 1));
  const names = nodes - hosts;
  return (edge) => {
    let state = 0x9e3779b9;
    const draw = () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 0x1_0000_0000;
    };
    // Names come in the order in which they were first seen: neighbours in number have nothing to do with each other.
    const each = Math.ceil(count / names);
    let left = count;
    for (let name = 0; left > 0; name = name + 1 < names ? name + 1 : 0)
      for (let n = 0; n < each && left > 0; n++, left--)
        edge(hosts + name, Math.floor(draw() ** crowding * hosts));
  };
}

export function madeRows(nodes: number, count: number) {
  return buildRows(nodes, madeEdges(nodes, count));
}
