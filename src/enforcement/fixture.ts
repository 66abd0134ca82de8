// What the tests of this folder share: decisions, an enforcer in memory, and network namespaces of their own.
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { uuidv8 } from '../kit/uuid.ts';
import type { Decision, Scope } from '../model/decision.ts';
import { partOf, setKeys, setParts, slowKeys, slowParts } from './element.ts';
import type { Enforcer } from './enforcer.ts';

let made = 0;

/** An enforced deny of all ports, ten minutes from now, unless told otherwise. */
export function decision(scope: Partial<Scope>, more: Partial<Decision> = {}): Decision {
  const digest = createHash('sha256').update(`decision ${++made}`).digest();
  return {
    id: uuidv8(Date.now(), digest),
    time: Date.now(),
    action: 'deny',
    scope: { source: '198.51.100.7', ports: [], ...scope },
    until: Date.now() + 600_000,
    step: 0,
    mode: 'enforce',
    policy: 'bruteforce',
    actor: 'policy',
    evidence: 'E4',
    because: [],
    reason: 'A test.',
    ...more,
  };
}

export interface MemoryEnforcer extends Enforcer {
  elements: Map<string, number>;
  /** Called before each change: may fail or wait. */
  before(what: 'apply' | 'clear' | 'read'): Promise<void>;
  applied: number;
}

/** An enforcer that holds its elements in memory: obeys the same contract as the real ones, and can be told to fail. */
export function memoryEnforcer(): MemoryEnforcer {
  const elements = new Map<string, number>();
  return {
    name: 'memory',
    parts: [...setParts, ...slowParts],
    expires: false,
    batchMs: 1,
    keys: (scope, action) => (action === 'throttle' ? slowKeys(scope) : setKeys(scope)),
    elements,
    applied: 0,
    async before() {},
    async prepare() {},
    async protect() {},
    async apply(add, remove) {
      await this.before('apply');
      this.applied++;
      for (const key of remove) elements.delete(key);
      for (const { key, until } of add) elements.set(key, until);
      return [];
    },
    async read(part) {
      await this.before('read');
      return [...elements].filter(([key]) => partOf(key) === part).map(([key, until]) => ({ key, until }));
    },
    async clear() {
      await this.before('clear');
      elements.clear();
    },
    async close() {},
  };
}

/** Runs a program in a namespace and gives its standard output. */
export function inside(namespace: string, ...command: string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespace, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A network namespace of this test's own, and how to end it. */
export function namespace(label: string): { name: string; exec: string[]; end(): void } {
  // Test files run as threads of one process: its id and a counter would name the same twice.
  const name = `caltrop-${process.pid}-${label}-${randomBytes(4).toString('hex')}`;
  execFileSync('ip', ['netns', 'add', name], { stdio: 'pipe' });
  execFileSync('ip', ['-n', name, 'link', 'set', 'lo', 'up'], { stdio: 'pipe' });
  return {
    name,
    exec: ['ip', 'netns', 'exec', name],
    end: () => execFileSync('ip', ['netns', 'del', name], { stdio: 'pipe' }),
  };
}

const listen = `
  for (const port of process.argv.slice(1)) require('net').createServer((s) => s.on('error', () => {}).end('hi\\n')).listen(Number(port), '::');
  setTimeout(() => console.log('up'), 50);
`;

/** Two hosts on one link: a server that says `hi` on TCP 22, 80 and 2323, and a client with two IPv4 addresses and two IPv6 /64. */
export async function twoHosts() {
  const [server, client] = [namespace('server'), namespace('client')];
  const [a, b] = [server.name, client.name];
  inside(a, 'ip', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1', 'netns', b);
  for (const [name, link, last] of [
    [a, 'veth0', 1],
    [b, 'veth1', 2],
  ] as const) {
    inside(name, 'ip', 'address', 'add', `198.51.100.${last}/24`, 'dev', link);
    inside(name, 'ip', '-6', 'address', 'add', `2001:db8:1::${last}/48`, 'dev', link, 'nodad');
    inside(name, 'ip', 'link', 'set', link, 'up');
  }
  inside(b, 'ip', 'address', 'add', '198.51.100.3/24', 'dev', 'veth1');
  inside(b, 'ip', '-6', 'address', 'add', '2001:db8:1:5::7/48', 'dev', 'veth1', 'nodad');
  const services = spawn('ip', ['netns', 'exec', a, process.execPath, '-e', listen, '22', '80', '2323'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(services.stdout, 'data');
  return {
    server: a,
    client: b,
    /** True where the client gets a word from this port of the server. */
    reaches(port: number, from = '198.51.100.2'): boolean {
      const to = from.includes(':') ? '2001:db8:1::1' : '198.51.100.1';
      try {
        return inside(b, 'timeout', '3', 'nc', '-d', '-w', '1', '-s', from, to, String(port)) === 'hi\n';
      } catch {
        return false;
      }
    },
    end(): void {
      services.kill();
      server.end();
      client.end();
    },
  };
}
export type TwoHosts = Awaited<ReturnType<typeof twoHosts>>;

/** Why kernel tests cannot run here, or null. */
export function kernelFault(program: 'nft' | 'ipset' | 'iptables'): string | null {
  const probe = { nft: ['list', 'ruleset'], ipset: ['list'], iptables: ['-S'] }[program];
  try {
    const one = namespace('probe');
    try {
      inside(one.name, program, ...probe);
    } finally {
      one.end();
    }
    return null;
  } catch (error) {
    return `needs root, namespaces and ${program}: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
}
