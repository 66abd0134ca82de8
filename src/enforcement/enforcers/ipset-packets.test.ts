// Real packets between two network namespaces, under the rules that the documentation tells an operator to add.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import type { Scope } from '../../model/decision.ts';
import type { Enforcer } from '../enforcer.ts';
import { inside, kernelFault, type TwoHosts, twoHosts } from '../fixture.ts';
import { ipset, ipsetOptions } from './ipset.ts';

const fault = kernelFault('ipset') ?? kernelFault('iptables');
const guide = readFileSync(join(import.meta.dirname, '../../../docs/ipset.md'), 'utf8');
const rules = /```sh\n([^`]+)```/.exec(guide)![1]!;

describe.skipIf(fault !== null)(`ipset and iptables drop packets${fault ? ` (${fault})` : ''}`, () => {
  let hosts: TwoHosts;
  let enforcer: Enforcer;
  const reaches = (port: number, from?: string) => hosts.reaches(port, from);
  const deny = (scope: Scope, ms = 600_000) =>
    enforcer.apply(
      enforcer.keys(scope).map((key) => ({ key, until: Date.now() + ms })),
      [],
    );

  beforeAll(async () => {
    hosts = await twoHosts();
    const exec = ['ip', 'netns', 'exec', hosts.server];
    enforcer = ipset.create(ipsetOptions.parse({ exec, decoys: { tcp: [2323] } }), systemClock);
    await enforcer.prepare();
    execFileSync('ip', ['netns', 'exec', hosts.server, 'sh', '-e'], { input: rules, stdio: 'pipe' });
  });
  afterAll(() => hosts?.end());

  it('keeps what stands when it is prepared again, and no rule of yours changes', async () => {
    const saved = () => inside(hosts.server, 'iptables', '-S');
    const before = saved();
    await deny({ source: '198.51.100.2', ports: [] });
    await enforcer.prepare();
    expect([reaches(22), reaches(2323)]).toEqual([false, true]);
    await enforcer.clear();
    expect(saved()).toBe(before);
  });
});
