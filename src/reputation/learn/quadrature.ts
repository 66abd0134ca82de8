/** Points in (0, 1) and their weights, which sum to 1. */
export interface Quadrature {
  points: Float64Array;
  weights: Float64Array;
}

const rounds = 20;

/**
 * Gauss-Legendre quadrature with `count` points over (0, 1): exact for polynomials of degree `2 * count - 1` (Abramowitz and Stegun 25.4.29). Roots
 * of the Legendre polynomial by Newton's method, from where they lie about.
 */
export function gauss(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    let x = Math.cos((Math.PI * (n + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let round = 0; round < rounds; round++) {
      const [value, before] = legendre(count, x);
      slope = (count * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    points[n] = (1 - x) / 2;
    weights[n] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** The Legendre polynomial of a degree and the one before it, at a place within (-1, 1). */
function legendre(degree: number, x: number): [number, number] {
  let [value, before] = [x, 1];
  for (let n = 2; n <= degree; n++)
    [value, before] = [((2 * n - 1) * x * value - (n - 1) * before) / n, value];
  return [value, before];
}
