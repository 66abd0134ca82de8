import type { TLSSocket } from 'node:tls';
import { onLines } from '../kit/line-stream.ts';
import type { Log } from '../kit/log.ts';
import { enrolRequest } from '../model/fleet.ts';
import type { Authority } from './authority.ts';
import { hashOf } from './invitation.ts';
import type { Roster } from './roster.ts';

const requestLimit = 4_096;
const patienceMs = 10_000;

/** Serves one who came with an invitation: its secret and a public key against a certificate. */
export function serveEnrolment(
  socket: TLSSocket,
  { roster, authority, log, now }: { roster: Roster; authority: Authority; log: Log; now(): number },
): void {
  const patience = setTimeout(() => socket.destroy(), patienceMs);
  socket.on('close', () => clearTimeout(patience));
  let asked = false;
  const redeem = async (line: string) => {
    const { secret, publicKey } = enrolRequest.parse(JSON.parse(line));
    // Before the invitation is used up: a key that cannot be signed should not cost it.
    authority.admit('probe', Buffer.from(publicKey, 'base64'));
    const name = await roster.redeem(hashOf(secret), now());
    if (name === null)
      return { error: 'The invitation is not open: it was used, has expired, or was never made.' };
    log.info('a sensor has joined the fleet', { sensor: name });
    const certificate = authority.admit(name, Buffer.from(publicKey, 'base64'));
    return { name, certificate, configKey: authority.configKey };
  };
  onLines(socket, requestLimit, (line) => {
    if (asked) return socket.destroy();
    asked = true;
    void redeem(line)
      .catch(() => ({ error: 'The request does not have the right form.' }))
      .then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
  });
}
