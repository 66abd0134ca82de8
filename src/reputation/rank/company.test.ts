import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packageFolder } from '../../version.ts';
import { Graph } from '../graph/graph.ts';
import { type Item, observe } from '../graph/observe.ts';
import { KnownHosts } from '../known/known-hosts.ts';
import { KnownNodes } from '../known/known-nodes.ts';
import { openNameModel } from '../names/name-model.ts';
import { Lexical, type Seed } from './priors.ts';
import { type Standing, Standings } from './standing.ts';

const model = openNameModel(readFileSync(packageFolder('models/names.model')));
const today = 20_500;
/** A name whose letters look good, and one whose do not. */
const good = 'dailynews.co.uk';
const odd = 'xj4kq9vz2.top';
const plain = (n: number) => `www.harbour${n}.org`;

/** A network that has been looked at for two months. */
function settled(): Graph {
  const graph = new Graph();
  for (let n = 0; n < 40; n++) at(graph, `www.meadow${n}.net`, `198.51.100.${n + 1}`, today - 60 + n);
  return graph;
}

function at(graph: Graph, name: string, ip: string, on: number) {
  observe(graph, name, [{ owner: name, type: 'A', data: ip }], on);
}

/** Bad names at an address, each of a registered domain of its own. */
function crowd(graph: Graph, ip: string, count: number, on: number): string[] {
  const names = Array.from({ length: count }, (_, n) => `host.bad${n}-${ip.replaceAll('.', '-')}.com`);
  for (const name of names) at(graph, name, ip, on);
  return names;
}

function rank(
  graph: Graph,
  bad: readonly string[],
  lines: readonly string[] = [],
  beginnings: readonly number[] = [],
): Standings {
  const hosts = new KnownHosts();
  for (const line of lines) expect(hosts.add(line)).toBe(true);
  const nodes = new KnownNodes(graph, hosts);
  nodes.look();
  graph.rebuild(today);
  nodes.visitAll();
  return new Standings(graph, model, seedsOf(graph, bad), new Lexical(), nodes.guests, new Set(beginnings));
}

const seedsOf = (graph: Graph, bad: readonly string[]): Seed[] =>
  bad.map((name) => ({
    node: graph.find('name', name),
    weight: 0.9,
    says: 'is on the list x',
    family: 'mirai',
  }));

function sums({ reasons, base, score }: Standing): void {
  expect(reasons.reduce((sum, { points }) => sum + points, base)).toBeCloseTo(score, 6);
}
const company = ({ reasons }: Standing) => reasons.find(({ says }) => says.includes('are known to be bad'));

it('finds the letters of its names to be what the tests take them for', () => {
  expect(model.logit(good)).toBeLessThan(-1);
  expect(model.logit(odd)).toBeGreaterThan(1);
});

it('holds a young name among bad ones alone for suspicious, whatever its letters say, and no worse for that alone', () => {
  for (const count of [3, 50]) {
    const graph = settled();
    const bad = crowd(graph, '203.0.113.9', count, today - 5);
    for (const name of [good, odd]) at(graph, name, '203.0.113.9', today);
    // The two count as others for each other: the first is looked at alone below.
    const both = rank(graph, bad);
    expect(both.show(odd)!.score).toBeGreaterThan(70);
    const alone = settled();
    const same = crowd(alone, '203.0.113.9', count, today - 5);
    at(alone, good, '203.0.113.9', today);
    const before = rank(alone, []).show(good)!;
    const shown = rank(alone, same).show(good)!;
    expect(before.score).toBeLessThan(5);
    expect(shown.class).toBe('Suspicious');
    expect(shown.score).toBeLessThanOrEqual(94);
    expect(company(shown)!.says).toBe(`all ${count} other domains at 203.0.113.9 are known to be bad`);
    expect(shown.paths[0]).toMatchObject({ steps: [same[0], '203.0.113.9', good] });
    expect(shown.without!.what).toBe('203.0.113.9');
    expect(shown.without!.score).toBeCloseTo(before.score, 0);
    expect(shown.family).toBe('mirai');
    sums(shown);
  }
});

it('brings a name over the threshold only where its letters agree', () => {
  const graph = settled();
  const bad = crowd(graph, '203.0.113.9', 50, today - 5);
  at(graph, odd, '203.0.113.9', today);
  const shown = rank(graph, bad).show(odd)!;
  expect(shown.class).toBe('Malicious');
  sums(shown);
});

