import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { packageFolder } from '../../version.ts';
import { noteAnswer } from '../behaviour/note-answer.ts';
import { NxdomainBursts } from '../behaviour/nxdomain-bursts.ts';
import { Graph } from '../graph/graph.ts';
import { observe } from '../graph/observe.ts';
import { addressNode } from '../graph/places.ts';
import { KnownHosts } from '../known/known-hosts.ts';
import { KnownNodes } from '../known/known-nodes.ts';
import { openNameModel } from '../names/name-model.ts';
import { Lexical, type Seed } from './priors.ts';
import { type Standing, Standings } from './standing.ts';

const model = openNameModel(readFileSync(packageFolder('models/names.model')));
const today = 20_500;
const day = 86_400_000;

/** A network in which new names were seen every day for a month. */
function settled(): Graph {
  const graph = new Graph();
  for (let n = 0; n < 30; n++) resolve(graph, `www.garden${n}.org`, `192.0.2.${n + 1}`, today - 37 + n);
  return graph;
}

function resolve(graph: Graph, name: string, ip: string, on = today, ttl = 3_600) {
  observe(graph, name, [{ owner: name, type: ip.includes(':') ? 'AAAA' : 'A', data: ip, ttl }], on);
}

function standings(graph: Graph, seeds: Seed[] = [], known: string[] = []): Standings {
  const hosts = new KnownHosts();
  for (const line of known) expect(hosts.add(line)).toBe(true);
  const nodes = new KnownNodes(graph, hosts);
  nodes.look();
  nodes.lookAtZones();
  graph.rebuild(today);
  nodes.visitAll();
  return new Standings(graph, model, seeds, new Lexical(), nodes.guests);
}

function sums({ reasons, base, score }: Standing): void {
  expect(reasons.reduce((sum, { points }) => sum + points, base)).toBeCloseTo(score, 4);
}
const pointsOf = ({ reasons }: Standing, part: string) =>
  reasons.find(({ says }) => says.includes(part))?.points ?? 0;

/** Registered domains of random letters that the model holds to be generated. */
function generated(count: number): string[] {
  const draw = seeded(11);
  const found: string[] = [];
  while (found.length < count) {
    const label = Array.from({ length: 11 }, () => 'bcdfghjklmnpqrtvwxz'[Math.floor(draw() * 19)]).join('');
    if (model.logit(`${label}.com`) >= 1) found.push(`${label}.com`);
  }
  return found;
}

it('holds the name that a generator found to be worse than the same without its burst', () => {
  const names = generated(30);
  const hit = names.pop()!;
  const play = (client?: string) => {
    const graph = settled();
    const bursts = new NxdomainBursts((domain) => model.logit(domain));
    names.forEach((name, n) => {
      observe(graph, name, [], today);
      const time = today * day + n * 1_000;
      if (client) noteAnswer(graph, bursts, { time, name, rcode: 'NXDOMAIN', client }, today);
    });
    resolve(graph, hit, '203.0.113.7');
    resolve(graph, 'www.neighbour.org', '203.0.113.7');
    const time = today * day + 60_000;
    if (client) noteAnswer(graph, bursts, { time, name: hit, rcode: 'NOERROR', client }, today);
    return standings(graph);
  };
  const [without, burst] = [play(), play('198.51.100.9')];
  const [before, after] = [without.show(hit)!, burst.show(hit)!];
  expect(after.score).toBeGreaterThan(before.score + 20);
  expect(after.class).not.toBe('Malicious');
  expect(pointsOf(after, '29 generated names that do not exist')).toBeGreaterThan(20);
  sums(after);
  expect([...burst.ranked()].find(({ name }) => name === hit)!.score).toBeCloseTo(after.score, 6);
  // Those that do not exist are told of by half as much, and who shares its address pays nothing for it.
  expect(burst.show(names[3]!)!.score).toBeGreaterThan(without.show(names[3]!)!.score);
  expect(burst.show(names[3]!)!.score).toBeLessThan(after.score);
  expect(burst.show('www.neighbour.org')!.score).toBeCloseTo(without.show('www.neighbour.org')!.score, 3);
});

