// Real packets between two network namespaces: what a deny stops, and what it must not.
import { duplexPair } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import type { Scope } from '../model/decision.ts';
import { helperEnforcer } from './client.ts';
import { createEnforcer } from './create.ts';
import type { Enforcer } from './enforcer.ts';
import { inside, kernelFault, type TwoHosts, twoHosts } from './fixture.ts';
import { Guard } from './guard.ts';
import { serve } from './serve.ts';

const fault = kernelFault('nft');

describe.skipIf(fault !== null)(`nftables drops packets${fault ? ` (${fault})` : ''}`, () => {
  let hosts: TwoHosts;
  let server = '';
  let enforcer: Enforcer;
  const reaches = (port: number, from?: string) => hosts.reaches(port, from);

  beforeAll(async () => {
    hosts = await twoHosts();
    server = hosts.server;
    enforcer = createEnforcer(
      'nftables',
      { exec: ['ip', 'netns', 'exec', server], decoys: { tcp: [2323] } },
      systemClock,
    );
    await enforcer.prepare();
  });
  afterAll(() => hosts?.end());

  const deny = async (scope: Scope, ms = 600_000) => {
    await enforcer.apply(
      enforcer.keys(scope).map((key) => ({ key, until: Date.now() + ms })),
      [],
    );
  };

  it('slows one source down on one port, and nobody else, until the term is over', async () => {
    const slow = async (scope: Scope, until: number) =>
      enforcer.apply(
        enforcer.keys(scope, 'throttle').map((key) => ({ key, until })),
        [],
      );
    const tries = (count: number, port: number, from?: string) =>
      Array.from({ length: count }, () => reaches(port, from)).filter(Boolean).length;
    await slow({ source: '198.51.100.2', transport: 'tcp', ports: [22] }, Date.now() + 600_000);
    expect(await enforcer.read('slow4p')).toMatchObject([{ key: 'slow4p 198.51.100.2 tcp 22' }]);
    // The burst of three, and then six a minute.
    const through = tries(6, 22);
    expect(through).toBeGreaterThanOrEqual(3);
    expect(through).toBeLessThanOrEqual(4);
    expect([tries(5, 80), tries(5, 22, '198.51.100.3')]).toEqual([5, 5]);
    await enforcer.apply(
      [],
      enforcer.keys({ source: '198.51.100.2', transport: 'tcp', ports: [22] }, 'throttle'),
    );
    expect(tries(3, 22)).toBe(3);

    await slow({ source: '2001:db8:1:5::', transport: 'tcp', ports: [22] }, Date.now() + 600_000);
    expect(tries(6, 22, '2001:db8:1:5::7')).toBeLessThanOrEqual(4);
    expect(tries(5, 22, '2001:db8:1::2')).toBe(5);
    await enforcer.clear();
    expect(tries(2, 22, '2001:db8:1:5::7')).toBe(2);
  }, 60_000);

  it('touches no rule that it did not make', async () => {
    inside(server, 'nft', 'add table inet other { chain input { type filter hook input priority 0; } ; }');
    inside(server, 'nft', 'add rule inet other input tcp dport 81 drop');
    const before = inside(server, 'nft', 'list', 'table', 'inet', 'other');
    await enforcer.prepare();
    await deny({ source: '198.51.100.9', ports: [] });
    await enforcer.clear();
    expect(inside(server, 'nft', 'list', 'table', 'inet', 'other')).toBe(before);
  });

  it('keeps what stands when it is prepared again, and mends its rules', async () => {
    await deny({ source: '198.51.100.2', ports: [] });
    inside(server, 'nft', 'flush', 'chain', 'inet', 'caltrop', 'input');
    expect(reaches(22)).toBe(true);
    await enforcer.prepare();
    expect([reaches(22), reaches(2323)]).toEqual([false, true]);
    await enforcer.clear();
  });

  it('makes a table of another shape anew', async () => {
    inside(server, 'nft', 'delete table inet caltrop');
    inside(server, 'nft', 'add table inet caltrop { set deny4 { type inet_service; } ; }');
    await enforcer.prepare();
    await deny({ source: '198.51.100.2', ports: [] });
    expect(reaches(22)).toBe(false);
    await enforcer.clear();
  });

  it('places a deny while a long listing is read', async () => {
    const [ours, theirs] = duplexPair();
    serve(theirs, new Guard(() => [{ address: '192.0.2.10', role: 'own' }]), systemClock);
    const options = { exec: ['ip', 'netns', 'exec', server] };
    const through = helperEnforcer({
      enforcer: 'nftables',
      options,
      clock: systemClock,
      connect: () => ours,
    });
    await through.prepare();
    await through.protect(['192.0.2.0/24'], Date.now());
    const until = Date.now() + 600_000;
    const many = Array.from({ length: 20_000 }, (_, n) => ({
      key: `deny4 45.1.${n >> 8}.${n & 255}`,
      until,
    }));
    await through.apply(many, []);
    const order: string[] = [];
    const reading = through.read('deny4').then(({ length }) => {
      order.push('read');
      return length;
    });
    await through.apply([{ key: 'deny4 46.0.0.1', until }], []).then(() => order.push('placed'));
    expect(await reading).toBeGreaterThanOrEqual(20_000);
    expect(order).toEqual(['placed', 'read']);
    await through.clear();
    await through.close();
  });

  it('lets a listing finish that changes keep from it, and that only now and then', async () => {
    const options = { exec: ['ip', 'netns', 'exec', server], listingMs: 1 };
    const hasty = createEnforcer('nftables', options, systemClock);
    await hasty.apply([{ key: 'deny4 46.0.0.2', until: Date.now() + 600_000 }], []);
    expect(await hasty.read('deny4')).toHaveLength(1);
    await expect(hasty.read('deny4')).rejects.toThrow();
    await hasty.clear();
  });

  it('adds one to 10,000 in a small part of what the 10,000 took', async () => {
    const until = Date.now() + 600_000;
    const keys = Array.from({ length: 10_000 }, (_, n) => `deny4 45.0.${n >> 8}.${n & 255}`);
    const from = performance.now();
    await enforcer.apply(
      keys.map((key) => ({ key, until })),
      [],
    );
    const bulk = performance.now() - from;
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const begin = performance.now();
      await enforcer.apply([{ key: `deny4 46.0.0.${n}`, until }], []);
      times.push(performance.now() - begin);
    }
    expect(Math.min(...times)).toBeLessThan(bulk);
    expect(await enforcer.read('deny4')).toHaveLength(10_005);
    await enforcer.clear();
    expect(await enforcer.read('deny4')).toEqual([]);
  });
});
