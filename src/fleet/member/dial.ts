import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { Fault } from '../../kit/fault.ts';
import { hubName, protocols } from '../../model/fleet.ts';
import { fingerprint } from '../invitation.ts';
import type { Membership } from './membership.ts';

const patienceMs = 15_000;

export type Hub = Membership['hub'];

/** Connects to the hub, and to nobody who poses as it: its certificate is of the fleet's authority, and in the hub's name. */
export async function dial(
  { host, port }: Hub,
  protocol: (typeof protocols)[keyof typeof protocols],
  identity: { authority: string; certificate?: string; key?: string },
): Promise<TLSSocket> {
  const socket = connect({
    host,
    port,
    ca: identity.authority,
    ...(identity.certificate && identity.key ? { cert: identity.certificate, key: identity.key } : {}),
    ALPNProtocols: [protocol],
    minVersion: 'TLSv1.3',
    // Where the hub is reached may change; who it is may not.
    checkServerIdentity: (_, { subject }) =>
      subject.CN === hubName ? undefined : new Error(`that is ${subject.CN}, not the hub`),
  });
  await connected(socket);
  return socket;
}

/** The authority's certificate as the peer sends it, where it is the one that the invitation names. Nothing is said to the peer. */
export async function fetchAuthority({ host, port }: Hub, expected: string): Promise<string> {
  const socket = connect({
    ...{ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3' as const },
    ALPNProtocols: [protocols.enrol],
  });
  await connected(socket);
  let one: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  socket.destroy();
  for (let depth = 0; one?.raw && depth < 4; depth++) {
    if (fingerprint(one.raw) === expected) return new X509Certificate(one.raw).toString();
    const issuer: DetailedPeerCertificate = one.issuerCertificate;
    one = issuer === one ? undefined : issuer;
  }
  throw new Fault('refused', 'Who answers there is not the hub that this invitation is from.');
}

async function connected(socket: TLSSocket): Promise<void> {
  const patience = setTimeout(() => socket.destroy(new Error('the hub does not answer')), patienceMs);
  try {
    await once(socket, 'secureConnect');
    socket.on('error', () => socket.destroy());
  } finally {
    clearTimeout(patience);
  }
}
