import { once } from 'node:events';
import { Fault } from '../../kit/fault.ts';
import { onLines } from '../../kit/line-stream.ts';
import { enrolAnswer, longestLine, protocols } from '../../model/fleet.ts';
import { readInvitation } from '../invitation.ts';
import { dial, fetchAuthority, type Hub } from './dial.ts';
import { type Membership, newKey, writeMembership } from './membership.ts';

/** `host:port`, `[address]:port`. */
export function readHub(text: string): Hub {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (!found || port < 1 || port > 65_535)
    throw new Fault('usage', 'That is no hub.', {
      remedies: [{ path: 'HUB', expected: 'HOST:PORT', remedy: 'The port is fleet.port of the hub (7701).' }],
    });
  return { host: found[1] ?? found[2]!, port };
}

/** Joins a fleet by an invitation: makes a key that never leaves this machine, and has it certified. */
export async function enrol(folder: string, hub: Hub, token: string): Promise<Membership> {
  const invitation = readInvitation(token);
  const authority = await reach(() => fetchAuthority(hub, invitation.authority));
  const { key, publicKey } = newKey();
  const socket = await reach(() => dial(hub, protocols.enrol, { authority }));
  const line = new Promise<string>((resolve, reject) => {
    onLines(socket, longestLine, resolve);
    once(socket, 'close').then(() => reject(new Fault('unavailable', 'The hub hung up.')), reject);
  });
  socket.write(`${JSON.stringify({ secret: invitation.secret, publicKey })}\n`);
  const answer = enrolAnswer.parse(JSON.parse(await line));
  socket.destroy();
  if ('error' in answer) throw new Fault('refused', answer.error);
  const { name, certificate, configKey } = answer;
  const membership = { name, hub, authority, certificate, key, configKey };
  writeMembership(folder, membership);
  return membership;
}

async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('unavailable', `The hub cannot be reached: ${(cause as Error).message}.`, { cause });
  }
}