it('counts registered domains, those that are not known to be bad as well, and never the own', () => {
  const graph = settled();
  const bad = crowd(graph, '203.0.113.9', 7, today - 5);
  at(graph, plain(1), '203.0.113.9', today - 5);
  at(graph, 'more.bad0-203-0-113-9.com', '203.0.113.9', today - 5);
  at(graph, odd, '203.0.113.9', today);
  expect(company(rank(graph, bad).show(odd)!)!.says).toBe(
    '7 of the 8 other domains at 203.0.113.9 are known to be bad',
  );
  const own = settled();
  const names = Array.from({ length: 9 }, (_, n) => `h${n}.${odd}`);
  for (const name of names) at(own, name, '203.0.113.9', today - 5);
  at(own, odd, '203.0.113.9', today);
  expect(company(rank(own, names).show(odd)!)).toBeUndefined();
});

it('takes the worst carrier and a little of the second, never all of them', () => {
  const many = (count: number) => {
    const graph = settled();
    const bad: string[] = [];
    for (let n = 0; n < count; n++) {
      bad.push(...crowd(graph, `203.0.113.${n}`, 3, today - 5));
      for (const k of [1, 2, 3]) at(graph, plain(10 * n + k), `203.0.113.${n}`, today - 5);
      at(graph, 'www.orchard.org', `203.0.113.${n}`, today);
    }
    return rank(graph, bad).show('www.orchard.org')!.score;
  };
  expect(many(2)).toBeGreaterThan(many(1));
  expect(many(9) - many(2)).toBeLessThan(2);
});

it('hears of name servers, mail exchangers, aliases and certificates too, and of name servers for all names of a domain', () => {
  for (const type of ['NS', 'MX', 'CNAME', 'certificate'] as const) {
    const graph = settled();
    const data = 'edge.carrier.net';
    const join = (name: string, on: number) => {
      if (type === 'certificate') {
        observe(graph, name, [], on);
        graph.join(type, graph.find('name', name), graph.node(type, 'aa:bb', on), on);
        return;
      }
      const items: Item[] = [{ owner: name, type, data }];
      if (type === 'CNAME') items.push({ owner: data, type: 'A', data: '203.0.113.200' });
      observe(graph, name, items, on);
    };
    const bad = Array.from({ length: 4 }, (_, n) => `bad${n}.com`);
    for (const name of bad) join(name, today - 5);
    join(odd, today);
    at(graph, `www.${odd}`, '203.0.113.201', today);
    const standings = rank(graph, bad);
    expect(company(standings.show(odd)!)!.says, type).toContain('all 4 other domains');
    expect(company(standings.show(`www.${odd}`)!) !== undefined, type).toBe(type === 'NS' || type === 'MX');
  }
});

it('lets nobody frame a name: bad ones that come later, or lead to it, or to a host that many have', () => {
  const later = settled();
  at(later, good, '203.0.113.9', today - 50);
  at(later, good, '203.0.113.9', today);
  const before = rank(later, []).show(good)!.score;
  const framers = crowd(later, '203.0.113.9', 30, today - 1);
  const framed = rank(later, framers).show(good)!;
  expect(company(framed)).toBeUndefined();
  expect(framed.score - before).toBeLessThan(1);
  expect(framed.class).toBe('Benign');

  // What was there on the very first day may have been there for years.
  const first = new Graph();
  at(first, good, '203.0.113.9', today - 20);
  at(first, good, '203.0.113.9', today);
  expect(company(rank(first, crowd(first, '203.0.113.9', 30, today - 20)).show(good)!)).toBeUndefined();

  // An alias is led by who owns it, whatever else it led to before.
  const alias = settled();
  const bad = Array.from({ length: 5 }, (_, n) => `bad${n}.com`);
  for (const name of bad)
    observe(alias, name, [{ owner: name, type: 'CNAME', data: 'trap.bad0.com' }], today - 9);
  observe(alias, 'trap.bad0.com', [{ owner: 'trap.bad0.com', type: 'CNAME', data: good }], today - 1);
  observe(alias, good, [{ owner: good, type: 'CNAME', data: 'edge.cdn.net' }], today);
  expect(company(rank(alias, bad).show(good)!)).toBeUndefined();
});

it('lets nobody frame a name before somebody began to look, however old other records are', () => {
  // Two months of one network; another is looked at for twenty days only.
  const graph = settled();
  const framers = crowd(graph, '203.0.113.9', 30, today - 20);
  at(graph, good, '203.0.113.9', today - 20);
  at(graph, good, '203.0.113.9', today);
  const before = rank(graph, [], [], [today - 20]).show(good)!.score;
  const framed = rank(graph, framers, [], [today - 20]).show(good)!;
  expect(company(framed)).toBeUndefined();
  expect(framed.score - before).toBeLessThan(1);
  expect(company(rank(graph, framers).show(good)!)).toBeDefined();
  // It is minded from the moment on in which it is heard.
  const standings = rank(graph, framers);
  standings.began(new Set([today - 20]));
  expect(company(standings.show(good)!)).toBeUndefined();

  // Who comes later comes to what is there, as before.
  const later = settled();
  const bad = crowd(later, '203.0.113.9', 5, today - 20);
  bad.push(...crowd(later, '203.0.113.9', 5, today - 5));
  for (const name of bad) at(later, name, '203.0.113.9', today);
  at(later, odd, '203.0.113.9', today - 2);
  expect(rank(later, bad, [], [today - 20]).show(odd)!.class).toBe('Malicious');
});

