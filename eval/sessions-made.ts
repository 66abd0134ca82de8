import { seeded } from '../src/kit/seeded.ts';
import { cowrieLine } from './cowrie.ts';
import { makeSession } from './variants/index.ts';

/** A log as made: Cowrie's JSON for SSH and Telnet, our own events for the rest, and what each session is. */
export interface MadeLog {
  cowrie: string;
  events: string;
  labels: Map<string, string>;
}

/** Sessions of all behaviours and of none, the same for the same seed. One session of our own ids is one UUID's last digits apart. */
export function makeLog(sessions: number, seed: number): MadeLog {
  const draw = seeded(seed);
  const cowrie: string[] = [];
  const events: string[] = [];
  const labels = new Map<string, string>();
  let time = Date.UTC(2026, 3, 1);
  let made = 0;
  for (let n = 0; n < sessions; n++) {
    const { label, protocol, port, bodies, gaps } = makeSession(draw);
    const id = `m${n.toString(16).padStart(11, '0')}`;
    labels.set(id, label);
    const src = { ip: `203.0.${113 + ((n >> 8) & 63)}.${n & 255}`, port: 1_024 + (n % 60_000) };
    const inCowrie = protocol === 'ssh' || protocol === 'telnet';
    let at = time;
    for (const body of [{ kind: 'connect' as const }, ...bodies, { kind: 'close' as const, durationMs: 0 }]) {
      if (body.kind !== 'connect') at += gaps(draw);
      const line =
        body.kind === 'connect'
          ? {
              eventid: 'cowrie.session.connect',
              src_port: src.port,
              dst_ip: '192.0.2.10',
              dst_port: port,
              protocol,
            }
          : body.kind === 'close'
            ? { eventid: 'cowrie.session.closed', duration_ms: Math.round(at - time) }
            : inCowrie
              ? cowrieLine(body)
              : undefined;
      if (inCowrie) {
        if (line)
          cowrie.push(
            JSON.stringify({
              ...line,
              timestamp: new Date(at).toISOString(),
              src_ip: src.ip,
              session: id,
              sensor: 'made',
              protocol,
            }),
          );
        continue;
      }
      events.push(
        JSON.stringify({
          id: `00000000-0000-8000-8000-${(made++).toString(16).padStart(12, '0')}`,
          time: Math.round(at),
          arrived: Math.round(at),
          sensor: 'made',
          session: id,
          protocol,
          transport: protocol === 'sip' ? 'udp' : 'tcp',
          src,
          dst: { ip: '192.0.2.10', port },
          handshake: protocol === 'sip' ? 'none' : 'established',
          decoy: true,
          ...body,
        }),
      );
    }
    time += draw() * 1_000;
  }
  return { cowrie: `${cowrie.join('\n')}\n`, events: `${events.join('\n')}\n`, labels };
}
