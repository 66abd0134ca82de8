import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { Graph, nodeFlags } from './graph.ts';
import { edgeTypes, nodeKinds } from './kinds.ts';
import { type Answered, observe, observeAll } from './observe.ts';

function made(count: number): Answered[] {
  const draw = seeded(11);
  const any = (of: number) => Math.floor(draw() * of);
  return Array.from({ length: count }, () => {
    const name = `www${any(3)}.d${any(90)}.co.uk`;
    const alias = `edge${any(9)}.cdn.example`;
    const day = 20_000 + any(9);
    const items = [
      { owner: name, type: 'CNAME', data: alias },
      { owner: alias, type: 'A', data: `192.0.${any(4)}.${any(99)}` },
      { owner: name, type: 'AAAA', data: `2001:db8::${any(9) + 1}` },
      { owner: name, type: 'NS', data: `ns${any(5)}.example` },
      { owner: name, type: 'TXT', data: 'nothing of ours' },
    ].slice(0, 1 + any(5));
    return { name, items, day };
  });
}

/** All that a graph knows, without its numbers. */
function told(graph: Graph): string[] {
  const label = (node: number) => `${nodeKinds[graph.nodes.kind(node)]} ${graph.nodes.text(node)}`;
  const all: string[] = [];
  for (let node = 0; node < graph.nodes.size; node++) {
    const asked = (graph.flags(node) & nodeFlags.asked) !== 0;
    all.push(`${label(node)} ${graph.firstDay(node)} ${graph.lastDay(node)} ${asked}`);
    graph.each(node, (other, type, first, last) => {
      all.push(`${label(node)} ${edgeTypes[type]!.name} ${label(other)} ${first} ${last}`);
    });
  }
  return all.sort();
}

it('takes many answers as it takes them one by one', () => {
  const answers = made(1_500);
  const single = new Graph();
  const together = new Graph();
  const alone: string[] = [];
  const all: string[] = [];
  const both = (graph: Graph, from: number, to: number) =>
    `${graph.nodes.text(from)} ${graph.nodes.text(to)}`;
  for (const { name, items, day } of answers) {
    const changed = observe(single, name, items, day);
    for (let n = 0; n < changed.length; n += 2) alone.push(both(single, changed[n]!, changed[n + 1]!));
  }
  observeAll(together, answers.slice(0, 700), (from, to) => all.push(both(together, from, to)));
  together.rebuild(20_009);
  observeAll(together, answers.slice(700), (from, to) => all.push(both(together, from, to)));
  expect(told(together)).toEqual(told(single));
  expect(all.sort()).toEqual(alone.sort());
  expect(told(single).join('\n')).toMatch(/^ip 192\.0\.2\.7 subnet net 192\.0\.2\.0\/24 /m);
});

it('counts what is too long for a key, and takes the rest', () => {
  const graph = new Graph();
  const items = [
    { owner: 'a.example', type: 'NS', data: 'x'.repeat(2_000) },
    { owner: 'a.example', type: 'A', data: '192.0.2.1' },
  ];
  const changed = observe(graph, 'a.example', items, 20_000);
  expect(changed.map((node) => graph.nodes.text(node))).toEqual(['a.example', '192.0.2.1']);
  expect(graph.refused).toBe(1);
});
