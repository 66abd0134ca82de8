import { expect, it } from 'vitest';
import { Aggregates, aggregateFeatures, aggregateWidth } from './aggregate.ts';
import { Graph } from './graph.ts';
import { observe } from './observe.ts';
import { ownersOf } from './owners.ts';

const day = 20_000;
const base = 0.5;

/** A name of its own registered domain for each list of addresses; labels and logits by name. */
function world(names: Record<string, { at: string[]; label?: 1 | -1; logit?: number; from?: number }>) {
  const graph = new Graph();
  for (const [name, { at, from }] of Object.entries(names))
    observe(
      graph,
      name,
      at.map((data) => ({ owner: name, type: 'A', data })),
      from ?? day,
    );
  graph.rebuild(day);
  const labels = new Int8Array(graph.nodes.size);
  const lexical = new Float32Array(graph.nodes.size);
  for (const [name, { label, logit }] of Object.entries(names)) {
    labels[graph.find('name', name)] = label ?? 0;
    lexical[graph.find('name', name)] = logit ?? 0;
  }
  const aggregates = new Aggregates(graph, ownersOf(graph), labels, lexical, base);
  const ip = (text: string) => graph.find('ip', text);
  return {
    ip,
    look(name: string, bought: number[] = []) {
      const row = new Float32Array(aggregateWidth);
      aggregates.write(graph.find('name', name), row, 0, bought);
      const told = (carrier: number) =>
        Object.fromEntries(
          aggregateFeatures.map((key, n) => [key, row[carrier * aggregateFeatures.length + n]]),
        );
      return { ip: told(0), net: told(1) };
    },
  };
}

const made = {
  'target.com': { at: ['192.0.2.1', '198.51.100.1'], logit: 9 },
  'one.com': { at: ['192.0.2.1'], label: 1, logit: 2 },
  'two.com': { at: ['192.0.2.1'], label: 1, logit: 4 },
  'mail.target.com': { at: ['192.0.2.1'], label: 1, logit: 8 },
  'three.com': { at: ['198.51.100.1'], label: -1, logit: -3 },
  'four.com': { at: ['203.0.113.1'], label: -1, logit: -1 },
  'five.com': { at: ['203.0.113.1'], label: -1, logit: -1 },
} as const;

it('tells of the worst, the second and the best carrier, without what is known of its own domain', () => {
  const { look } = world(made as unknown as Parameters<typeof world>[0]);
  const { ip } = look('target.com');
  expect(ip).toMatchObject({
    ...{ 'bad at the largest': 2, 'good at the largest': 0, 'domains at the largest': 2 },
    ...{ 'carriers over a half': 1, carriers: 2, 'good at the smallest': 1 },
    ...{ 'largest mean of names': 3, 'largest of names': 4, 'fewest domains': 1, 'most domains': 2 },
  });
  expect(ip['largest share of bad']).toBeCloseTo((2 + base) / 3, 6);
  expect(ip['second largest share of bad']).toBeCloseTo(base / 2, 6);
  expect(ip['smallest share of bad']).toBeCloseTo(base / 2, 6);
  expect(ip['mean share of bad']).toBeCloseTo(((2 + base) / 3 + base / 2) / 2, 6);
  expect(ip['pooled share']).toBeCloseTo((2 + base) / 4, 6);
});

it('has no value where there is no carrier', () => {
  const { look } = world({ 'alone.com': { at: [] } });
  expect(Object.values(look('alone.com').ip).every(Number.isNaN)).toBe(true);
});

it('shows what addresses among the good would do: the worst stays, the best and the means fall', () => {
  const { look, ip } = world(made as unknown as Parameters<typeof world>[0]);
  const before = look('target.com').ip;
  const after = look('target.com', [ip('203.0.113.1')]).ip;
  for (const key of aggregateFeatures.slice(0, aggregateFeatures.indexOf('smallest share of bad')))
    expect(after[key], key).toBeGreaterThanOrEqual(before[key]!);
  for (const key of ['smallest share of bad', 'mean share of bad', 'pooled share'])
    expect(after[key], key).toBeLessThan(before[key]!);
  expect(after.carriers).toBe(3);
  // What it has already is not bought twice.
  expect(look('target.com', [ip('192.0.2.1')]).ip).toEqual(before);
});

it('does not hear bad names that came to an address after the name did, until it moves itself', () => {
  const { look, ip } = world({
    'victim.com': { at: ['192.0.2.1'] },
    'framer.com': { at: ['192.0.2.1'], label: 1, from: day + 1 },
    'neighbour.com': { at: ['203.0.113.1'] },
  });
  expect(look('victim.com').ip['bad at the largest']).toBe(0);
  expect(look('victim.com', [ip('203.0.113.1')]).ip['bad at the largest']).toBe(1);
});
