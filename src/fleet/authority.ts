import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../kit/atomic-file.ts';
import { issueCertificate } from '../kit/certificate.ts';
import { hubName, type SignedConfig } from '../model/fleet.ts';

const day = 86_400_000;
const authorityMs = 20 * 365 * day;
/** How long a hub's and a sensor's certificate are good for. Both are renewed while in use. */
const memberMs = 90 * day;
/** A sensor's clock may be behind. */
const skewMs = day;
const issuer = 'caltrop fleet';

/** The hub's own certificate authority, and the key that signs configurations. Made at the first start, kept in `folder`. */
export function openAuthority(folder: string, now: () => number) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = keyOf(join(folder, 'authority.key'));
  const configKey = keyOf(join(folder, 'config.key'));
  const path = join(folder, 'authority.pem');
  const issue = (
    subject: string,
    publicKey: Buffer,
    use: 'authority' | 'server' | 'client',
    lifetime: number,
  ) => {
    const serial = randomBytes(16);
    // Positive, and not zero (RFC 5280 §4.1.2.2).
    serial[0] = (serial[0]! & 0x3f) | 0x40;
    const from = now() - skewMs;
    return issueCertificate({ subject, issuer, publicKey, serial, from, until: now() + lifetime, key, use });
  };
  if (!existsSync(path)) writeAtomic(path, issue(issuer, spki(key), 'authority', authorityMs));
  const certificate = readFileSync(path, 'utf8');
  const hub = generateKeyPairSync('ed25519').privateKey;
  return {
    certificate,
    /** What sensors check a configuration with: SubjectPublicKeyInfo, base64. */
    configKey: spki(configKey).toString('base64'),
    /** A new key and certificate for the hub's port. */
    hub: () => ({
      key: hub.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: issue(hubName, spki(hub), 'server', memberMs) + certificate,
    }),
    /** A certificate for a sensor's key (SubjectPublicKeyInfo, DER). Throws where it is not an Ed25519 key. */
    admit(name: string, publicKey: Buffer): string {
      const given = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
      if (given.asymmetricKeyType !== 'ed25519') throw new Error('the key is not an Ed25519 key');
      return issue(name, spki(given), 'client', memberMs);
    },
    sign: (text: string): SignedConfig => ({
      text,
      signature: sign(null, Buffer.from(text), configKey).toString('base64'),
    }),
  };
}
export type Authority = ReturnType<typeof openAuthority>;

function keyOf(path: string): KeyObject {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeAtomic(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  return createPrivateKey(readFileSync(path));
}

function spki(key: KeyObject): Buffer {
  const open = key.type === 'private' ? createPublicKey(key) : key;
  return open.export({ type: 'spki', format: 'der' });
}
