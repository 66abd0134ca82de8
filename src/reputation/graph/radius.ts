/** Passes after which the search ends, whatever it has found. */
const mostPasses = 24;
/** It ends earlier where a pass raised the lower bound by less than this, relatively, and the upper bound lies within this of it. */
const settled = { growth: 0.002, apart: 1.2 };

/** A pass that the search wants: without priors, and with `eps` 1. */
export interface Wanted {
  from: Float32Array;
  to: Float32Array;
}

/**
 * Seeks the largest eigenvalue of the weights: yields the passes that it wants, over two vectors that it is given, and gives what it
 * found; 0 where there is no edge. Power iteration from the root of what each node's edges weigh, which comes near at once, since that
 * is what a walk over the graph would tend to. Each pass bounds it from below (norms: the weights are symmetric) and from above (Collatz
 * and Wielandt: by the node that grows most; Horn and Johnson, "Matrix Analysis", 8.1.26).
 */
export function* seekRadius(
  scale: Float32Array,
  even: Float32Array,
  odd: Float32Array,
): Generator<Wanted, number, void> {
  let [from, to] = [even, odd];
  for (let i = 0; i < scale.length; i++) from[i] = scale[i] === 0 ? 0 : 1;
  yield { from, to };
  // The square of scale times that root: vectors are held times scale, as passes have them.
  for (let i = 0; i < scale.length; i++) to[i] = Math.sqrt(to[i]!);
  [from, to] = [to, from];
  let radius = 0;
  for (let pass = 1; pass < mostPasses; pass++) {
    yield { from, to };
    const { least, highest, norm } = boundsOf(from, to, scale);
    if (norm === 0) return 0;
    const growth = least - radius;
    radius = least;
    if (growth < settled.growth * least && highest < settled.apart * least) break;
    for (let i = 0; i < to.length; i++) to[i]! /= norm;
    [from, to] = [to, from];
  }
  return radius;
}

/** What one pass tells of the largest eigenvalue, and the length of what it wrote. */
function boundsOf(from: Float32Array, to: Float32Array, scale: Float32Array) {
  let before = 0;
  let after = 0;
  let highest = 0;
  for (let i = 0; i < scale.length; i++) {
    const old = from[i]!;
    if (old === 0) continue;
    const own = scale[i]!;
    const now = to[i]!;
    before += (old / own) ** 2;
    after += (now / own) ** 2;
    if (now > highest * old) highest = now / old;
  }
  return { least: after === 0 ? 0 : Math.sqrt(after / before), highest, norm: Math.sqrt(after) };
}
