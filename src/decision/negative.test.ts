// What must never lead to a deny, by the numbers of the defence note: 1, 3, 5, 6, 9, 13, 14, 15, 16, 18. Enforcers have theirs (5, 10, 12).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Signal } from '../model/signal.ts';
import { Audit } from './audit.ts';
import { verifyAudit } from './audit-verify.ts';
import { decider, hour, minute, neverBlock, signal, start, target } from './fixture.ts';
import { memoryFlag } from './flag-file.ts';
import { firstEntry } from './never-block.ts';

const enforce = { mode: 'enforce' as const };
const served = (port: number) => target(port, { decoy: false, sensor: 'web-1', protocol: 'http' });

it('1 spoofed SYNs, UDP, ICMP and refused flows, however many, deny nobody', () => {
  const one = decider(enforce);
  for (let i = 0; i < 2_000; i++) {
    const transport = (['tcp', 'udp', 'icmp', 'other'] as const)[i % 4]!;
    const forged = signal({
      ip: i % 2 ? '203.0.113.9' : `203.0.113.${i % 250}`,
      evidence: i % 3 ? 'E1' : 'E2',
      confidence: 1,
      time: start + i * 10,
      targets: [target(i % 65_536, { transport })],
    });
    expect(one.onSignal(forged, start + i * 10).decision).toBeUndefined();
  }
  expect(one.standing()).toEqual([]);
});

it('2 backscatter accuses nobody', () => {
  const one = decider(enforce);
  const answer = signal({ evidence: 'E1', confidence: 1, targets: [target(40_000, { decoy: false })] });
  expect(one.onSignal(answer, start).verdict.route).toBe('tip');
});

it('3 a feed that lists 8.8.8.8, GitHub or our own range denies nobody', () => {
  const one = decider(enforce);
  for (const ip of ['8.8.8.8', '140.82.121.4', '192.0.2.10']) {
    const listed = signal({ ip, detector: 'feed', evidence: 'E0', confidence: 1, targets: [] });
    expect(one.onSignal(listed, start).verdict.route, ip).toBe('tip');
  }
});

it('3 not even proof denies a public resolver or our own range, nor more than a port of GitHub', () => {
  const one = decider(enforce);
  const proof = (ip: string) => one.onSignal(signal({ ip, evidence: 'E5', confidence: 1 }), start);
  for (const ip of ['8.8.8.8', '1.1.1.1', '9.9.9.9', '2001:4860:4860::8888', '192.0.2.10', '2001:db8:1::99'])
    expect(proof(ip).verdict.route, ip).toBe('tip');
  expect(proof('140.82.121.4').decision).toMatchObject({ step: 0, scope: { ports: [2323] } });
});

it('5 a list that is down, empty, malformed or stale denies nobody and raises an alarm', () => {
  const lists = [
    () => {
      throw new Error('the database is gone');
    },
    () => ({ entries: [], readAt: start }),
    () => ({ entries: [{ block: 'x' }], readAt: start }),
    () => ({ entries: [firstEntry], readAt: start - 25 * hour }),
  ];
  for (const list of lists) {
    const outcome = decider(enforce, { neverBlock: neverBlock({ list }) }).onSignal(signal(), start);
    expect(outcome.decision).toBeUndefined();
    expect(outcome.alarms).toHaveLength(1);
  }
});

it('6 own addresses, gateways, resolvers, health checkers and administrators are refused', () => {
  const checker = { ...firstEntry, block: '203.0.113.80', owner: 'ops', reason: 'health checker' };
  const list = neverBlock({
    list: () => ({ entries: [firstEntry, checker], readAt: start }),
    sessions: () => ['203.0.113.44'],
  });
  const one = decider(enforce, { neverBlock: list });
  for (const ip of [
    '192.0.2.10',
    '192.0.2.1',
    '192.0.2.53',
    '203.0.113.80',
    '203.0.113.44',
    '127.0.0.1',
    '10.0.0.8',
  ])
    expect(one.onSignal(signal({ ip, evidence: 'E5', confidence: 1 }), start).verdict, ip).toMatchObject({
      route: 'tip',
      reason: expect.stringContaining('Never-block holds it'),
    });
});

