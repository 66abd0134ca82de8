import {
  checkPrimeSync,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import {
  bits,
  identifier,
  integer,
  nothing,
  octets,
  printable,
  sequence,
  set,
  time,
  tlv,
  utf8,
  yes,
} from '../../kit/der.ts';
import type { Persona } from '../persona.ts';

/** A sensor's key and certificate: made from its seed, so that they last without being kept. */
export interface Identity {
  key: string;
  certificate: string;
}

const exponent = 65_537n;
const year = 365 * 86_400_000;
const made = new WeakMap<Persona, Identity>();

export function identityOf(persona: Persona): Identity {
  let identity = made.get(persona);
  if (!identity) {
    const key = rsaKey(persona);
    identity = {
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificate: pem(certificate(persona, key)),
    };
    made.set(persona, identity);
  }
  return identity;
}

/** RSA, 2048 bits, from two primes that the seed gives (RFC 8017 §3.2). */
function rsaKey(persona: Persona): KeyObject {
  const p = prime(persona, 'tls-p');
  const q = prime(persona, 'tls-q');
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  const text = (value: bigint) => {
    const hex = value.toString(16);
    return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
  };
  const key = {
    kty: 'RSA',
    n: text(p * q),
    e: text(exponent),
    d: text(d),
    p: text(p),
    q: text(q),
    dp: text(d % (p - 1n)),
    dq: text(d % (q - 1n)),
    qi: text(inverse(q, p)),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

/** The first prime of 1024 bits from where the seed points; its two highest bits are set. */
function prime(persona: Persona, label: string): bigint {
  let candidate = BigInt(`0x${persona.token(label, 256)}`) | (3n << 1022n) | 1n;
  while (candidate % exponent === 1n || smallFactor(candidate) || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

const smallPrimes = [
  3n,
  5n,
  7n,
  11n,
  13n,
  17n,
  19n,
  23n,
  29n,
  31n,
  37n,
  41n,
  43n,
  47n,
  53n,
  59n,
  61n,
  67n,
  71n,
  73n,
];
const smallFactor = (value: bigint) => smallPrimes.some((one) => value % one === 0n);

/** By Euclid's extended algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** A certificate signed by its own key, as `openssl req -x509` makes one at a device's first start (RFC 5280 §4.1). */
function certificate(persona: Persona, key: KeyObject): Buffer {
  const { product, hostname } = persona;
  const algorithm = sequence(identifier('1.2.840.113549.1.1.11'), nothing());
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const name = (type: string, value: Buffer) => set(sequence(identifier(type), value));
  const subject = sequence(
    name(
      '2.5.4.6',
      printable(['DE', 'US', 'TW', 'CN'][Number.parseInt(persona.token('tls-country', 2), 16) % 4]!),
    ),
    name('2.5.4.10', utf8(product.vendor)),
    name('2.5.4.11', utf8(product.model)),
    name('2.5.4.3', utf8(hostname)),
  );
  // The subject public key info ends in its bit string; its hash names the key (RFC 5280 §4.2.1.2).
  const keyId = createHash('sha1').update(publicKey.subarray(24)).digest();
  const from = Math.floor(persona.web.modifiedAt / 1_000) * 1_000;
  const extension = (type: string, value: Buffer, critical = false) =>
    sequence(identifier(type), ...(critical ? [yes()] : []), octets(value));
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from(`4${persona.token('tls-serial', 39)}`, 'hex')),
    algorithm,
    subject,
    sequence(time(from), time(from + 10 * year)),
    subject,
    publicKey,
    tlv(
      0xa3,
      sequence(
        extension('2.5.29.14', octets(keyId)),
        extension('2.5.29.35', sequence(tlv(0x80, keyId))),
        extension('2.5.29.19', sequence(yes()), true),
      ),
    ),
  );
  return sequence(body, algorithm, bits(sign('sha256', body, key)));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
