import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Fault, type FaultCode, type Remedy } from '../../kit/fault.ts';
import { defineCommand } from '../command.ts';

type Message =
  | { type: 'progress'; file: string; bytes: number; lines: number; events: number }
  | {
      type: 'imported';
      source: string;
      format: string;
      lines: number;
      events: number;
      silent: number;
      rejected: number;
    }
  | { type: 'finished'; id: string; events: number; rejected: number; rejectFiles: string[] }
  | { type: 'labelled'; sessions: number; labelled: number }
  | { type: 'failed'; code: FaultCode; message: string; remedies?: Remedy[] };

export const importLogs = defineCommand({
  name: 'import',
  usage: '[--format F] [--live] FILE…',
  summary:
    'Read logs through the whole pipeline, on the time of their events. Never enforces, unless --live.',
  options: {
    format: {
      type: 'string',
      value: 'F',
      summary: 'the format; auto (the default) looks at the first lines',
    },
    source: { type: 'string', value: 'NAME', summary: 'what the source is called (default: the file name)' },
    live: { type: 'boolean', summary: 'let what is read decide and enforce as live traffic does' },
  },
  async run({ args, options, client, out }) {
    if (args.length === 0) throw new Fault('usage', 'Name at least one file.');
    const format = options.format === 'auto' ? undefined : options.format;
    const files = args.map((path) => ({
      path: resolve(path),
      ...(format !== undefined && { format: String(format) }),
      ...(options.source !== undefined && { source: String(options.source) }),
    }));
    const sizes = new Map(
      files.map(({ path }) => [path, statSync(path, { throwIfNoEntry: false })?.size ?? 0]),
    );
    const api = await client();
    const began = Date.now();
    for await (const message of api.lines<Message>('POST', '/api/v1/imports', {
      files,
      live: options.live === true,
    })) {
      if (message.type === 'failed') throw Fault.told(message.code, message.message, message.remedies);
      if (message.type === 'progress') {
        const share = message.bytes / Math.max(1, sizes.get(message.file) ?? 1);
        out.progress(`${basename(message.file)} ${bar(share)} ${message.events.toLocaleString('en')} events`);
      } else if (message.type === 'imported') {
        out.item(
          message,
          () =>
            `${message.source}: ${message.format}, ${message.lines} lines, ${message.events} events, ${message.silent} without an event, ${message.rejected} refused`,
        );
      } else if (message.type === 'labelled') {
        if (message.labelled > 0)
          out.note(`${message.sessions} sessions were looked at, ${message.labelled} have a label`);
      } else {
        const seconds = (Date.now() - began) / 1000;
        out.item(message, () => [
          `${message.events.toLocaleString('en')} events in ${seconds.toFixed(1)} s (import ${message.id})`,
          ...message.rejectFiles.map((path) => `refused lines, with reasons: ${path}`),
        ]);
      }
    }
    return 0;
  },
});

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * 30);
  return `[${'█'.repeat(full)}${'·'.repeat(30 - full)}] ${Math.floor(Math.min(1, share) * 100)} %`;
}
