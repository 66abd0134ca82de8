import { z } from 'zod';
import { printable } from '../../kit/printable.ts';
import { defineEmulator } from '../emulator.ts';
import type { Client } from './redis-client.ts';
import { lookUp, tellDownloads } from './redis-commands.ts';
import { readCommand, reply } from './redis-protocol.ts';
import { RedisStore } from './redis-store.ts';

/** How much of one word and of a whole command an event shows. */
const shown = { word: 16_384, all: 65_536 } as const;

/** Redis 6.0 without a password: RESP2, RESP3 greetings and plain lines; what one connection sets, the attacker's next one reads. */
export const redis = defineEmulator({
  name: 'redis',
  summary: 'Redis server without a password',
  port: 6379,
  highPort: 6379,
  options: z.strictObject({ version: z.string().max(32).default('6.0.16') }),

  // The client speaks first.
  greet: () => true,

  async session(wire, { version }) {
    let store = wire.memory.get('redis') as RedisStore | undefined;
    if (!store) {
      store = new RedisStore(wire.memory, wire.persona, wire.now());
      wire.memory.set('redis', store);
    }
    store.connections++;
    const client: Client = { wire, store, version, db: 0, resp: 2, name: '', closing: false };
    while (!client.closing) {
      const input = await readCommand(wire);
      if (input === null) return;
      if ('error' in input) {
        wire.emit({ kind: 'data', size: 0, detail: { error: input.error } });
        wire.send(reply.error(`ERR ${input.error}`));
        return;
      }
      const { args } = input;
      if (args.length === 0) continue;
      store.commands++;
      const found = lookUp(args, store);
      const hostile = /^(post|host:)$/i.test(args[0]!);
      wire.emit({ kind: 'command', input: render(args), ok: 'command' in found });
      // Redis drops whoever speaks HTTP to it without a word: a browser may have been told to.
      if (hostile) return;
      // The shell tells what a command asks for itself.
      if (!args[0]!.startsWith('system.')) tellDownloads(wire, args);
      wire.send('error' in found ? reply.error(found.error) : await found.command.run(client, args));
    }
  },
});

/** A command as one line: words with blanks or control characters in quotes. */
function render(args: string[]): string {
  let line = '';
  for (const arg of args) {
    if (line.length >= shown.all) break;
    const text = printable(arg, shown.word);
    line += `${line ? ' ' : ''}${arg === '' || /[\s"']/.test(arg) || text !== arg ? `"${text.replaceAll('"', '\\"')}"` : arg}`;
  }
  return line.slice(0, shown.all);
}
