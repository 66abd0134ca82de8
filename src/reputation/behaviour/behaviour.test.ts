import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { observe } from '../graph/observe.ts';
import { DistinctHashes } from './distinct-hashes.ts';
import { noteAnswer } from './note-answer.ts';
import { NxdomainBursts } from './nxdomain-bursts.ts';

const start = Date.UTC(2026, 0, 1);

test('different things are counted within the window, and never more than the limit', () => {
  const distinct = new DistinctHashes(4);
  expect([1, 2, 2, 3].map((hash, i) => distinct.see(hash, i, 0))).toEqual([1, 2, 2, 3]);
  expect(distinct.see(4, 10, 2)).toBe(3);
  for (let i = 0; i < 100; i++) expect(distinct.see(100 + i, 20 + i, 0)).toBeLessThanOrEqual(4);
});

/** Looks generated where it has no vowels. */
const logit = (domain: string) => (/[aeiou]/.test(domain.split('.')[0] ?? '') ? -3 : 3);
const name = (i: number) => `xkq${'bcdfghjklmnpqrstvwxz'[i]}zv.ws`;

test('many generated-looking names that do not exist are a burst of their group alone', () => {
  const bursts = new NxdomainBursts(logit, { burst: 5 });
  const missing = (i: number, group: string, at = i) =>
    bursts.missing({ time: start + at, name: name(i) }, group);
  for (let i = 0; i < 4; i++) expect(missing(i, 'a')).toBeNull();
  expect(missing(0, 'a', 4)).toBeNull();
  expect(missing(4, 'b', 5)).toBeNull();
  expect(missing(5, 'a', 6)).toEqual({ first: name(0), names: [0, 1, 2, 3, 5].map(name) });
  expect(missing(6, 'a', 9)).toEqual({ first: name(0), names: [name(6)] });
  // What comes hours late is in no window of its own.
  for (let i = 1; i < 9; i++) expect(missing(i, 'a', -7_200_000 * i)).toBeNull();
  expect(bursts.late).toBe(8);
  // Long after, it would have to begin anew.
  expect(missing(6, 'a', 700_000)).toBeNull();
});

test('the one that is found is told of, before and after the burst is known, if it is of the same making', () => {
  const bursts = new NxdomainBursts(logit, { burst: 5 });
  const found = (one: string) => bursts.found({ time: start, name: one }, 'a');
  expect(found('vbnmk.ws')).toBeNull();
  bursts.missing({ time: start, name: name(0) }, 'a');
  expect(found('vbnmk.ws')).toBeNull();
  for (let i = 1; i < 4; i++) bursts.missing({ time: start, name: name(i) }, 'a');
  expect(bursts.missing({ time: start, name: name(4) }, 'a')?.names).toContain('vbnmk.ws');
  expect(found('www.vbhqz.ws')?.names).toEqual(['www.vbhqz.ws']);
  // Of words, of another ending, much longer, or asked for by somebody else.
  for (const other of ['house.ws', 'vbnmk.com', 'vbnmkvbnmkvbnmk.ws']) expect(found(other)).toBeNull();
  expect(bursts.found({ time: start, name: 'vbnmk.ws' }, 'b')).toBeNull();
});

test('words, one zone with many missing hosts, single labels and a resolver that many stand behind are no burst', () => {
  const bursts = new NxdomainBursts(logit, { burst: 3, answersEach: 10 });
  for (let i = 0; i < 50; i++) {
    const time = start + i;
    expect(bursts.missing({ time, name: `house${i}.com` }, 'a')).toBeNull();
    expect(bursts.missing({ time, name: `${i}.xkqzv.ws` }, 'a')).toBeNull();
    expect(bursts.missing({ time, name: 'xkqzv' }, 'a')).toBeNull();
  }
  bursts.missing({ time: start, name: name(0) }, 'many');
  for (let i = 0; i < 1_000; i++) bursts.found({ time: start + i, name: `www.house${i}.com` }, 'many');
  for (let i = 1; i < 9; i++)
    expect(bursts.missing({ time: start + 1_000 + i, name: name(i) }, 'many')).toBeNull();
});

test('groups, and names of one burst, beyond the limit are pushed out and counted', () => {
  const bursts = new NxdomainBursts(logit, { groups: 10, burst: 2, family: 4 });
  for (let i = 0; i < 25; i++) bursts.missing({ time: start, name: 'xkqzv.ws' }, `g${i}`);
  expect(bursts.evicted).toBe(15);
  const told = Array.from({ length: 8 }, (_, i) => bursts.missing({ time: start, name: name(i) }, 'g'));
  expect(told.flatMap((one) => one?.names ?? [])).toHaveLength(4);
  expect(bursts.overfull).toBe(4);
});

test('a burst is noted in the graph without who asked', () => {
  const graph = new Graph();
  const bursts = new NxdomainBursts(logit, { burst: 3 });
  const ask = (one: string, rcode: string, client = '198.51.100.9') => {
    const data = rcode === 'NOERROR' ? [{ owner: one, type: 'A', data: '192.0.2.1', ttl: 60 }] : [];
    observe(graph, one, data, 100);
    return noteAnswer(graph, bursts, { time: start, name: one, rcode, client }, 100);
  };
  for (let i = 0; i < 2; i++) expect(ask(name(i), 'NXDOMAIN')).toEqual([]);
  expect(ask(name(2), 'NXDOMAIN')).toHaveLength(3);
  expect(ask('vbnmk.ws', 'NOERROR')).toEqual([graph.find('name', 'vbnmk.ws')]);
  const burst = graph.find('burst', name(0));
  const names: string[] = [];
  graph.each(burst, (node, _type, _first, _last, weight) => {
    names.push(graph.nodes.text(node));
    expect(weight).toBe(0);
  });
  expect(names.sort()).toEqual([name(0), name(1), name(2), 'vbnmk.ws'].sort());
  for (let node = 0; node < graph.nodes.size; node++)
    expect(graph.nodes.text(node)).not.toContain('198.51.100.9');
});
