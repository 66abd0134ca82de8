import { attack as play, type Service, scenarios, services } from '../../../attack/index.ts';
import { Fault } from '../../kit/fault.ts';
import { emulators } from '../../sensor/emulators/index.ts';
import { connectClient } from '../client.ts';
import { defineCommand } from '../command.ts';
import { whole } from '../number.ts';
import type { Status } from './status.ts';

const width = Math.max(...scenarios.map(({ name }) => name.length));

export const attack = defineCommand({
  name: 'attack',
  usage: `SCENARIO [OPTIONS]\n\nScenarios:\n${scenarios.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}`,
  summary: 'Run an adversary against your own sensors: on loopback, unless you say otherwise.',
  options: {
    target: {
      type: 'string',
      value: 'ADDRESS',
      summary: 'where the sensors are (default: where they listen)',
    },
    'i-own-this-host': {
      type: 'boolean',
      summary: "lets the target be an address of this machine's interfaces",
    },
    port: {
      type: 'string',
      multiple: true,
      value: 'SERVICE=N',
      summary: 'the port of a service (default: asked of what runs)',
    },
    sources: { type: 'string', value: 'N', summary: 'how many machines take part' },
    seed: { type: 'string', value: 'N', summary: 'the same seed does the same (default 1)' },
  },
  async run({ args, options, data, out }) {
    const [name, ...more] = args;
    if (!name || more.length > 0)
      throw new Fault('usage', 'Name one scenario.', {
        remedies: [{ path: 'attack', expected: scenarios.map((one) => one.name).join(', ') }],
      });
    const running = await listening(data);
    const target = options.target === undefined ? (running?.host ?? '127.0.0.1') : String(options.target);
    const summary = await play(name, {
      target,
      ownHost: options['i-own-this-host'] === true,
      ports: { ...(running?.ports ?? usualPorts()), ...portsOf([options.port ?? []].flat()) },
      ...(options.sources !== undefined && { sources: whole('--sources', options.sources) }),
      ...(options.seed !== undefined && { seed: whole('--seed', options.seed) }),
      say: (text) => out.note(`  ${text}`),
    });
    out.item(summary, () => [
      `${summary.scenario}: ${summary.sources.length} machine(s) made ${summary.connections} connections to ${summary.target} in ${(summary.ms / 1_000).toFixed(1)} s`,
      ...(summary.refused > 0 ? [`${summary.refused} of them were not answered`] : []),
      ...summary.sources.map((address) => `  ${address.padEnd(15)}  ${summary.roles[address]}`),
      `What came of it: caltrop decisions --standing; caltrop why ${summary.sources[0] ?? 'ADDRESS'}`,
    ]);
    return 0;
  },
});

/** Where the sensors of the system that runs on this data directory listen. */
async function listening(
  data: string,
): Promise<{ host: string; ports: Partial<Record<Service, number>> } | null> {
  const api = await connectClient(data);
  if (!api) return null;
  const { sensor } = await api.ask<Status>('GET', '/api/v1/status');
  const all = sensor?.services ?? [];
  const host = all[0]?.host ?? '127.0.0.1';
  const here = all.filter((one) => one.host === host);
  return {
    // Who listens everywhere listens on loopback too.
    host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host,
    // Of several ports the first.
    ports: Object.fromEntries(here.map(({ emulator, port }) => [emulator, port]).reverse()),
  };
}

function usualPorts(): Partial<Record<Service, number>> {
  return Object.fromEntries(emulators.map(({ name, highPort }) => [name, highPort]));
}

function portsOf(given: (string | boolean)[]): Partial<Record<Service, number>> {
  return Object.fromEntries(
    given.map((one) => {
      const [, service, port] = /^([a-z]+)=(\d{1,5})$/.exec(String(one)) ?? [];
      if (!services.some((known) => known === service) || !port || Number(port) < 1 || Number(port) > 65_535)
        throw new Fault('usage', `--port takes ${services.map((known) => `${known}=N`).join(', ')}.`);
      return [service, Number(port)];
    }),
  );
}
