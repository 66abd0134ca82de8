import {
  checkPrimeSync,
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';
import type { Persona } from '../persona.ts';

const exponent = 65_537n;
const keys = new WeakMap<Persona, KeyObject>();

/**
 * The sensor's own RSA key for full authentication with `caching_sha2_password`: the same for the same persona, so that a
 * client that pinned it finds it again. Made once, when first asked for; it protects nothing.
 */
function keyOf(persona: Persona): KeyObject {
  let key = keys.get(persona);
  if (!key) {
    key = makeKey(prime(persona, 'p'), prime(persona, 'q'));
    keys.set(persona, key);
  }
  return key;
}

export function publicKeyPem(persona: Persona): string {
  return createPublicKey(keyOf(persona)).export({ type: 'spki', format: 'pem' }).toString();
}

/** The password that a client sent: RSA-OAEP over its bytes and a NUL, XOR the salt. Null where it is nothing of ours. */
export function decryptPassword(persona: Persona, sealed: Buffer, salt: Buffer): string | null {
  try {
    const open = privateDecrypt({ key: keyOf(persona), padding: constants.RSA_PKCS1_OAEP_PADDING }, sealed);
    const plain = Buffer.from(open.map((byte, index) => byte ^ salt[index % salt.length]!));
    const end = plain.indexOf(0);
    return plain.toString('latin1', 0, end < 0 ? plain.length : end);
  } catch {
    return null;
  }
}

function prime(persona: Persona, label: string): bigint {
  let candidate = BigInt(`0x${persona.token(`mysql-rsa-${label}`, 256)}`) | (3n << 1022n) | 1n;
  while (candidate % exponent === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

function makeKey(p: bigint, q: bigint): KeyObject {
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  const text = (value: bigint) => {
    const hex = value.toString(16);
    return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
  };
  const numbers = { n: p * q, e: exponent, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, text(value)]));
  return createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r, next, x, step] = [modulus, value % modulus, 0n, 1n];
  while (next > 0n) {
    const times = r / next;
    [r, next] = [next, r - times * next];
    [x, step] = [step, x - times * step];
  }
  return x < 0n ? x + modulus : x;
}
