// What every enforcer in the kernel does to real packets between two network namespaces.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import type { Scope } from '../model/decision.ts';
import { createEnforcer } from './create.ts';
import type { Enforcer } from './enforcer.ts';
import { inside, kernelFault, type TwoHosts, twoHosts } from './fixture.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/ipset.md'), 'utf8');
/** The rules that the documentation tells an operator to add. */
const rules = /```sh\n([^`]+)```/.exec(guide)![1]!;
const kernels = [
  { name: 'nftables', fault: kernelFault('nft'), rules: '' },
  { name: 'ipset', fault: kernelFault('ipset') ?? kernelFault('iptables'), rules },
].map((one) => ({ ...one, title: one.fault ? `${one.name} (${one.fault})` : one.name }));

describe.each(kernels)('$title drops packets', ({ name, fault, rules }) => {
  describe.skipIf(fault !== null)('where it can be had', () => {
    let hosts: TwoHosts;
    let enforcer: Enforcer;
    const reaches = (port: number, from?: string) => hosts.reaches(port, from);

    beforeAll(async () => {
      hosts = await twoHosts();
      const exec = ['ip', 'netns', 'exec', hosts.server];
      enforcer = createEnforcer(name, { exec, decoys: { tcp: [2323] } }, systemClock);
      await enforcer.prepare();
      execFileSync('ip', ['netns', 'exec', hosts.server, 'sh', '-e'], { input: rules, stdio: 'pipe' });
    });
    afterAll(() => hosts?.end());

    const deny = (scope: Scope, ms = 600_000) =>
      enforcer.apply(
        enforcer.keys(scope).map((key) => ({ key, until: Date.now() + ms })),
        [],
      );

    it('lets everybody in at first', () => {
      for (const port of [22, 80, 2323]) expect(reaches(port)).toBe(true);
      expect(reaches(22, '2001:db8:1::2')).toBe(true);
    });

    it('stops one source on one port, and nobody else', async () => {
      await deny({ source: '198.51.100.2', transport: 'tcp', ports: [22] });
      expect([reaches(22), reaches(80), reaches(22, '198.51.100.3')]).toEqual([false, true, true]);
      await enforcer.clear();
      expect(reaches(22)).toBe(true);
    });

    it('stops one source on all ports but those of decoys', async () => {
      await deny({ source: '198.51.100.2', ports: [] });
      expect([reaches(22), reaches(80), reaches(2323)]).toEqual([false, false, true]);
      expect(reaches(22, '198.51.100.3')).toBe(true);
      await enforcer.clear();
    });

    it('stops a whole /64, on all ports and on one, and not its neighbour', async () => {
      await deny({ source: '2001:db8:1:5::', ports: [] });
      // The server forgets the client's link address: it has to ask for it again, and to be answered.
      inside(hosts.server, 'ip', '-6', 'neigh', 'flush', 'dev', 'veth0');
      expect([reaches(22, '2001:db8:1:5::7'), reaches(2323, '2001:db8:1:5::7')]).toEqual([false, true]);
      expect(reaches(22, '2001:db8:1::2')).toBe(true);
      await enforcer.clear();
      await deny({ source: '2001:db8:1:5::', transport: 'tcp', ports: [22] });
      expect([reaches(22, '2001:db8:1:5::7'), reaches(80, '2001:db8:1:5::7')]).toEqual([false, true]);
      await enforcer.clear();
    });

    it('stops a range, and what never-block holds goes through it', async () => {
      await deny({ source: '198.51.100.0/24', ports: [] });
      expect([reaches(22), reaches(22, '198.51.100.3')]).toEqual([false, false]);
      await enforcer.protect(['198.51.100.3/32'], Date.now());
      expect([reaches(22), reaches(22, '198.51.100.3')]).toEqual([false, true]);
      await enforcer.clear();
    });

    it('lets in again when the term is over', async () => {
      // Long enough to be seen standing on a machine with much else to do: a refused try alone takes a second.
      await deny({ source: '198.51.100.2', ports: [] }, 5_000);
      expect(reaches(22)).toBe(false);
      await expect.poll(() => reaches(22), { timeout: 15_000, interval: 200 }).toBe(true);
    }, 30_000);
  });
});
