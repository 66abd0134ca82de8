import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../kit/atomic-file.ts';
import { Fault } from '../../kit/fault.ts';
import { sensorName } from '../../model/fleet.ts';

const schema = z.strictObject({
  name: sensorName,
  hub: z.strictObject({ host: z.string().max(255), port: z.int().min(1).max(65_535) }),
  /** PEM: the hub's authority, this sensor's certificate, its key. */
  authority: z.string(),
  certificate: z.string(),
  key: z.string(),
  /** What configurations are checked with: SubjectPublicKeyInfo, base64. */
  configKey: z.base64(),
});

/** What makes a sensor a member of a fleet. */
export type Membership = z.infer<typeof schema>;

const fileOf = (folder: string) => join(folder, 'membership.json');

export function readMembership(folder: string): Membership {
  const path = fileOf(folder);
  if (!existsSync(path))
    throw new Fault('config', 'This sensor is in no fleet.', {
      remedies: [
        { path, expected: 'a membership', remedy: 'Enrol it: caltrop sensor enrol HUB:PORT TOKEN.' },
      ],
    });
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Fault('config', 'The membership cannot be read.', {
      cause,
      remedies: [{ path, expected: 'what enrolling wrote', remedy: 'Enrol it anew.' }],
    });
  }
}

export function writeMembership(folder: string, membership: Membership): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeAtomic(fileOf(folder), `${JSON.stringify(schema.parse(membership), null, 1)}\n`);
}

/** A new Ed25519 key: PEM, and its public half as SubjectPublicKeyInfo, base64. */
export function newKey(): { key: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, publicKey: publicKeyOf(key) };
}

export function publicKeyOf(key: string): string {
  return createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' }).toString('base64');
}

/** When a certificate ends, in milliseconds since the epoch. */
export function endOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}