it('9 100,000 sources at once open the breaker, and tips are all that follows', () => {
  const flag = memoryFlag();
  const one = decider(enforce, { breaker: flag });
  let denied = 0;
  let alarms = 0;
  const template = signal();
  for (let i = 0; i < 100_000; i++) {
    const ip = `${100 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.7`
      .replace(/^100\./, '45.')
      .replace(/^101\./, '46.');
    const id = `${template.id.slice(0, 24)}${i.toString(16).padStart(12, '0')}`;
    const one_: Signal = { ...template, id, subject: { type: 'ip', value: ip } };
    const { decision, alarms: raised } = one.onSignal(one_, start + i);
    if (decision) denied++;
    alarms += raised.length;
  }
  expect(denied).toBe(50);
  expect(alarms).toBe(1);
  expect(flag.engaged()).toBe(true);
});

it('12 with the kill switch set every decision becomes a tip', () => {
  const killSwitch = memoryFlag();
  const one = decider(enforce, { killSwitch });
  killSwitch.engage('ada', 'drill', start);
  expect(one.onSignal(signal({ evidence: 'E5' }), start).verdict).toMatchObject({ route: 'tip' });
  killSwitch.release();
  expect(one.onSignal(signal({ evidence: 'E5' }), start).decision).toBeDefined();
});

it('13 what a denied client is refused is no new evidence', () => {
  const one = decider(enforce);
  const web = { evidence: 'E3' as const, detector: 'webprobe', targets: [served(443)] };
  const { decision } = one.onSignal(signal(web), start);
  for (let i = 1; i < 9; i++) {
    const time = start + i * minute;
    const outcome = one.onSignal(signal({ ...web, time }), time);
    expect(outcome).toMatchObject({ verdict: { route: 'watch' }, ended: [], audit: [] });
  }
  expect(one.standing()).toEqual([decision]);
  const decoy = one.onSignal(signal({ time: start + 9 * minute }), start + 9 * minute);
  expect(decoy.decision).toBeDefined();
});

it('14 no term runs from the future or from the past', () => {
  const one = decider(enforce);
  const at = (time: number) => one.onSignal(signal({ ip: '203.0.113.5', time }), start);
  expect(at(start + 6 * minute).verdict.route).toBe('tip');
  expect(at(start - hour).verdict.route).toBe('tip');
  expect(at(Date.UTC(2099, 0)).verdict.route).toBe('tip');
  expect(one.standing()).toEqual([]);
  expect(at(start + 4 * minute).decision?.until).toBe(start + 10 * minute);
});

it('15 an audit that was altered or cut does not verify', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-negative-'));
  try {
    const audit = Audit.open(folder, start);
    const one = decider(enforce);
    for (const ip of ['203.0.113.1', '203.0.113.2', '203.0.113.3'])
      audit.append(one.onSignal(signal({ ip }), start).audit);
    audit.close();
    expect(await verifyAudit(folder)).toEqual({ ok: true, records: 3, from: 0, fault: null });
    const log = join(folder, 'audit.jsonl');
    const text = readFileSync(log, 'utf8');
    writeFileSync(log, text.replace('203.0.113.2', '203.0.113.9'));
    expect((await verifyAudit(folder)).ok).toBe(false);
    writeFileSync(log, `${text.split('\n').slice(0, 2).join('\n')}\n`);
    expect((await verifyAudit(folder)).ok).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('16 /0, wide blocks and a mapped spelling of a never-block address are refused', () => {
  const one = decider(enforce);
  for (const value of ['0.0.0.0/0', '::/0', '203.0.113.0/24', '::ffff:192.0.2.10', '::ffff:c000:20a'])
    for (const type of ['ip', 'cidr'] as const) {
      const outcome = one.onSignal({ ...signal({ evidence: 'E5' }), subject: { type, value } }, start);
      expect(outcome.decision, `${type} ${value}`).toBeUndefined();
    }
});

// There is no release on a login yet; until there is, that nothing but time and people release is what this holds fast.
it('18 a login with a stolen password releases nobody', () => {
  const one = decider(enforce);
  const { decision } = one.onSignal(signal({ evidence: 'E5' }), start);
  one.onSignal(signal({ detector: 'login', confidence: 0, targets: [served(22)] }), start + minute);
  expect(one.standing()).toEqual([decision]);
});

it('an import, however good its evidence, only simulates', () => {
  const one = decider(enforce, { live: false });
  for (let i = 1; i < 100; i++)
    expect(one.onSignal(signal({ ip: `203.0.113.${i}`, evidence: 'E5' }), start).decision?.mode).toBe(
      'simulate',
    );
});
