// The kill switch and a restart over a real kernel set.
import { expect, it } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import type { Decision } from '../model/decision.ts';
import { createEnforcer } from './create.ts';
import { decision, inside, kernelFault, namespace } from './fixture.ts';
import { Runner } from './runner.ts';
import { runnerOptions } from './runner-options.ts';

const fault = kernelFault('nft');

it.skipIf(fault !== null)(
  `12 empties 10,000 elements within five seconds under load, and a restart makes sets equal to decisions${fault ? ` (${fault})` : ''}`,
  async () => {
    const own = namespace('kill');
    try {
      let killed = false;
      const make = () =>
        new Runner(
          {
            enforcer: createEnforcer('nftables', { exec: own.exec }, systemClock),
            clock: systemClock,
            neverBlock: () => ({ verdict: 'clear' }),
            never: () => ({ blocks: ['127.0.0.0/8'], readAt: Date.now() }),
            killed: () => killed,
            receipts() {},
            alarm() {},
          },
          runnerOptions.parse({ killPollMs: 20 }),
        );
      const count = () =>
        (inside(own.name, 'nft', 'list', 'set', 'inet', 'caltrop', 'deny4').match(/expires/g) ?? []).length;
      const all = Array.from({ length: 10_000 }, (_, n) => decision({ source: `45.0.${n >> 8}.${n & 255}` }));
      const first = make();
      await first.start(all);
      expect(count()).toBe(10_000);

      const late: Decision[] = [];
      const load = setInterval(() => {
        const one = decision({ source: `46.0.${late.length >> 8}.${late.length & 255}` });
        late.push(one);
        first.want([one]);
      }, 2);
      killed = true;
      const from = performance.now();
      await expect.poll(() => first.emptied, { timeout: 10_000, interval: 10 }).toBe(true);
      expect(performance.now() - from).toBeLessThan(5_000);
      clearInterval(load);
      expect(count()).toBe(0);
      await first.close();

      killed = false;
      inside(own.name, 'nft', 'add element inet caltrop deny4 { 192.0.2.66 timeout 1h }');
      const second = make();
      await second.start(all.slice(0, 100));
      expect(count()).toBe(100);
      await second.close();
    } finally {
      own.end();
    }
  },
);
