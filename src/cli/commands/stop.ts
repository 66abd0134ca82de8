import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { killSwitch } from '../../decision/index.ts';
import { connectClient } from '../client.ts';
import { defineCommand } from '../command.ts';

export const stop = defineCommand({
  name: 'stop',
  usage: '[--reason TEXT]',
  summary: 'The kill switch: deny nothing any more, anywhere, now. Sensors and findings go on.',
  options: { reason: { type: 'string', value: 'TEXT', summary: 'goes into the audit' } },
  async run({ data, options, out }) {
    const reason = String(options.reason ?? 'stopped from the command line');
    // The file is the switch: it holds also where nothing runs and no database can be opened.
    mkdirSync(data, { recursive: true, mode: 0o711 });
    killSwitch(data).engage(userInfo().username, reason, Date.now());
    const api = await connectClient(data);
    const done = api
      ? await api.ask<{ emptied: boolean }>('POST', '/api/v1/kill-switch', { reason })
      : { emptied: null };
    out.item({ set: true, ...done }, () =>
      done.emptied === null
        ? 'The kill switch is set. Nothing runs here; what starts will deny nothing.'
        : done.emptied
          ? 'The kill switch is set. Every set was emptied, and read back empty.'
          : 'The kill switch is set, but not every set could be proven empty: see the log.',
    );
    return done.emptied === false ? 1 : 0;
  },
});
