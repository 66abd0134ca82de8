import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../kit/atomic-file.ts';
import type { Clock } from '../../kit/clock.ts';
import { neighbourhood, parsePrefix, prefixText } from '../../kit/ip.ts';
import type { Scope } from '../../model/decision.ts';
import { partOf } from '../element.ts';
import { defineEnforcer, type Enforcer } from '../enforcer.ts';

export const blocklistOptions = z.strictObject({
  /** The folder that `all.txt` and `ports.txt` are written into; a relative one is inside the data directory. */
  folder: z.string().min(1).default('blocklist'),
  batchMs: z.int().min(0).max(60_000).default(250),
});

/**
 * Plain files for whatever reads lists: `all.txt` with addresses denied on all ports, `ports.txt` with
 * `address,protocol,port`. Sorted, replaced as a whole, and explicit when empty: a reader can tell none from lost.
 */
export const blocklist = defineEnforcer({
  name: 'blocklist',
  summary: 'Writes plain lists of what is denied',
  options: blocklistOptions,
  create: (options, clock) => createBlocklist(options, clock),
});

const parts = ['all', 'ports'] as const;
const about = {
  all: 'addresses denied on all ports, one a line',
  ports: 'address,protocol,port denied, one a line',
};

function createBlocklist(options: z.infer<typeof blocklistOptions>, clock: Clock): Enforcer {
  const path = (part: string) => join(options.folder, `${part}.txt`);
  const held = new Map<string, number>();
  const write = (part: (typeof parts)[number]) => {
    const own = [...held].filter(([key]) => partOf(key) === part);
    const lines = sorted(own.map(([key]) => lineOf(key)));
    const last = own.reduce((latest, [, until]) => Math.max(latest, until), 0);
    const header = [
      `# caltrop: ${about[part]}`,
      `# entries: ${lines.length}`,
      `# written: ${new Date(clock.now()).toISOString()}`,
      `# expires: ${last > 0 ? new Date(last).toISOString() : 'never, it is empty'}`,
    ];
    writeAtomic(path(part), `${[...header, ...lines].join('\n')}\n`, 0o644);
  };

  return {
    name: 'blocklist',
    parts,
    expires: false,
    batchMs: options.batchMs,
    // Whoever reads these files denies what is in them: what is only to be slowed down stays out.
    keys: (scope, action) => (action === 'throttle' ? [] : listKeys(scope)),

    async prepare() {
      mkdirSync(options.folder, { recursive: true });
      for (const part of parts) if (readText(path(part)) === null) write(part);
    },
    async protect() {},

    async apply(add, remove) {
      const changed = new Set<string>();
      for (const key of remove) {
        held.delete(key);
        changed.add(partOf(key));
      }
      for (const { key, until } of add) {
        held.set(key, until);
        changed.add(partOf(key));
      }
      for (const part of parts) if (changed.has(part)) write(part);
      return [];
    },

    async read(part) {
      const lines = (readText(path(part)) ?? '').split('\n').filter((line) => line && !line.startsWith('#'));
      // A line says no time. One that we do not know of, as after a restart, is wrong until it is written anew.
      return lines.map((line) => {
        const key = `${part} ${line.replaceAll(',', ' ')}`;
        return { key, until: held.get(key) ?? Number.MAX_SAFE_INTEGER };
      });
    },

    async clear() {
      held.clear();
      for (const part of parts) write(part);
    },
    async close() {},
  };
}

function listKeys({ source, transport, ports }: Scope): string[] {
  const block = parsePrefix(source);
  if (!block) return [];
  const text = prefixText(block);
  const [address = '', length = ''] = text.split('/');
  const wide = block.bits === 128 && address.includes(':') ? `${neighbourhood(address)}/64` : text;
  const who = length === '32' && !address.includes(':') ? address : wide;
  if (ports.length === 0) return [`all ${who}`];
  const transports = transport ? [transport] : ['tcp', 'udp'];
  return transports.flatMap((one) => ports.map((port) => `ports ${who} ${one} ${port}`));
}

function lineOf(key: string): string {
  return key.slice(partOf(key).length + 1).replaceAll(' ', ',');
}

function sorted(lines: string[]): string[] {
  const decorated = lines.map((line) => [sortKey(line), line] as const);
  return decorated.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
}

/** Addresses in their numeric order, IPv4 first (its mapped form), then protocol and port. */
function sortKey(line: string): string {
  const [who = '', transport = '', port = ''] = line.split(',');
  const block = parsePrefix(who);
  const bytes = block ? Buffer.from(block.bytes).toString('hex') : who;
  return `${bytes} ${block?.bits} ${transport} ${port.padStart(5, '0')}`;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
