// What every enforcer keeps to, the one in memory that other tests use included.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import type { Scope } from '../model/decision.ts';
import { createEnforcer } from './create.ts';
import type { Enforcer, Standing } from './enforcer.ts';
import { enforcers } from './enforcers/index.ts';
import { kernelFault, memoryEnforcer, namespace } from './fixture.ts';
import { plan } from './plan.ts';

const scopes: Scope[] = [
  { source: '198.51.100.7', ports: [] },
  { source: '198.51.100.8', transport: 'tcp', ports: [22, 2222] },
  { source: '198.51.100.9', ports: [53] },
  { source: '2001:db8:1:2::', ports: [] },
  { source: '2001:db8:1:3::', transport: 'udp', ports: [53] },
  { source: '203.0.113.0/24', ports: [] },
  { source: '203.0.113.0/28', ports: [] },
  { source: '203.0.113.7', ports: [] },
  { source: '2001:db8:9::/48', ports: [] },
];

interface Made {
  enforcer: Enforcer;
  /** Another one on the same system: what a restart finds. */
  again(): Enforcer;
  end(): void;
}

function make(name: string): Made {
  if (name === 'memory') {
    const enforcer = memoryEnforcer();
    return { enforcer, again: () => enforcer, end() {} };
  }
  if (name === 'blocklist') {
    const folder = mkdtempSync(join(tmpdir(), 'caltrop-lists-'));
    const create = () => createEnforcer(name, { folder }, systemClock);
    return { enforcer: create(), again: create, end: () => rmSync(folder, { recursive: true }) };
  }
  const own = namespace(name);
  const create = () => createEnforcer(name, { exec: own.exec }, systemClock);
  return { enforcer: create(), again: create, end: own.end };
}

async function readAll(enforcer: Enforcer): Promise<Standing[]> {
  const found: Standing[] = [];
  for (const part of enforcer.parts) found.push(...(await enforcer.read(part)));
  return found;
}

for (const name of ['memory', ...enforcers.map((one) => one.name)]) {
  const fault = name === 'nftables' ? kernelFault('nft') : name === 'ipset' ? kernelFault('ipset') : null;
  describe.skipIf(fault !== null)(`${name}${fault ? ` (${fault})` : ''}`, () => {
    let made: Made;
    let enforcer: Enforcer;
    beforeAll(async () => {
      made = make(name);
      enforcer = made.enforcer;
      await enforcer.prepare();
      await enforcer.prepare();
      await enforcer.protect(
        ['10.0.0.0/8', '10.1.0.0/16', '127.0.0.1/32', '::1/128', 'fe80::/10'],
        Date.now(),
      );
    });
    afterAll(() => made?.end());

    const wanted = (until: number) =>
      new Map(scopes.flatMap((scope) => enforcer.keys(scope).map((key) => [key, until] as const)));
    const apply = async (want: Map<string, number>) => {
      const { add, remove } = plan(want, await readAll(enforcer), 3_000);
      return enforcer.apply(add, remove);
    };

    it('starts empty and names its parts in its keys', async () => {
      expect(await readAll(enforcer)).toEqual([]);
      for (const scope of scopes)
        for (const key of enforcer.keys(scope)) expect(enforcer.parts).toContain(key.split(' ')[0]);
    });

    it('reads back what was applied, and then nothing is left to do', async () => {
      const want = wanted(Date.now() + 600_000);
      expect(await apply(want)).toEqual([]);
      expect(plan(want, await readAll(enforcer), 3_000)).toEqual({ add: [], remove: [] });
    });

    it('lets a term be made longer and shorter', async () => {
      for (const ms of [3_600_000, 60_000]) {
        const want = wanted(Date.now() + ms);
        await apply(want);
        expect(plan(want, await readAll(enforcer), 3_000)).toEqual({ add: [], remove: [] });
      }
    });

    it('adds twice and removes what is not there without harm', async () => {
      const [key = ''] = enforcer.keys(scopes[0]!);
      const [absent = ''] = enforcer.keys({ source: '192.0.2.99', ports: [] });
      const add = [{ key, until: Date.now() + 60_000 }];
      await enforcer.apply(add, [absent]);
      await enforcer.apply(add, [absent]);
      expect((await readAll(enforcer)).filter((one) => one.key === key)).toHaveLength(1);
    });

    it('removes one and leaves the others', async () => {
      const before = await readAll(enforcer);
      const [key = ''] = enforcer.keys(scopes[1]!);
      await enforcer.apply([], [key]);
      const after = (await readAll(enforcer)).map((one) => one.key);
      expect(after).not.toContain(key);
      expect(after).toHaveLength(before.length - 1);
    });

    it('is found as it was left after a restart', async () => {
      const want = wanted(Date.now() + 600_000);
      await apply(want);
      const other = made.again();
      await other.prepare();
      const keys = (await readAll(other)).map(({ key }) => key).filter((key) => want.has(key));
      // Of ranges within each other the kernel holds the outermost only.
      expect(keys.length).toBeGreaterThanOrEqual(want.size - 1);
    });

    it('is empty after clear, and can be used again', async () => {
      await enforcer.clear();
      expect(await readAll(enforcer)).toEqual([]);
      await apply(wanted(Date.now() + 600_000));
      expect(await readAll(enforcer)).not.toEqual([]);
      await enforcer.clear();
    });

    it('lets what has a term end by itself, where it says so', async () => {
      if (!enforcer.expires) return;
      const [key = ''] = enforcer.keys(scopes[0]!);
      await enforcer.apply([{ key, until: Date.now() + 400 }], []);
      await expect.poll(() => readAll(enforcer), { timeout: 5_000, interval: 100 }).toEqual([]);
    });

    it('refuses a key that is none', async () => {
      if (name === 'memory' || name === 'blocklist') return;
      await expect(
        enforcer.apply([{ key: 'deny4 192.0.2.7 } ; flush ruleset', until: Date.now() + 60_000 }], []),
      ).rejects.toThrow();
    });
  });
}
