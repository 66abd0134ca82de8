import { sensorSettings } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import type { Health, Member } from '../../model/fleet.ts';
import { defineCommand } from '../command.ts';
import { at } from '../output.ts';

interface Row extends Member {
  state: string;
  lastSeen: number | null;
  health: Health | null;
}

export const fleet = defineCommand({
  name: 'fleet',
  usage: '[list] | invite NAME | configure NAME FILE | revoke NAME',
  summary: 'The sensors on other machines: who they are, how they fare, what they run.',
  async run({ args, client, out }) {
    const [verb = 'list', name, file] = args;
    if (verb !== 'list' && !name) throw new Fault('usage', 'Which sensor?');
    const path = `/api/v1/fleet/${encodeURIComponent(name ?? '')}`;
    switch (verb) {
      case 'list': {
        const api = await client();
        const rows = await api.ask<Row[]>('GET', '/api/v1/fleet');
        out.table(rows, columns, 'No sensor was invited yet: caltrop fleet invite NAME.');
        return 0;
      }
      case 'invite': {
        const api = await client();
        const made = await api.ask<{ token: string; port: number }>('POST', '/api/v1/fleet', { name });
        out.item(made, () =>
          [
            `On the machine of ${name}, within a day:`,
            '',
            `  caltrop sensor enrol THIS-MACHINE:${made.port} ${made.token}`,
            '  caltrop sensor run',
          ].join('\n'),
        );
        return 0;
      }
      case 'configure': {
        if (!file)
          throw new Fault('usage', 'Which FILE holds its settings (those of `sensor` in the configuration)?');
        const settings = readConfig(sensorSettings, file, {});
        const api = await client();
        const done = await api.ask<{ serial: number }>('POST', `${path}/settings`, settings);
        out.item(done, () => `${name} is told to run it (configuration ${done.serial}).`);
        return 0;
      }
      case 'revoke': {
        const api = await client();
        const done = await api.ask('DELETE', path);
        out.item(done, () => `${name} is out: its connections were cut, its certificate opens nothing.`);
        return 0;
      }
      default:
        throw new Fault('usage', 'Say list, invite, configure or revoke.');
    }
  },
});

const columns: [string, (row: Row) => string][] = [
  ['SENSOR', ({ name }) => name],
  ['STATE', ({ state }) => state],
  ['VERSION', ({ health }) => health?.version ?? ''],
  ['CONFIG', ({ serial, health }) => (health ? `${health.config}/${serial}` : `${serial}`)],
  ['SERVICES', ({ health }) => `${health?.services ?? ''}`],
  // What is in its spool, and not yet here.
  ['BEHIND', ({ health }) => (health ? `${Number(health.counters.spooled ?? 0)} events` : '')],
  ['SEEN', ({ lastSeen }) => (lastSeen === null ? 'never' : at(lastSeen))],
];
