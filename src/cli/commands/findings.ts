import { defineCommand } from '../command.ts';
import { whole } from '../number.ts';
import { at } from '../output.ts';

interface Finding {
  id: string;
  last: number;
  count: number;
  severity: string;
  type: string;
  title: string;
  done: string;
}

export const findings = defineCommand({
  name: 'findings',
  usage: '[--subject ADDRESS]',
  summary: 'What a person should read, the latest first.',
  options: {
    subject: { type: 'string', value: 'ADDRESS', summary: 'only about this subject' },
    limit: { type: 'string', value: 'N', summary: 'at most so many (default 50)' },
  },
  async run({ options, client, out }) {
    const limit = whole('--limit', options.limit ?? 50);
    const api = await client();
    const search = new URLSearchParams({ limit: String(limit) });
    if (options.subject) search.set('subject', String(options.subject));
    out.table(
      await api.ask<Finding[]>('GET', `/api/v1/findings?${search}`),
      [
        ['LAST (UTC)', ({ last }) => at(last)],
        ['SEVERITY', ({ severity }) => severity],
        ['TIMES', ({ count }) => count],
        ['WHAT', ({ title }) => title],
        ['ID', ({ id }) => id],
      ],
      'No findings.',
    );
    return 0;
  },
});
