// What the tests of this folder share: decisions, an enforcer in memory, and network namespaces of their own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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
  const name = `caltrop-${process.pid}-${label}-${++made}`;
  execFileSync('ip', ['netns', 'add', name], { stdio: 'pipe' });
  execFileSync('ip', ['-n', name, 'link', 'set', 'lo', 'up'], { stdio: 'pipe' });
  return {
    name,
    exec: ['ip', 'netns', 'exec', name],
    end: () => execFileSync('ip', ['netns', 'del', name], { stdio: 'pipe' }),
  };
}

/** Why kernel tests cannot run here, or null. */
export function kernelFault(program: 'nft' | 'ipset'): string | null {
  try {
    const one = namespace('probe');
    try {
      inside(one.name, program, 'list');
    } catch (error) {
      if (program === 'ipset') throw error;
      inside(one.name, 'nft', 'list', 'ruleset');
    } finally {
      one.end();
    }
    return null;
  } catch (error) {
    return `needs root, namespaces and ${program}: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
}
