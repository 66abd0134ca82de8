import type { TLSSocket } from 'node:tls';
import { onLines } from '../kit/line-stream.ts';
import { type Downward, type Health, longestLine, type Member, upward } from '../model/fleet.ts';
import type { Authority } from './authority.ts';

export interface ControlParts {
  name: string;
  authority: Authority;
  member(): Promise<Member | null>;
  heard(health: Health): void;
}

/** How long a sensor may say nothing: it tells its health every few seconds. */
const silenceMs = 60_000;

/** The hub's end of a control connection: takes health in, hands signed configurations and new certificates out. */
export function serveControl(socket: TLSSocket, { name, authority, member, heard }: ControlParts) {
  const say = (message: Downward) => socket.writable && socket.write(`${JSON.stringify(message)}\n`);
  /** The configuration that the sensor runs, as it says. */
  let runs = -1;
  let told = -1;
  const tell = async () => {
    const known = await member();
    if (!known || known.serial === 0 || known.serial === runs || known.serial === told) return;
    told = known.serial;
    say({ config: authority.sign(JSON.stringify({ sensor: name, serial: known.serial, plan: known.plan })) });
  };
  socket.setTimeout(silenceMs, () => socket.destroy());
  onLines(socket, longestLine, (line) => {
    try {
      const message = upward.parse(JSON.parse(line));
      if ('renew' in message)
        say({ certificate: authority.admit(name, Buffer.from(message.renew, 'base64')) });
      else {
        heard(message.health);
        runs = message.health.config;
        tell().catch(() => socket.destroy());
      }
    } catch {
      socket.destroy();
    }
  });
  return { tell, end: () => void socket.destroy() };
}
export type Control = ReturnType<typeof serveControl>;
