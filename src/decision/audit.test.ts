import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Audit } from './audit.ts';
import { emptyHead, recordHash } from './audit-chain.ts';
import { verifyAudit } from './audit-verify.ts';
import { decider, signal, start } from './fixture.ts';
import type { AuditEntry } from './outcome.ts';

let folder = '';
let log = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-audit-'));
  log = join(folder, 'audit.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (n: number): AuditEntry => ({
  time: n,
  actor: 'policy',
  action: 'decision',
  data: { n, u: undefined },
});
const write = (count: number) => {
  const audit = Audit.open(folder, 0);
  audit.append(Array.from({ length: count }, (_, n) => entry(n)));
  audit.close();
};
const edit = (change: (lines: string[]) => string[]) =>
  writeFileSync(log, change(readFileSync(log, 'utf8').split('\n')).join('\n'));

it('chains what is appended, over restarts', async () => {
  write(3);
  write(2);
  expect(await verifyAudit(folder)).toEqual({ ok: true, records: 5, from: 0, fault: null });
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  const [first, second] = lines.map((line) => JSON.parse(line));
  expect(first).toMatchObject({ seq: 1, prev: emptyHead.hash, actor: 'policy' });
  expect(second.prev).toBe(first.hash);
});

it('is whole when it is empty', async () => {
  expect((await verifyAudit(folder)).ok).toBe(true);
  Audit.open(folder, 0).close();
  expect((await verifyAudit(folder)).ok).toBe(true);
});

it('walks a file larger than one piece', async () => {
  const audit = Audit.open(folder, 0);
  for (let i = 0; i < 4; i++) audit.append(Array.from({ length: 500 }, (_, n) => entry(n)));
  audit.close();
  expect(await verifyAudit(folder)).toMatchObject({ ok: true, records: 2_000 });
});

it.each<[string, () => void]>([
  ['a changed field', () => edit((lines) => lines.with(1, lines[1]!.replace('"n":1', '"n":7')))],
  ['a record taken out', () => edit((lines) => lines.toSpliced(1, 1))],
  ['two records swapped', () => edit((lines) => [lines[1]!, lines[0]!, ...lines.slice(2)])],
  ['a record cut off the end', () => edit((lines) => lines.toSpliced(3, 1))],
  ['a torn end', () => truncateSync(log, readFileSync(log).length - 5)],
  ['an emptied file', () => truncateSync(log, 0)],
  ['a removed file', () => rmSync(log)],
  ['a removed head', () => rmSync(join(folder, 'audit.head'))],
  ['a removed key', () => rmSync(join(folder, 'audit.key'))],
  [
    'a record added without the key',
    () => {
      const last = JSON.parse(readFileSync(log, 'utf8').trim().split('\n').at(-1)!);
      const forged = { seq: 5, time: 1, actor: 'policy', action: 'decision', data: {}, prev: last.hash };
      appendFileSync(log, `${JSON.stringify({ ...forged, hash: recordHash(forged) })}\n`);
    },
  ],
  [
    'a chain made anew without the key',
    () =>
      edit((lines) => {
        let prev = emptyHead.hash;
        return lines.filter(Boolean).map((line) => {
          const record = { ...JSON.parse(line), actor: 'mallory', prev };
          record.hash = recordHash(record);
          prev = record.hash;
          return JSON.stringify(record);
        });
      }),
  ],
])('finds %s', async (_, damage) => {
  write(4);
  expect((await verifyAudit(folder)).ok).toBe(true);
  damage();
  expect(await verifyAudit(folder)).toMatchObject({ ok: false, fault: expect.any(String) });
});

it('mends what a crash leaves, and says so', async () => {
  write(2);
  const sealed = readFileSync(join(folder, 'audit.head'));
  write(1);
  writeFileSync(join(folder, 'audit.head'), sealed);
  appendFileSync(log, '{"seq":4,"ti');
  write(1);
  expect(await verifyAudit(folder)).toEqual({ ok: true, records: 5, from: 0, fault: null });
  expect(readFileSync(log, 'utf8')).toContain('"data":{"tornBytes":12,"unsealed":1}');
});

it('keeps a broken audit beside and raises an alarm', async () => {
  write(4);
  edit((lines) => lines.toSpliced(3, 1));
  const alarms: string[] = [];
  const audit = Audit.open(folder, 77, (text) => alarms.push(text));
  audit.close();
  expect(alarms).toEqual(['The audit is broken: 1 records are missing at the end']);
  expect(readFileSync(`${log}.broken-77`, 'utf8').trim().split('\n')).toHaveLength(3);
  expect(await verifyAudit(folder)).toMatchObject({ ok: true, records: 1 });
});

it('knows which stored decisions a crash kept from it', () => {
  const audit = Audit.open(folder, 0);
  const one = decider();
  const first = one.onSignal(signal({ ip: '203.0.113.1' }), start);
  const second = one.onSignal(signal({ ip: '203.0.113.2' }), start);
  audit.append(first.audit);
  expect(audit.unrecorded([first.decision!, second.decision!])).toEqual([second.decision]);
  audit.append(second.audit);
  expect(audit.unrecorded([first.decision!, second.decision!])).toEqual([]);
  audit.close();
});
