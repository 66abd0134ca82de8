import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer, type TLSSocket } from 'node:tls';
import type { Log } from '../kit/log.ts';
import { sampled } from '../kit/log.ts';
import { type Member, protocols, sensorName } from '../model/fleet.ts';
import { openAuthority } from './authority.ts';
import { serveControl } from './control.ts';
import { serveEnrolment } from './enrolment.ts';
import { hashOf, invite } from './invitation.ts';
import { PayloadStore } from './payload-store.ts';
import { takePayloads } from './payloads.ts';
import { type Presence, type Roster, stateOf } from './roster.ts';

export interface HubParts {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Where keys are kept. */
  folder: string;
  roster: Roster;
  /** Takes a sensor's events: the name is that of its certificate. */
  link(sensor: string, stream: Duplex): void;
  log: Log;
  now(): number;
}

const limits = {
  /** Connections at once, and how long one may take to shake hands, in milliseconds. */
  connections: 2_048,
  handshakeMs: 10_000,
  /** How long an invitation is open. */
  invitationMs: 24 * 3_600_000,
  /** The hub's certificate is made anew this often. */
  renewMs: 24 * 3_600_000,
};

/** The port that sensors dial: mutual TLS 1.3, except for those that come with an invitation. */
export async function openHub(parts: HubParts) {
  const { roster, log, now } = parts;
  const authority = openAuthority(parts.folder, now);
  const presence = new Map<string, Presence>();
  const controls = new Map<string, { tell(): Promise<void>; end(): void }>();
  const links = new Map<string, TLSSocket>();
  const carriers = new Map<string, TLSSocket>();
  const payloads = new PayloadStore(join(parts.folder, 'payloads'), now);
  let lastRefusal = '';
  const sayRefusal = sampled((count) =>
    log.warn('a peer of the fleet was refused', { count, why: lastRefusal }),
  );
  const refused = (why: string) => {
    lastRefusal = why;
    sayRefusal();
  };
  const present = (name: string): Presence => {
    let known = presence.get(name);
    if (!known) {
      known = { control: false, link: false, lastSeen: null, health: null };
      presence.set(name, known);
    }
    return known;
  };

  const server = createServer(
    {
      ...authority.hub(),
      ca: authority.certificate,
      requestCert: true,
      // Who comes without a certificate may only redeem an invitation.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      handshakeTimeout: limits.handshakeMs,
      ALPNProtocols: Object.values(protocols),
    },
    (socket) => {
      socket.on('error', () => socket.destroy());
      welcome(socket).catch((cause: unknown) => {
        refused((cause as Error).message);
        socket.destroy();
      });
    },
  );
  server.maxConnections = limits.connections;
  server.on('tlsClientError', (error) => refused(error.message));

  async function welcome(socket: TLSSocket): Promise<void> {
    if (socket.alpnProtocol === protocols.enrol)
      return serveEnrolment(socket, { roster, authority, log, now });
    if (!socket.authorized) throw new Error(`no certificate of this fleet (${socket.authorizationError})`);
    const name = sensorName.parse(socket.getPeerCertificate().subject.CN);
    const member = await roster.get(name);
    if (!member || member.enrolled === null || member.revoked !== null)
      throw new Error(`${name} is not in the fleet`);
    if (socket.destroyed) return;
    if (socket.alpnProtocol === protocols.link) acceptLink(name, socket);
    else if (socket.alpnProtocol === protocols.control) acceptControl(name, socket);
    else if (socket.alpnProtocol === protocols.payload) await acceptPayloads(name, socket);
    else throw new Error('it speaks no protocol of ours');
  }

  function acceptLink(name: string, socket: TLSSocket): void {
    // One link at a time: the newer is the one that lives.
    links.get(name)?.destroy();
    links.set(name, socket);
    present(name).link = true;
    socket.on('close', () => {
      if (links.get(name) !== socket) return;
      links.delete(name);
      present(name).link = false;
    });
    socket.setKeepAlive(true, 30_000);
    parts.link(name, socket);
  }

  async function acceptPayloads(name: string, socket: TLSSocket): Promise<void> {
    carriers.get(name)?.destroy();
    carriers.set(name, socket);
    socket.on('close', () => {
      if (carriers.get(name) === socket) carriers.delete(name);
    });
    await takePayloads(socket, name, payloads);
  }

  function acceptControl(name: string, socket: TLSSocket): void {
    controls.get(name)?.end();
    const here = present(name);
    here.control = true;
    const control = serveControl(socket, {
      name,
      authority,
      member: () => roster.get(name),
      heard(health) {
        here.lastSeen = now();
        here.health = health;
      },
    });
    controls.set(name, control);
    socket.on('close', () => {
      if (controls.get(name) !== control) return;
      controls.delete(name);
      here.control = false;
    });
  }

  server.listen({ host: parts.host, port: parts.port });
  await once(server, 'listening');
  const renewal = setInterval(
    () => server.setSecureContext({ ...authority.hub(), ca: authority.certificate }),
    limits.renewMs,
  );
  renewal.unref();

  return {
    /** What became of the payloads that sensors brought. */
    get counters() {
      return { ...payloads.counters, payloads: payloads.count };
    },
    port: (server.address() as AddressInfo).port,
    /** Opens an invitation for a sensor of this name. */
    async invite(name: string): Promise<string> {
      const { text, secret } = invite(authority.certificate);
      await roster.invite(name, hashOf(secret), now() + limits.invitationMs, now());
      return text;
    },
    /** Gives a sensor something else to run: told at once where it is connected. */
    async configure(name: string, plan: unknown): Promise<number | null> {
      const serial = await roster.configure(name, plan);
      if (serial !== null) await controls.get(name)?.tell();
      return serial;
    },
    /** Ends a sensor's membership: its connections are cut, its certificate is worth nothing any more. */
    async revoke(name: string): Promise<boolean> {
      const done = await roster.revoke(name, now());
      links.get(name)?.destroy();
      carriers.get(name)?.destroy();
      controls.get(name)?.end();
      return done;
    },
    async list(): Promise<(Member & Presence & { state: string })[]> {
      const members = await roster.list();
      return members.map((member) => {
        const one = { ...member, ...present(member.name) };
        return { ...one, state: stateOf(one) };
      });
    },
    async close(): Promise<void> {
      clearInterval(renewal);
      for (const socket of [...links.values(), ...carriers.values()]) socket.destroy();
      for (const control of controls.values()) control.end();
      server.close();
    },
  };
}
export type Hub = Awaited<ReturnType<typeof openHub>>;
