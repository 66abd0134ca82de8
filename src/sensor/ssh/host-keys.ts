import { createECDH, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Persona } from '../persona.ts';
import { message, mpint, type Reader, string } from './data.ts';
import { rsaKey } from './rsa.ts';

/** A key of the host: the blob that clients know it by, and signatures in its algorithms. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256` or `ssh-rsa`. */
  type: string;
  blob: Buffer;
  /** A signature blob (RFC 4253 §6.6) over `data` by one of the key's algorithms. */
  sign(algorithm: string, data: Buffer): Buffer;
}

export interface HostKeys {
  /** The key that signs with this algorithm. */
  of(algorithm: string): Promise<HostKey>;
}

const known = new WeakMap<Persona, Map<string, Promise<HostKey>>>();

/**
 * The host's keys, derived from the persona's seed: the same over restarts, with nothing to store. That of RSA takes a
 * tenth of a second to find, at its first use and off the event loop.
 */
export function hostKeysOf(persona: Persona, rsaBits: number): HostKeys {
  let keys = known.get(persona);
  if (!keys) {
    keys = new Map();
    known.set(persona, keys);
  }
  const made = keys;
  return {
    of(algorithm) {
      const type = algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm;
      const name = type === 'ssh-rsa' ? `${type} ${rsaBits}` : type;
      let key = made.get(name);
      if (!key) {
        key =
          type === 'ssh-rsa'
            ? rsa(persona, rsaBits)
            : Promise.resolve(type === 'ssh-ed25519' ? ed25519(persona) : ecdsa(persona));
        made.set(name, key);
      }
      return key;
    },
  };
}

/** RFC 8032, RFC 8709. */
function ed25519(persona: Persona): HostKey {
  const seed = Buffer.from(persona.token('ssh host ed25519', 64), 'hex');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x = '' } = key.export({ format: 'jwk' });
  const type = 'ssh-ed25519';
  return {
    type,
    blob: Buffer.concat([string(type), string(Buffer.from(x, 'base64url'))]),
    sign: (_, data) => Buffer.concat([string(type), string(sign(null, data, key))]),
  };
}

/** RFC 5656 §3.1 over nistp256. */
function ecdsa(persona: Persona): HostKey {
  const type = 'ecdsa-sha2-nistp256';
  const pair = createECDH('prime256v1');
  // A number of 252 bits is below the order of the curve.
  pair.setPrivateKey(Buffer.from(`0${persona.token('ssh host ecdsa', 63)}`, 'hex'));
  const point = pair.getPublicKey();
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url');
  const d = Buffer.from(pair.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url');
  const key = createPrivateKey({
    key: { kty: 'EC', crv: 'P-256', d, x: part(1), y: part(33) },
    format: 'jwk',
  });
  return {
    type,
    blob: Buffer.concat([string(type), string('nistp256'), string(point)]),
    sign(_, data) {
      const raw = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
      const pairOf = Buffer.concat([mpint(raw.subarray(0, 32)), mpint(raw.subarray(32))]);
      return Buffer.concat([string(type), string(pairOf)]);
    },
  };
}

const rsaHashes: Record<string, string> = {
  'ssh-rsa': 'sha1',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/** RFC 4253 §6.6, RFC 8332. */
async function rsa(persona: Persona, bits: number): Promise<HostKey> {
  const key: KeyObject = await rsaKey((label, size) => persona.token(`ssh host rsa ${label}`, size), bits);
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  return {
    type: 'ssh-rsa',
    blob: Buffer.concat([
      string('ssh-rsa'),
      mpint(Buffer.from(e, 'base64url')),
      mpint(Buffer.from(n, 'base64url')),
    ]),
    sign: (algorithm, data) =>
      Buffer.concat([string(algorithm), string(sign(rsaHashes[algorithm] ?? 'sha512', data, key))]),
  };
}

/** `hostkeys-00@openssh.com`: every key of the host, told once the client is known (PROTOCOL §2.5 of OpenSSH). */
export function announcement(number: number, keys: readonly HostKey[]): Buffer {
  return message(number, 'hostkeys-00@openssh.com', false, ...keys.map(({ blob }) => string(blob)));
}

const proveName = 'hostkeys-prove-00@openssh.com';

/**
 * What `hostkeys-prove-00@openssh.com` asks for: a signature of each key named, over the request's name, the session and the key
 * (PROTOCOL §2.5 of OpenSSH); an RSA key signs as it did in the key exchange, else with SHA-512. Undefined where a key is not ours,
 * or none is named.
 */
export function prove(
  body: Reader,
  keys: readonly HostKey[],
  session: { id: Buffer; algorithm: string },
): Buffer[] | undefined {
  const signatures: Buffer[] = [];
  const asked = new Set<HostKey>();
  while (body.left > 0) {
    const blob = body.string();
    const key = keys.find((one) => one.blob.equals(blob));
    if (!key || asked.has(key)) return undefined;
    asked.add(key);
    const rsaAlgorithm = session.algorithm.startsWith('rsa-sha2-') ? session.algorithm : 'rsa-sha2-512';
    const data = Buffer.concat([string(proveName), string(session.id), string(blob)]);
    signatures.push(string(key.sign(key.type === 'ssh-rsa' ? rsaAlgorithm : key.type, data)));
  }
  return signatures.length > 0 ? signatures : undefined;
}
