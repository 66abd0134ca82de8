import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Audit } from './audit.ts';
import { copyAudit } from './audit-copy.ts';
import { auditLimits } from './audit-limits.ts';
import { verifyAudit } from './audit-verify.ts';
import { decider, signal, start } from './fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-segments-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const day = 86_400_000;
const small = { segmentBytes: 1_000, retentionMs: 10 * day, leastMs: 2 * day };
const open = (more: Partial<typeof small> & { diskBytes?: number } = {}, alarm?: (text: string) => void) =>
  Audit.open(folder, 0, alarm, auditLimits.parse({ ...small, ...more }));
const closed = () => readdirSync(folder).filter((name) => /^audit-\d+\.jsonl$/.test(name));
const at = (name: string) => join(folder, name);

/** Records of one day each, one an append, about 270 bytes. */
function fill(audit: Audit, from: number, count: number): void {
  for (let n = from; n < from + count; n++)
    audit.append([{ time: n * day, actor: 'policy', action: 'decision', data: { n } }]);
}
function filled(count: number, more?: Parameters<typeof open>[0]): void {
  const audit = open(more);
  fill(audit, 0, count);
  audit.close();
}

it('goes on with the chain in the next file when one is full, also over restarts', async () => {
  filled(10);
  filled(10);
  expect(closed().length).toBeGreaterThanOrEqual(3);
  expect(closed()[0]).toBe('audit-000000000001.jsonl');
  for (const name of closed()) expect(readFileSync(at(name)).length).toBeLessThan(1_400);
  expect(await verifyAudit(folder)).toEqual({ ok: true, records: 20, from: 0, fault: null });
});

it.each<[string, (names: string[]) => void, string]>([
  [
    'a changed record of an older segment',
    ([first]) => writeFileSync(at(first!), readFileSync(at(first!), 'utf8').replace('"n":1', '"n":7')),
    'record 2 is damaged',
  ],
  [
    'an older segment cut at its end',
    ([first]) => {
      const lines = readFileSync(at(first!), 'utf8').split('\n');
      writeFileSync(at(first!), `${lines.slice(0, -2).join('\n')}\n`);
    },
    'does not follow the one before',
  ],
  ['a torn older segment', ([first]) => truncateSync(at(first!), 900), 'is damaged'],
  ['a removed middle segment', ([, second]) => rmSync(at(second!)), 'does not follow the one before'],
  ['a removed first segment', ([first]) => rmSync(at(first!)), 'record 1 does not follow the one before'],
  [
    'two segments swapped',
    ([first, second]) => {
      renameSync(at(first!), at('x'));
      renameSync(at(second!), at(first!));
      renameSync(at('x'), at(second!));
    },
    'does not follow the one before',
  ],
  [
    'a record added to an older segment',
    ([first]) => appendFileSync(at(first!), `${readFileSync(at(first!), 'utf8').split('\n')[0]}\n`),
    'does not follow the one before',
  ],
  ['all segments gone', (names) => names.map((name) => rmSync(at(name))), 'does not follow'],
])('finds %s', async (_, damage, fault) => {
  filled(20);
  damage(closed());
  expect(await verifyAudit(folder)).toMatchObject({ ok: false, fault: expect.stringContaining(fault) });
});

it('mends a crash between the closing of one file and the making of the next', async () => {
  filled(4);
  const next = 'audit-000000000001.jsonl';
  expect(closed()).toEqual([]);
  renameSync(at('audit.jsonl'), at(next));
  expect(await verifyAudit(folder)).toMatchObject({ ok: true, records: 4 });
  const alarms: string[] = [];
  const audit = open({}, (text) => alarms.push(text));
  expect(audit.seq).toBe(4);
  fill(audit, 4, 6);
  audit.close();
  expect(alarms).toEqual([]);
  expect(closed()).toEqual([next, 'audit-000000000005.jsonl']);
  expect(await verifyAudit(folder)).toMatchObject({ ok: true, records: 10 });
});

