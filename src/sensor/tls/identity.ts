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
import type { Persona, Subject } from '../persona.ts';

/** A sensor's key and certificate: made from its seed, so that they last without being kept. */
export interface Identity {
  key: string;
  certificate: string;
}

const exponent = 65_537n;
const made = new WeakMap<Persona, { from: number; identity: Identity }>();
const keys = new WeakMap<Persona, Map<string, KeyObject>>();

/** What it shows at this time: a certificate that is renewed has followed itself as often as it takes. */
export function identityOf(persona: Persona, now = 0): Identity {
  const from = validFrom(persona, now);
  let found = made.get(persona);
  if (found?.from !== from) {
    const key = keyOf(persona, 'tls');
    const identity = {
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificate: pem(certificate(persona, key, from)),
    };
    found = { from, identity };
    made.set(persona, found);
  }
  return found.identity;
}

/** Since when the certificate of this time is valid. */
export function validFrom({ certificate: { from, termMs, renewed } }: Persona, now: number): number {
  return renewed && now > from ? from + Math.floor((now - from) / termMs) * termMs : from;
}

function keyOf(persona: Persona, label: string): KeyObject {
  let own = keys.get(persona);
  if (!own) {
    own = new Map();
    keys.set(persona, own);
  }
  let key = own.get(label);
  if (!key) {
    key = rsaKey(persona, label);
    own.set(label, key);
  }
  return key;
}

/** RSA, 2048 bits, from two primes that the seed gives (RFC 8017 §3.2). */
function rsaKey(persona: Persona, label: string): KeyObject {
  const p = prime(persona, `${label}-p`);
  const q = prime(persona, `${label}-q`);
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

const oid = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
};

function nameOf({ country, organization, unit, name }: Subject): Buffer {
  const part = (type: string, value: Buffer) => set(sequence(identifier(type), value));
  return sequence(
    ...(country === undefined ? [] : [part('2.5.4.6', printable(country))]),
    ...(organization === undefined ? [] : [part('2.5.4.10', utf8(organization))]),
    ...(unit === undefined ? [] : [part('2.5.4.11', utf8(unit))]),
    part('2.5.4.3', utf8(name)),
  );
}

/** The hash of the public key names it (RFC 5280 §4.2.1.2): its information ends in the bit string that is hashed. */
const keyId = (publicKey: Buffer) => createHash('sha1').update(publicKey.subarray(24)).digest();
const publicOf = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** A certificate as the machine would have made it at its installation (RFC 5280 §4.1): signed by its own key, or by its cluster's. */
function certificate(persona: Persona, key: KeyObject, from: number): Buffer {
  const { subject, issuer, termMs } = persona.certificate;
  const algorithm = sequence(identifier('1.2.840.113549.1.1.11'), nothing());
  const signer = issuer ? keyOf(persona, 'tls-ca') : key;
  // OpenSSL draws 20 bytes, Windows 16, Go's kubeadm 8.
  const serial = issuer ? 15 : persona.system.id === 'windows' ? 31 : 39;
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from(`4${persona.token('tls-serial', serial)}`, 'hex')),
    algorithm,
    nameOf(issuer ?? subject),
    sequence(time(from), time(from + termMs)),
    nameOf(subject),
    publicOf(key),
    tlv(0xa3, sequence(...extensions(persona, key, signer))),
  );
  return sequence(body, algorithm, bits(sign('sha256', body, signer)));
}

/** Which it has, and in which order, tells who made it. */
function extensions(persona: Persona, key: KeyObject, signer: KeyObject): Buffer[] {
  const { issuer, names, authority } = persona.certificate;
  const extension = (type: string, value: Buffer, critical = false) =>
    sequence(identifier(type), ...(critical ? [yes()] : []), octets(value));
  const authorityKey = extension(oid.authorityKeyId, sequence(tlv(0x80, keyId(publicOf(signer)))));
  const server = extension(oid.extendedKeyUsage, sequence(identifier(oid.serverAuth)));
  const alternative = extension(
    oid.alternativeName,
    sequence(
      ...names.map((name) =>
        /^\d+(\.\d+){3}$/.test(name)
          ? tlv(0x87, Buffer.from(name.split('.').map(Number)))
          : tlv(0x82, Buffer.from(name, 'latin1')),
      ),
    ),
  );
  // kubeadm: digital signature and key encipherment.
  if (issuer)
    return [
      extension(oid.keyUsage, Buffer.from([3, 2, 5, 0xa0]), true),
      server,
      extension(oid.basicConstraints, sequence(), true),
      authorityKey,
      alternative,
    ];
  // `openssl req -x509` with its own configuration.
  if (authority)
    return [
      extension(oid.subjectKeyId, octets(keyId(publicOf(key)))),
      authorityKey,
      extension(oid.basicConstraints, sequence(yes()), true),
    ];
  // make-ssl-cert of Debian.
  if (names.length) return [extension(oid.basicConstraints, sequence()), alternative];
  // Remote desktop: key and data encipherment.
  return [server, extension(oid.keyUsage, Buffer.from([3, 2, 4, 0x30]))];
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
