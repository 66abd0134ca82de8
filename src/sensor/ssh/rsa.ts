import { checkPrime, createPrivateKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const isPrime = promisify(checkPrime) as (candidate: bigint) => Promise<boolean>;
const exponent = 65_537n;
/** Small primes that rule most candidates out before the dear test. */
const small = primesBelow(2_000);

/**
 * An RSA key that follows from hexadecimal characters alone: two primes, each the first at or after where its label's
 * characters point (FIPS 186-5 A.1.3 in spirit; the numbers are secret where the characters are).
 */
export async function rsaKey(
  characters: (label: string, size: number) => string,
  bits: number,
): Promise<KeyObject> {
  const [one, two] = [await primeAt(characters('p', bits / 8)), await primeAt(characters('q', bits / 8))];
  const [p, q] = one > two ? [one, two] : [two, one];
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  return createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      n: base64url(p * q),
      e: base64url(exponent),
      d: base64url(d),
      p: base64url(p),
      q: base64url(q),
      dp: base64url(d % (p - 1n)),
      dq: base64url(d % (q - 1n)),
      qi: base64url(inverse(q, p)),
    },
  });
}

async function primeAt(hex: string): Promise<bigint> {
  const size = BigInt(hex.length * 4);
  // Both highest bits set, so that the product has its full length.
  let candidate = BigInt(`0x${hex}`) | (3n << (size - 2n)) | 1n;
  const rests = small.map((prime) => Number(candidate % BigInt(prime)));
  for (let step = 0; ; step += 2) {
    if (small.some((prime, i) => (rests[i]! + step) % prime === 0)) continue;
    candidate = (BigInt(`0x${hex}`) | (3n << (size - 2n)) | 1n) + BigInt(step);
    if ((candidate - 1n) % exponent !== 0n && (await isPrime(candidate))) return candidate;
  }
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulus, value % modulus, 0n, 1n];
  while (b > 0n) {
    const times = a / b;
    [a, b] = [b, a - times * b];
    [x, y] = [y, x - times * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
}

function primesBelow(limit: number): number[] {
  const primes: number[] = [];
  for (let n = 3; n < limit; n += 2) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
