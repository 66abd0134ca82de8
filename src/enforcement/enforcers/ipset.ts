import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { outermost } from '../blocks.ts';
import { type Element, parseKey, setKeys, setParts } from '../element.ts';
import { defineEnforcer, type Enforcer, type Standing } from '../enforcer.ts';
import { run } from '../run.ts';
import { readSave } from './ipset-read.ts';

const port = z.int().min(1).max(65_535);

export const ipsetOptions = z.strictObject({
  /** What the sets' names begin with. */
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,15}$/)
    .default('caltrop'),
  decoys: z
    .strictObject({ tcp: z.array(port).max(1_024).default([]), udp: z.array(port).max(1_024).default([]) })
    .prefault({}),
  maxElements: z.int().positive().max(10_000_000).default(1_000_000),
  batchMs: z.int().min(0).max(1_000).default(5),
  timeoutMs: z.int().positive().default(30_000),
  /** Put before `ipset`: how to enter another network namespace. */
  exec: z.array(z.string()).max(8).default([]),
});
type IpsetOptions = z.infer<typeof ipsetOptions>;

/** Which kind of set each part is. */
const types: Record<(typeof setParts)[number], string> = {
  deny4: 'hash:ip family inet',
  deny6: 'hash:ip family inet6 netmask 64',
  deny4p: 'hash:ip,port family inet',
  deny6p: 'hash:net,port family inet6',
  range4: 'hash:net family inet',
  range6: 'hash:net family inet6',
};

/** The longest timeout that ipset takes, in seconds (ipset(8)). */
const maxTimeout = 2_147_483;

/**
 * Denies in the Linux kernel where iptables rules match sets: it keeps the sets only, and who runs the firewall adds the
 * rules once (docs/ipset.md). A batch is not a transaction: `ipset restore` stops at the first line that fails.
 */
export const ipset = defineEnforcer({
  name: 'ipset',
  summary: 'Keeps ipset sets that iptables rules match',
  options: ipsetOptions,
  create: (options, clock) => createIpset(options, clock),
});

function createIpset(options: IpsetOptions, clock: Clock): Enforcer {
  const { prefix, exec, timeoutMs, maxElements, decoys } = options;
  const restore = (lines: readonly string[]) =>
    run('ipset', ['-exist', 'restore'], { exec, timeoutMs, input: `${lines.join('\n')}\n` });
  const name = (part: string) => `${prefix}-${part}`;
  const line = (verb: 'add' | 'del', key: string, rest = '') => {
    const element = parseKey(key);
    if (!element) throw new TypeError('that is no key of an element');
    return `${verb} ${name(element.part)} ${ipsetElement(element)}${rest}`;
  };

  return {
    name: 'ipset',
    parts: setParts,
    expires: true,
    batchMs: options.batchMs,
    // A set matches or does not: it cannot slow anything down.
    keys: (scope, action) => (action === 'throttle' ? [] : setKeys(scope)),

    async prepare() {
      await restore([
        ...setParts.map((part) => `create ${name(part)} ${types[part]} maxelem ${maxElements} timeout 0`),
        `create ${name('never4')} hash:net family inet`,
        `create ${name('never6')} hash:net family inet6`,
        ...(['tcp', 'udp'] as const).flatMap((transport) => {
          const set = name(`decoy-${transport}`);
          const ports = decoys[transport].map((one) => `add ${set} ${one}`);
          return [`create ${set} bitmap:port range 0-65535`, `flush ${set}`, ...ports];
        }),
      ]);
    },

    async protect(blocks) {
      const { v4, v6 } = outermost(blocks);
      await restore([
        `flush ${name('never4')}`,
        `flush ${name('never6')}`,
        ...v4.map((block) => `add ${name('never4')} ${block}`),
        ...v6.map((block) => `add ${name('never6')} ${block}`),
      ]);
    },

    async apply(add, remove) {
      const now = clock.now();
      const seconds = (until: number) => Math.min(maxTimeout, Math.max(1, Math.ceil((until - now) / 1_000)));
      const lines = [
        ...remove.map((key) => line('del', key)),
        ...add.map(({ key, until }) => line('add', key, ` timeout ${seconds(until)}`)),
      ];
      if (lines.length > 0) await restore(lines);
      return [];
    },

    async read(part): Promise<Standing[]> {
      return readSave(part, await run('ipset', ['save', name(part)], { exec, timeoutMs }), clock.now());
    },

    async clear() {
      await restore(setParts.map((part) => `flush ${name(part)}`));
    },

    async close() {},
  };
}

/** An element as ipset writes it. */
function ipsetElement({ part, source, transport, port }: Element): string {
  const who = part === 'deny6p' ? `${source}/64` : source;
  return transport === undefined ? who : `${who},${transport}:${port}`;
}
