import { portsText } from '../../sensor/ports.ts';
import { defineCommand } from '../command.ts';
import { at } from '../output.ts';

export interface Status {
  version: string;
  now: number;
  running: boolean;
  profile: string;
  mode: string;
  troubles: string[];
  sensor: null | {
    name: string;
    running: boolean;
    starts: number;
    machines: { name: string; kind: string; hosts: string[] }[];
    services: { emulator: string; host: string; port: number; transport?: 'tcp' | 'udp'; machine?: number }[];
    isolation: { uid: boolean; network: boolean; permissions: boolean };
    counters: Record<string, number | boolean>;
  };
  fleet: { name: string; state: string }[];
  intake: null | { events: number; rejected: number };
  lake: { events: number | null; waiting: number; embedded: boolean };
  decisions: { standing: number; enforced: number };
  enforcers: string[];
  killSwitch: { set: boolean };
  breaker: { open: boolean };
  neverBlock: { entries: number; readAt: number };
}

export const status = defineCommand({
  name: 'status',
  usage: '',
  summary: 'What runs, and what is wrong.',
  async run({ client, out }) {
    const api = await client();
    const s = await api.ask<Status>('GET', '/api/v1/status');
    out.item(s, () => [
      `Caltrop ${s.version} ${s.running ? 'is running' : 'is not running'} (profile ${s.profile}, decisions: ${s.mode})`,
      ...(s.sensor
        ? [
            `sensor      ${s.sensor.name}: ${s.sensor.running ? 'up' : 'DOWN'}, started ${s.sensor.starts} time(s), isolation: ${
              Object.entries(s.sensor.isolation)
                .flatMap(([layer, holds]) => (holds === true ? [layer] : []))
                .join(', ') || 'none'
            }`,
            ...shown(s.sensor),
          ]
        : []),
      ...(s.fleet.length > 0
        ? [`fleet       ${s.fleet.map(({ name, state }) => `${name}: ${state}`).join(', ')}`]
        : []),
      `lake        ${s.lake.events ?? 'no answer'} events (${s.lake.embedded ? 'embedded' : 'server'}), ${s.lake.waiting} segments waiting`,
      `intake      ${s.intake ? `${s.intake.events} events since the start, ${s.intake.rejected} refused` : 'not running'}`,
      `decisions   ${s.decisions.standing} standing, ${s.decisions.enforced} of them enforced by ${s.enforcers.join(', ') || 'nothing'}`,
      `never-block ${s.neverBlock.entries} entries, read ${at(s.neverBlock.readAt)} UTC`,
      ...(s.killSwitch.set ? ['KILL SWITCH is set: nothing is denied'] : []),
      ...(s.breaker.open ? ['BREAKER is open: nothing new is denied'] : []),
      ...s.troubles.map((trouble) => `TROUBLE     ${trouble}`),
    ]);
    return s.troubles.length > 0 ? 1 : 0;
  },
});

/** Each machine with what it listens on; addresses that wear the same one have the same ports. */
function shown({ machines, services }: NonNullable<Status['sensor']>): string[] {
  return machines.flatMap(({ name, kind, hosts }, index) => {
    const own = services.filter(({ host, machine = 0 }) => machine === index && host === hosts[0]);
    const names = [...new Set(own.map(({ emulator }) => emulator))];
    return [
      `            ${kind} on ${hosts.join(', ')} (${name})`,
      ...names.map((emulator) => {
        const over = (wanted: 'tcp' | 'udp') =>
          own.flatMap(({ emulator: one, port, transport = 'tcp' }) =>
            one === emulator && transport === wanted ? [port] : [],
          );
        const [tcp, udp] = [over('tcp'), over('udp')];
        const parts = [
          ...(tcp.length ? [portsText(tcp)] : []),
          ...(udp.length ? [`${portsText(udp)}/udp`] : []),
        ];
        return `              ${emulator} ${parts.join(', ')}`;
      }),
    ];
  });
}
