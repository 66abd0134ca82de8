import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { ClientCount } from './client-count.ts';
import { ClientGroups, groupOf, groupText } from './client-groups.ts';
import { Graph } from './graph.ts';
import { edgeTypes } from './kinds.ts';
import { observe } from './observe.ts';

const key = Buffer.alloc(32, 7);
const day = 20_500;

function made(...[limits]: [ConstructorParameters<typeof ClientGroups>[2]?]) {
  const graph = new Graph();
  const groups = new ClientGroups(graph, { key, least: 3 }, limits);
  const ask = (name: string, clients: string[], on = day) => {
    observe(graph, name, [], on);
    for (const client of clients) groups.asked(name, client, on);
  };
  return { graph, groups, ask };
}

/** What is known of who asked for a name: the group, and the days. */
function around(graph: Graph, kind: 'name' | 'client', text: string): string[] {
  const found: string[] = [];
  const node = graph.find(kind, text);
  if (node >= 0)
    graph.each(node, (other, type, first, last) => {
      if (edgeTypes[type]!.name === 'asked') found.push(`${graph.nodes.text(other)} ${first} ${last}`);
    });
  return found.sort();
}

const clients = (network: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${network}${n + 1}`);

it('joins a name with a network once enough different clients of it asked, and never before', () => {
  const { graph, ask } = made();
  ask('www.few.example', ['192.0.2.1', '192.0.2.2', '192.0.2.1', '192.0.2.2', '198.51.100.9']);
  expect(around(graph, 'name', 'www.few.example')).toEqual([]);
  ask('www.few.example', ['192.0.2.3']);
  const group = groupOf(key, '192.0.2.0/24');
  expect(group).toMatch(groupText);
  expect(around(graph, 'name', 'www.few.example')).toEqual([`${group} ${day} ${day}`]);
  ask('www.six.example', clients('2001:db8:5:1::', 3));
  expect(around(graph, 'name', 'www.six.example')).toEqual([
    `${groupOf(key, '2001:db8:5::/48')} ${day} ${day}`,
  ]);
  expect(around(graph, 'client', group)).toEqual([`www.few.example ${day} ${day}`]);
});

it('counts each day for itself, in whatever order answers come, and sees an edge again only with as many', () => {
  const { graph, ask } = made();
  ask('www.slow.example', ['192.0.2.1'], day);
  ask('www.slow.example', ['192.0.2.2'], day + 1);
  ask('www.slow.example', ['192.0.2.3'], day + 2);
  expect(around(graph, 'name', 'www.slow.example')).toEqual([]);
  ask('www.slow.example', clients('192.0.2.', 2), day + 2);
  const group = groupOf(key, '192.0.2.0/24');
  expect(around(graph, 'name', 'www.slow.example')).toEqual([`${group} ${day + 2} ${day + 2}`]);
  ask('www.slow.example', ['192.0.2.7'], day + 9);
  expect(around(graph, 'name', 'www.slow.example')).toEqual([`${group} ${day + 2} ${day + 2}`]);
  // What is older comes later.
  ask('www.slow.example', clients('192.0.2.', 3), day);
  expect(around(graph, 'name', 'www.slow.example')).toEqual([`${group} ${day} ${day + 2}`]);
});

it('writes neither addresses nor networks', () => {
  const { graph, ask } = made();
  for (let n = 0; n < 9; n++) ask(`www.shop${n}.example`, clients('198.51.100.', 5));
  const { nodes } = graph;
  const texts = Array.from({ length: nodes.size }, (_, node) => nodes.text(node)).join(' ');
  expect(texts).toContain(groupOf(key, '198.51.100.0/24'));
  expect(texts).not.toMatch(/198\.51/);
});

it('lets a group have so many new names a day, and a name so many groups, and says what it left out', () => {
  const { graph, groups, ask } = made({ namesADay: 3, groupsOfName: 2, groupsADay: 4 });
  for (let n = 0; n < 5; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 3));
  const group = groupOf(key, '192.0.2.0/24');
  expect(around(graph, 'client', group)).toHaveLength(3);
  expect(groups.leftOut).toBe(2);
  // What it is known to ask for is seen on the next day, and makes no room for what is new by that.
  for (let n = 0; n < 3; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 3), day + 1);
  for (let n = 5; n < 9; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 3), day + 1);
  expect(around(graph, 'client', group).filter((one) => one.endsWith(`${day} ${day + 1}`))).toHaveLength(3);
  expect(around(graph, 'client', group)).toHaveLength(6);
  expect(groups.leftOut).toBe(3);
  for (let n = 0; n < 4; n++) ask('www.popular.example', clients(`203.0.${n}.`, 3));
  expect(around(graph, 'name', 'www.popular.example')).toHaveLength(2);
  expect(groups.leftOut).toBe(5);
  // Two of those groups had been new, and one more than the day has room for comes now.
  for (let n = 4; n < 7; n++) ask(`www.rare${n}.example`, clients(`203.0.${n}.`, 3));
  expect(groups.leftOut).toBe(7);
});

it('keeps to its limits over a restart and a new ranking', () => {
  const limits = { namesADay: 3, edges: 4 };
  const { graph, ask } = made(limits);
  for (let n = 0; n < 3; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 3));
  graph.rebuild(day);
  ask('www.more.example', clients('192.0.2.', 3));
  expect(around(graph, 'name', 'www.more.example')).toEqual([]);
  const next = new ClientGroups(graph, { key, least: 3 }, limits);
  const askNext = (name: string, network: string) => {
    observe(graph, name, [], day);
    for (const client of clients(network, 3)) next.asked(name, client, day);
  };
  askNext('www.more.example', '192.0.2.');
  askNext('www.shop0.example', '192.0.2.');
  expect(next.leftOut).toBe(1);
  askNext('www.shop0.example', '203.0.113.');
  askNext('www.shop1.example', '203.0.113.');
  expect(next.leftOut).toBe(2);
  expect(around(graph, 'name', 'www.shop1.example')).toHaveLength(1);
});

it('tells of who asked for 90 days, and of the rest for ever', () => {
  const { graph, ask } = made();
  ask('www.old.example', clients('192.0.2.', 3));
  graph.rebuild(day + 90);
  expect(around(graph, 'name', 'www.old.example')).toHaveLength(1);
  const { edges } = graph;
  graph.rebuild(day + 91);
  expect(around(graph, 'name', 'www.old.example')).toEqual([]);
  expect(graph.edges).toBe(edges - 1);
});

it('counts within its limits, and says how many counts they cost', () => {
  const count = new ClientCount(3, { pairs: 64 });
  const see = (name: number, client: number, on = day) =>
    count.see({ low: Math.imul(name, 0x9e3779b1) >>> 0, high: 2, day: on, client });
  for (let name = 0; name < 64; name++) see(name, 1);
  const before = count.pushedOut;
  for (let name = 64; name < 1_064; name++) see(name, 1);
  expect(count.pushedOut - before).toBeGreaterThan(990);
  // What had its day costs nothing.
  const then = count.pushedOut;
  for (let name = 0; name < 60; name++) see(name, 1, day + 1);
  expect(count.pushedOut - then).toBeLessThan(30);
  expect(count.bytes).toBe(64 * 4 * 5);
  const wide = new ClientCount(1_000, { bytes: 1 << 20 });
  for (let name = 0; name < 5_000; name++) wide.see({ low: name, high: 2, day, client: 1 });
  expect(wide.bytes).toBeLessThanOrEqual(1 << 20);
  const many = new ClientCount(1_000);
  const told = Array.from({ length: 2_000 }, (_, client) =>
    many.see({ low: 1, high: 1, day, client: client % 1_100 }),
  );
  expect(told.indexOf(true)).toBe(999);
  expect(told.lastIndexOf(true)).toBe(999);
});

it('loses hardly a count as long as there is room', () => {
  const count = new ClientCount(2);
  const each = 100_000;
  const draw = seeded(5);
  const lows = Uint32Array.from({ length: each }, () => draw() * 0x1_0000_0000);
  const see = (name: number, client: number) => count.see({ low: lows[name]!, high: name, day, client });
  for (let name = 0; name < each; name++) see(name, 1);
  let told = 0;
  for (let name = 0; name < each; name++) if (see(name, 2)) told++;
  expect(told).toBeGreaterThan(0.98 * each);
  expect(count.pushedOut).toBeLessThan(each / 50);
});

it('knows an edge again, in the log and in the rows, where no limit has room for a new one', () => {
  const { graph, groups, ask } = made({ namesADay: 100 });
  for (let n = 0; n < 120; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 3));
  expect(groups.leftOut).toBe(20);
  graph.rebuild(day);
  for (let n = 0; n < 100; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 4), day + 1);
  for (let n = 200; n < 320; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 3), day + 1);
  expect(groups.leftOut).toBe(40);
  for (let n = 200; n < 300; n++) ask(`www.shop${n}.example`, clients('192.0.2.', 3), day);
  expect(groups.leftOut).toBe(40);
  expect(around(graph, 'client', groupOf(key, '192.0.2.0/24'))).toHaveLength(200);
});
