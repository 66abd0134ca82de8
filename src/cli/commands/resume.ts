import { killSwitch } from '../../decision/index.ts';
import { connectClient } from '../client.ts';
import { defineCommand } from '../command.ts';

export const resume = defineCommand({
  name: 'resume',
  usage: '[--reason TEXT] [--breaker]',
  summary: 'Let decisions be enforced again: takes the kill switch back, or closes the breaker.',
  options: {
    reason: { type: 'string', value: 'TEXT', summary: 'goes into the audit' },
    breaker: { type: 'boolean', summary: 'close the breaker instead' },
  },
  async run({ data, options, out, client }) {
    const reason = String(options.reason ?? 'resumed from the command line');
    const api = (await connectClient(data)) ?? (await client());
    if (options.breaker) {
      out.item(await api.ask('DELETE', '/api/v1/breaker', { reason }), () => 'The breaker is closed.');
      return 0;
    }
    const was = killSwitch(data).engaged();
    const done = await api.ask('DELETE', '/api/v1/kill-switch', { reason });
    out.item(done, () => (was ? 'The kill switch is taken back.' : 'The kill switch was not set.'));
    return 0;
  },
});
