import { Fault } from '../../kit/fault.ts';
import { defineCommand } from '../command.ts';
import { whole } from '../number.ts';

export const token = defineCommand({
  name: 'token',
  usage: 'NAME [--days N]',
  summary: 'Make an access token for the console or a program. It is shown once.',
  options: { days: { type: 'string', value: 'N', summary: 'how long it is good for (default 90)' } },
  async run({ args, options, client, out }) {
    const [name] = args;
    if (!name) throw new Fault('usage', 'A token needs a name.');
    const days = whole('--days', options.days ?? 90);
    const api = await client();
    const made = await api.ask<{ token: string }>('POST', '/api/v1/tokens', { name, days });
    out.item(made, () => made.token);
    return 0;
  },
});
