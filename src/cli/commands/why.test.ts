import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostile, openSystem, type System, unprintable } from '../../../test/setup/commands.ts';
import type { Listed } from '../../../test/setup/installed.ts';

interface Answer {
  kind: string;
  signals: { id: string; events: { id: string; raw: string }[] }[];
}

const source = '203.0.113.9';
let system: System;
let decision: Listed['decision'];
beforeAll(async () => {
  system = await openSystem();
  await system.attacked(source, { secret: hostile });
  [{ decision }] = (await system.ask<Listed>('decisions')) as [Listed];
});
afterAll(() => system?.close());

it('walks from a decision down to the lines of the log', async () => {
  const { code, out } = await system.run('why', decision.id);
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines[0]).toBe(`decision ${decision.id}`);
  expect(lines[1]).toMatch(/^ {2}decided 2025-02-12 00:00:\d\d: E4 /);
  expect(out).toMatch(/^ {2}└ signal \S+: bruteforce \(E4, confidence \S+, T1110\.001\)$/m);
  expect(out).toMatch(
    /^ {6}└ event \S+ 2025-02-12 .* login ssh 203\.0\.113\.9:40000 → 192\.0\.2\.10:22 at pot /m,
  );
  expect(out).toContain('"eventid":"cowrie.login.failed"');
});

it('shows what attackers wrote, and obeys none of it', async () => {
  for (const args of [[decision.id], [source], [decision.id, '--json']]) {
    const { code, out } = await system.run('why', ...args);
    expect(code).toBe(0);
    expect(out).not.toMatch(unprintable);
    // The log had it as JSON escapes, but for what JSON leaves as it is.
    expect(out).toContain('u202e');
  }
});

it('answers for a source, a finding, a signal and an event alike', async () => {
  const [answer] = await system.ask<Answer>('why', decision.id);
  const [signal] = answer!.signals;
  const [finding] = await system.ask<{ id: string }>('findings');
  const [event] = signal!.events;
  const kinds: Record<string, string> = {
    [source]: 'source',
    [finding!.id]: 'finding',
    [signal!.id]: 'signal',
    [event!.id]: 'event',
  };
  for (const [what, kind] of Object.entries(kinds)) {
    const { code, out } = await system.run('why', what);
    expect([code, out.startsWith(`${kind} ${what}\n`)]).toEqual([0, true]);
    expect(out).toContain('cowrie.login.failed');
  }
});

it.each([
  [64, []],
  [1, ['00000000-0000-8000-8000-000000000000']],
  [1, ['\u001b[2J']],
])('ends with %i on %j', async (code, args) => {
  const ran = await system.run('why', ...args);
  expect([ran.code, ran.out]).toEqual([code, '']);
  expect(ran.err).not.toMatch(unprintable);
});