it('hears nothing of shared hosts, known or wide, nor of addresses that every network has, nor of who left long ago', () => {
  const known = settled();
  const bad = crowd(known, '192.0.2.77', 50, today - 5);
  at(known, odd, '192.0.2.77', today);
  const line = 'shared\t192.0.2.0/24\tExample\thttps://example.org/';
  expect(company(rank(known, bad, [line]).show(odd)!)).toBeUndefined();
  expect(company(rank(known, bad).show(odd)!)).toBeDefined();

  const wide = settled();
  const some = crowd(wide, '192.0.2.77', 50, today - 5);
  for (let n = 0; n < 460; n++) at(wide, plain(n), '192.0.2.77', today - 6);
  at(wide, odd, '192.0.2.77', today);
  expect(company(rank(wide, some).show(odd)!)).toBeUndefined();

  const local = settled();
  const intranet = crowd(local, '10.0.0.7', 50, today - 5);
  at(local, odd, '10.0.0.7', today);
  expect(company(rank(local, intranet).show(odd)!)).toBeUndefined();

  const left = settled();
  const gone = crowd(left, '203.0.113.9', 50, today - 45);
  at(left, odd, '203.0.113.9', today);
  expect(company(rank(left, gone).show(odd)!)).toBeUndefined();
});

it('is not bought off: ten good addresses more take nothing away', () => {
  const scoreOf = (bought: number) => {
    const graph = settled();
    const bad = crowd(graph, '203.0.113.9', 7, today - 5);
    at(graph, plain(1), '203.0.113.9', today - 5);
    at(graph, odd, '203.0.113.9', today);
    for (let n = 0; n < bought; n++) {
      for (let k = 0; k < 20; k++) at(graph, `www.park${20 * n + k}.org`, `192.0.2.${n}`, today - 20);
      at(graph, odd, `192.0.2.${n}`, today);
    }
    return rank(graph, bad).show(odd)!.score;
  };
  expect(scoreOf(10)).toBeGreaterThanOrEqual(scoreOf(0) - 1e-6);
});

it('passes nothing on: who is suspect for its company makes nobody else suspect', () => {
  const graph = settled();
  const bad = crowd(graph, '203.0.113.9', 9, today - 5);
  at(graph, odd, '203.0.113.9', today);
  at(graph, odd, '203.0.113.10', today);
  at(graph, good, '203.0.113.10', today);
  const shown = rank(graph, bad).show(good)!;
  expect(company(shown)).toBeUndefined();
  expect(shown.score).toBeLessThan(5);
});

it('hears a domain that a list names for all its names, and forgets it when the list does', () => {
  const graph = settled();
  const bad = crowd(graph, '203.0.113.9', 6, today - 5);
  at(graph, odd, '203.0.113.9', today);
  graph.rebuild(today);
  const domains = bad.map((name) => ({
    node: graph.find('domain', name.replace('host.', '')),
    ...{ weight: 0.9, says: 'is on the list x' },
  }));
  const standings = new Standings(graph, model, domains);
  expect(company(standings.show(odd)!)).toBeDefined();
  expect(standings.reseed([])!.map(({ name }) => name)).toContain(odd);
  expect(company(standings.show(odd)!)).toBeUndefined();
  standings.reseed(domains);
  expect(company(standings.show(odd)!)).toBeDefined();
  // A list that is hardly believed says nothing of others.
  standings.reseed(domains.map((seed) => ({ ...seed, weight: 0.4 })));
  expect(company(standings.show(odd)!)).toBeUndefined();
});

it('tells of an address how many at it are known to be bad, where that makes the others suspect', () => {
  const graph = settled();
  const bad = crowd(graph, '203.0.113.9', 7, today - 5);
  at(graph, plain(1), '203.0.113.9', today - 5);
  at(graph, bad[0]!, '203.0.113.10', today - 5);
  at(graph, plain(2), '203.0.113.10', today - 5);
  const standings = rank(graph, bad);
  expect(standings.address('203.0.113.9')!.company).toBe(
    '7 of the 8 domains seen at it of late are known to be bad',
  );
  // One alone says nothing of others.
  expect(standings.address('203.0.113.10')!.company).toBeUndefined();
  standings.reseed([]);
  expect(standings.address('203.0.113.9')!.company).toBeUndefined();
  const shared = rank(graph, bad, ['shared\t203.0.113.0/24\tExample\thttps://example.org/']);
  expect(shared.address('203.0.113.9')!.company).toBeUndefined();
});