it('takes a closed segment that a crash cannot have torn for tampering', async () => {
  filled(4);
  renameSync(at('audit.jsonl'), at('audit-000000000001.jsonl'));
  truncateSync(at('audit-000000000001.jsonl'), 1_000);
  const alarms: string[] = [];
  const audit = open({}, (text) => alarms.push(text));
  expect(alarms).toEqual(['The audit is broken: audit-000000000001.jsonl is torn']);
  audit.close();
  expect(existsSync(at('audit-000000000001.jsonl.broken-0'))).toBe(true);
  expect(await verifyAudit(folder)).toMatchObject({ ok: true, records: 1 });
});

it('removes segments by their age, says so in the chain, and verifies from there', async () => {
  const audit = open();
  fill(audit, 0, 20);
  const before = closed();
  expect(audit.retain(5 * day)).toEqual([]);
  const removed = audit.retain(20 * day);
  expect(removed).toEqual(before.slice(0, 2));
  expect(closed()[0]).toBe(before[2]);
  const check = await verifyAudit(folder);
  expect(check).toMatchObject({ ok: true, records: 21, fault: null });
  expect(check.from).toBeGreaterThanOrEqual(8);
  expect(readFileSync(at('audit.jsonl'), 'utf8')).toContain(`"removed":["${removed.join('","')}"]`);
  audit.close();
  // And goes on over a restart.
  filled(3);
  expect(await verifyAudit(folder)).toMatchObject({ ok: true, records: 24, from: check.from });
  // Whoever removes more finds no head that fits.
  rmSync(at(closed()[0]!));
  expect((await verifyAudit(folder)).ok).toBe(false);
});

it('keeps within its disk budget, but never removes what is young', async () => {
  const audit = open({ retentionMs: 1_000 * day, diskBytes: 3_000 });
  fill(audit, 0, 20);
  expect(audit.overBudget).toBe(true);
  audit.retain(20 * day);
  expect(audit.overBudget).toBe(false);
  expect(closed().length).toBeGreaterThan(0);
  // A flood within a day pushes nothing out.
  const kept = closed();
  for (let n = 0; n < 40; n++)
    audit.append([{ time: 20 * day + n, actor: 'policy', action: 'decision', data: { n } }]);
  audit.retain(20 * day);
  expect(closed().length).toBeGreaterThan(kept.length);
  expect(audit.overBudget).toBe(true);
  audit.close();
  expect((await verifyAudit(folder)).ok).toBe(true);
});

it('finishes a removal that a crash cut short', async () => {
  const audit = open();
  fill(audit, 0, 20);
  const [first = ''] = closed();
  copyFileSync(at(first), at('saved'));
  audit.retain(19 * day);
  audit.close();
  renameSync(at('saved'), at(first));
  expect((await verifyAudit(folder)).ok).toBe(true);
  open().close();
  expect(existsSync(at(first))).toBe(false);
});

it('knows decisions that were audited before the file was full', () => {
  const audit = open();
  const one = decider();
  const first = one.onSignal(signal({ ip: '203.0.113.1' }), start);
  const second = one.onSignal(signal({ ip: '203.0.113.2' }), start);
  audit.append([...first.audit, ...second.audit]);
  fill(audit, 0, 1);
  expect(closed()).toHaveLength(1);
  expect(audit.unrecorded([first.decision!, second.decision!])).toEqual([]);
  audit.close();
});

it('is copied beside its writer so that the copy verifies', async () => {
  const audit = open();
  fill(audit, 0, 20);
  const target = join(folder, 'copy');
  const copying = copyAudit(folder, target);
  fill(audit, 20, 20);
  audit.retain(25 * day);
  await copying;
  audit.close();
  expect(await verifyAudit(target)).toMatchObject({ ok: true, fault: null });
  expect((await verifyAudit(target)).records).toBeGreaterThanOrEqual(40);
});
