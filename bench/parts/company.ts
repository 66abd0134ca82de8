import { readFileSync } from 'node:fs';
import { Graph } from '../../src/reputation/graph/graph.ts';
import { observe } from '../../src/reputation/graph/observe.ts';
import { openNameModel } from '../../src/reputation/names/name-model.ts';
import { Standings } from '../../src/reputation/rank/standing.ts';
import { packageFolder } from '../../src/version.ts';
import { quantile } from '../bench.ts';

const today = 20_500;
/** Registered domains at each wide carrier, just under what makes a hub of it (`hubBreadth`) once the new ones have come. */
const guests = 440;
const carriers = 150;
/** New names at each, one answer at a time; the first of them are not counted, since the program is compiled as they come. */
const fresh = 50;
const uncounted = 15;

/**
 * What one new answer costs at addresses with many names, a quarter of them known to be bad: milliseconds of processor time of the
 * whole process (collection and compilation included) until its score and those that it moves at once are known.
 */
export function moveCompany() {
  const graph = new Graph();
  for (let n = 0; n < 40; n++) join(graph, `www.meadow${n}.net`, `198.51.100.${n + 1}`, today - 60 + n);
  const bad: string[] = [];
  for (let c = 0; c < carriers; c++)
    for (let n = 0; n < guests; n++) {
      const name = `host.c${c}n${n}.com`;
      // Each carrier has another share of bad ones.
      if (n % 8 <= c % 4) bad.push(name);
      join(graph, name, `203.0.${c}.9`, today - 20 + (n % 20));
    }
  graph.rebuild(today);
  const model = openNameModel(readFileSync(packageFolder('models/names.model')));
  const seeds = bad.map((name) => ({ node: graph.find('name', name), weight: 0.9, says: 'is on a list' }));
  const standings = new Standings(graph, model, seeds);
  const times: number[] = [];
  for (let n = 0; n < fresh; n++)
    for (let c = 0; c < carriers; c++) {
      const name = `www.new${n}c${c}.org`;
      const began = process.cpuUsage();
      join(graph, name, `203.0.${c}.9`, today);
      standings.follow([name]);
      const { user, system } = process.cpuUsage(began);
      if (n >= uncounted) times.push((user + system) / 1_000);
    }
  return {
    company_update_p50_ms: round(quantile(times, 0.5)),
    company_update_p99_ms: round(quantile(times, 0.99)),
  };
}

const round = (ms: number) => Math.round(ms * 1_000) / 1_000;

function join(graph: Graph, name: string, ip: string, day: number): void {
  observe(graph, name, [{ owner: name, type: 'A', data: ip }], day);
}
