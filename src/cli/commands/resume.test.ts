import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

it('takes the kill switch back, and says where there was nothing to take back', async () => {
  await system.run('stop');
  expect(system.pipeline.killSwitch.engaged()).toBe(true);
  const { code, out } = await system.run('resume', '--reason', 'all is well');
  expect([code, out]).toEqual([0, 'The kill switch is taken back.\n']);
  expect(system.pipeline.killSwitch.engaged()).toBe(false);
  expect((await system.run('resume')).out).toBe('The kill switch was not set.\n');
  expect(await system.ask('resume')).toEqual([{ set: false }]);
});

it('closes the breaker, and leaves the kill switch', async () => {
  const { breaker, killSwitch } = system.pipeline;
  killSwitch.engage('test', 'a test', Date.now());
  breaker.engage('test', 'a test', Date.now());
  const { code, out } = await system.run('resume', '--breaker');
  expect([code, out]).toEqual([0, 'The breaker is closed.\n']);
  expect([breaker.engaged(), killSwitch.engaged()]).toEqual([false, true]);
  expect(await system.ask('resume', '--breaker')).toEqual([{ open: false }]);
});

it('needs a reason that can be audited', async () => {
  expect((await system.run('resume', '--reason', 'x'.repeat(513))).code).toBe(1);
  expect(system.pipeline.killSwitch.engaged()).toBe(true);
});
