import type { Layer } from './layer.ts';

/** Entries over which it is not worth its memory: 12 bytes and a logarithm each, each round. */
export const loopyLimit = 4_000_000;
const rounds = 12;
/** How much of a message is the one of the round before. */
const slow = 0.5;
/** Two names are joined by this much of their edge's weight; a name and what carries it by the carrier's own scale. */
const betweenNames = 0.5;
const mostCoupling = 0.9;

/**
 * What its neighbours say of each node, in logits, by loopy belief propagation (Pearl; as sums of log-odds): a message is what the sender
 * believes without what it heard from the receiver, bent by the coupling. Crowded carriers say little. Does not converge
 * everywhere: a fixed number of rounds, half of each message kept. `own` names a node whose word is not heard, by node.
 */
export function loopy(
  layers: readonly Layer[],
  scale: Float32Array,
  named: Uint8Array,
  prior: Float32Array,
  own: Uint32Array,
): Float32Array {
  const nodes = scale.length;
  const twins = layers.map(twinsOf);
  const messages = layers.map(({ cols }) => new Float32Array(cols.length));
  let heard = new Float32Array(nodes);
  for (let round = 0; round < rounds; round++) {
    // All at once: messages of a round rest on those of the round before alone.
    layers.forEach(({ rowPtr, cols, weight }, n) => {
      const told = messages[n]!;
      const twin = twins[n]!;
      const before = told.slice();
      for (let i = 0; i < nodes; i++)
        for (let at = rowPtr[i]!; at < rowPtr[i + 1]!; at++) {
          const j = cols[at]!;
          const cavity = prior[j]! + heard[j]! - before[twin[at]!]!;
          const coupling = Math.min(mostCoupling, weight * carrierScale(i, j, scale, named));
          const fresh = coupling === 0 ? 0 : 2 * Math.atanh(coupling * Math.tanh(cavity / 2));
          told[at] = slow * before[at]! + (1 - slow) * fresh;
        }
    });
    heard = new Float32Array(nodes);
    layers.forEach(({ rowPtr }, n) => {
      for (let i = 0; i < nodes; i++)
        for (let at = rowPtr[i]!; at < rowPtr[i + 1]!; at++) heard[i]! += messages[n]![at]!;
    });
  }
  layers.forEach(({ rowPtr, cols }, n) => {
    for (let i = 0; i < nodes; i++)
      for (let at = rowPtr[i]!; at < rowPtr[i + 1]!; at++)
        if (cols[at] === own[i]) heard[i]! -= messages[n]![at]!;
  });
  return heard;
}

function carrierScale(i: number, j: number, scale: Float32Array, named: Uint8Array): number {
  if (scale[i] === 0 || scale[j] === 0) return 0;
  if (named[i] === 1) return named[j] === 1 ? betweenNames : scale[j]!;
  return named[j] === 1 ? scale[i]! : Math.min(scale[i]!, scale[j]!);
}

/** For each entry (i, j) the place of (j, i): rows are sorted, so each row's entries are met in their order. */
function twinsOf({ rowPtr, cols }: Layer): Uint32Array {
  const twins = new Uint32Array(cols.length);
  const next = rowPtr.slice();
  for (let i = 0; i + 1 < rowPtr.length; i++)
    for (let at = rowPtr[i]!; at < rowPtr[i + 1]!; at++) twins[at] = next[cols[at]!]!++;
  return twins;
}
