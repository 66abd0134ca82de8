import { Fault } from '../../kit/fault.ts';
import { printableJson } from '../../kit/printable.ts';
import { defineCommand } from '../command.ts';

type Line = { failed?: string } & Record<string, unknown>;

export const exportEvents = defineCommand({
  name: 'export',
  usage: '--format cowrie [--since TIME]',
  summary: "What decoys saw by SSH and Telnet, in the words of Cowrie's JSON log: one object a line.",
  options: {
    format: { type: 'string', value: 'F', summary: 'the format: cowrie (the default)' },
    since: {
      type: 'string',
      value: 'TIME',
      summary: 'from this time on: 24h, 7d, or 2026-01-31T12:00 (UTC); default: all',
    },
  },
  async run({ args, options, client, out }) {
    if (args.length > 0) throw new Fault('usage', 'It writes to the standard output; name no file.');
    if ((options.format ?? 'cowrie') !== 'cowrie')
      throw new Fault('usage', '', { remedies: [{ path: '--format', expected: 'cowrie' }] });
    const since = options.since === undefined ? 0 : timeOf(String(options.since), Date.now());
    const api = await client();
    for await (const line of api.lines<Line>('GET', `/api/v1/export?format=cowrie&since=${since}`)) {
      if (typeof line.failed === 'string') throw new Fault('unavailable', line.failed);
      out.item(line, () => printableJson(line));
    }
    return 0;
  },
});

/** A time, or how long before `now`, in milliseconds since the epoch. */
function timeOf(text: string, now: number): number {
  const back = /^(\d{1,6})([hd])$/.exec(text);
  if (back) return Math.max(0, now - Number(back[1]) * (back[2] === 'h' ? 3_600_000 : 86_400_000));
  const time = /^\d{4}-\d\d-\d\d/.test(text)
    ? Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || text.length === 10 ? text : `${text}Z`)
    : Number.NaN;
  if (Number.isNaN(time) || time < 0)
    throw new Fault('usage', '', {
      remedies: [{ path: '--since', expected: '24h, 7d, or a date and time' }],
    });
  return time;
}
