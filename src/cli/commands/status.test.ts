import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';
import type { Status } from './status.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem('decision: {mode: enforce}\n');
});
afterAll(() => system?.close());

it('says what runs, what is stored and what is decided', async () => {
  await system.attacked('203.0.113.9');
  const { code, out } = await system.run('status');
  expect(code).toBe(0);
  expect(out).toMatch(/^Caltrop \S+ is not running \(profile standard, decisions: enforce\)\n/);
  expect(out).toMatch(/^lake {8}30 events \(embedded\), 0 segments waiting$/m);
  expect(out).toMatch(/^decisions {3}\d+ standing, 0 of them enforced by nothing$/m);
  expect(out).not.toContain('TROUBLE');
  const [status] = await system.ask<Status>('status');
  expect(status).toMatchObject({ running: false, mode: 'enforce', troubles: [], lake: { events: 30 } });
});

it('tells trouble, and fails where there is any', async () => {
  system.pipeline.killSwitch.engage('test', 'a test', Date.now());
  try {
    const { code, out } = await system.run('status');
    expect(code).toBe(1);
    expect(out).toContain('KILL SWITCH is set: nothing is denied\n');
    expect(out).toContain('TROUBLE     The kill switch is set: nothing is denied.\n');
  } finally {
    system.pipeline.killSwitch.release();
  }
});

it('takes no option that it does not know', async () => {
  expect((await system.run('status', '--nonsense')).code).toBe(64);
});