it('tells fast flux and freshness, and neither of a shared host nor of a network that is new itself', () => {
  const graph = settled();
  const spread = (name: string, ttl: number) => {
    for (let n = 0; n < 12; n++) resolve(graph, name, `203.${n}.113.7`, today, ttl);
  };
  spread('flux.harbour.org', 120);
  spread('calm.harbour2.org', 86_400);
  for (let n = 0; n < 12; n++) resolve(graph, 'edge.harbour3.org', `104.${16 + (n % 8)}.${n}.9`, today, 60);
  const shared = ['shared\t104.16.0.0/13\tCloudflare\thttps://www.cloudflare.com/ips/'];
  const all = standings(graph, [], shared);
  const flux = all.show('flux.harbour.org')!;
  expect(pointsOf(flux, 'change within minutes: 12 in 12 blocks')).toBeGreaterThan(0);
  expect(pointsOf(flux, 'first seen today')).toBeGreaterThan(0);
  sums(flux);
  expect(pointsOf(all.show('calm.harbour2.org')!, 'within minutes')).toBe(0);
  const edge = all.show('edge.harbour3.org')!;
  expect(pointsOf(edge, 'within minutes')).toBe(0);
  expect(edge.host).toEqual({ kind: 'shared', who: 'Cloudflare' });
  expect(pointsOf(all.show('www.garden3.org')!, 'first seen')).toBe(0);
  const young = new Graph();
  resolve(young, 'flux.harbour.org', '203.0.113.7');
  expect(pointsOf(standings(young).show('flux.harbour.org')!, 'first seen')).toBe(0);
});

it('never lowers a score by what a name does, however much of it', () => {
  const names = ['www.harbour.org', 'qzkvbtxmwj.org', 'login-paypal-secure.example'];
  for (const name of names) {
    const plain = settled();
    resolve(plain, name, '203.0.113.7');
    const before = standings(plain).show(name)!.score;
    const busy = settled();
    for (let n = 0; n < 8; n++) resolve(busy, name, `203.${n}.113.7`, today, 60);
    const bursts = new NxdomainBursts((domain) => model.logit(domain));
    for (const [n, missing] of generated(30).entries()) {
      observe(busy, missing, [], today);
      const seen = { time: today * day + n, name: missing, rcode: 'NXDOMAIN', client: 'c' };
      noteAnswer(busy, bursts, seen, today);
    }
    noteAnswer(busy, bursts, { time: today * day + 99, name, rcode: 'NOERROR', client: 'c' }, today);
    expect(standings(busy).show(name)!.score).toBeGreaterThan(before - 0.5);
  }
});

it('names a family only where most of what is known says so, and more than one does', () => {
  const graph = settled();
  for (const n of [1, 2, 3]) resolve(graph, 'www.harbour.org', `203.0.113.${n}`);
  const seed = (n: number, family?: string): Seed => ({
    node: addressNode(graph, `203.0.113.${n}`, today),
    ...{ weight: 0.9, says: 'is on the list x' },
    ...(family && { family }),
  });
  const family = (...seeds: Seed[]) => standings(graph, seeds).show('www.harbour.org')!.family;
  expect(family(seed(1, 'mirai'), seed(2, 'mirai'), seed(3, 'gafgyt'))).toBe('mirai');
  expect(family(seed(1, 'mirai'))).toBeNull();
  expect(family(seed(1, 'mirai'), seed(2, 'gafgyt'), seed(3))).toBeNull();
});

it('tells who took a name over, and lets nothing of what was known of it pass on', () => {
  const graph = settled();
  resolve(graph, 'www.harbour.org', '199.2.137.9');
  resolve(graph, 'old.harbour.org', '203.0.113.5');
  resolve(graph, 'moved.quarry.org', '199.2.137.9', today - 30);
  resolve(graph, 'moved.quarry.org', '203.0.113.6');
  observe(graph, 'meadow.org', [{ owner: 'meadow.org', type: 'NS', data: 'ns1.bodis.com' }], today);
  resolve(graph, 'www.meadow.org', '203.0.113.8');
  const lines = [
    'sinkhole\t199.2.137.0/24\tMicrosoft\thttps://example.org/',
    'parking\tbodis.com\tBodis\thttps://example.org/',
  ];
  const seed = (name: string): Seed => ({
    node: graph.find('name', name),
    ...{ weight: 1, says: 'is on the list x' },
  });
  const [none, listed] = [standings(graph, [], lines), standings(graph, [seed('www.harbour.org')], lines)];
  const taken = listed.show('www.harbour.org')!;
  expect(taken.host).toEqual({ kind: 'sinkhole', who: 'Microsoft' });
  expect(pointsOf(taken, 'taken over by a sinkhole (Microsoft)')).toBeGreaterThan(0);
  sums(taken);
  expect(listed.show('old.harbour.org')!.score).toBeCloseTo(none.show('old.harbour.org')!.score, 6);
  // Without the list, the same seed would blame its neighbour.
  const blamed = standings(graph, [seed('www.harbour.org')]);
  expect(blamed.show('old.harbour.org')!.score).toBeGreaterThan(none.show('old.harbour.org')!.score + 0.3);
  expect(listed.show('moved.quarry.org')!.host).toBeNull();
  expect(listed.show('www.meadow.org')!.host).toEqual({ kind: 'parking', who: 'Bodis' });
});
