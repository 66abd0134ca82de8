import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { believe, epsOf, scaleOf } from '../src/reputation/graph/belief.ts';
import { Graph } from '../src/reputation/graph/graph.ts';
import { sharedFloat32 } from '../src/reputation/graph/layer.ts';
import { observe, observeAll } from '../src/reputation/graph/observe.ts';
import { breadthOf, ownersOf } from '../src/reputation/graph/owners.ts';
import { Propagation } from '../src/reputation/graph/propagation.ts';
import { writeSnapshot } from '../src/reputation/graph/snapshot.ts';
import { BeliefStream } from '../src/reputation/graph/stream.ts';
import { packageFolder } from '../src/version.ts';
import { type Bench, type BenchOptions, collect, quantile, rssMb } from './bench.ts';
import { moveCompany } from './parts/company.ts';
import { rankLargest } from './parts/largest.ts';
import { madeRows } from './parts/made-graph.ts';

const workers = 2;
const passes = 6;

/** How fast belief spreads over a large graph, new answers come in and move scores, and a graph is opened again. */
export const reputation: Bench = {
  name: 'reputation',
  summary:
    'the domain graph: passes beside a loop in C, answers taken in, scores moved by one, opening again',
  async run(options) {
    const { full, say } = options;
    const answers = full ? 5_000_000 : 1_000_000;
    const answersPerS = takeIn(answers);
    say(`${answersPerS} answers a second`);
    const moved = move(full ? 2_400_000 : 600_000);
    say(`a new answer moves scores in ${moved.update_p99_ms} ms (p99)`);
    const company = moveCompany();
    say(`a new name at an address with hundreds of them takes ${company.company_update_p99_ms} ms (p99)`);
    const nodes = full ? 40_000_000 : 10_000_000;
    const edges = full ? 200_000_000 : 50_000_000;
    const spread = await propagate(options, nodes, edges);
    say(`${spread.entries_per_s} entries a second`);
    const reopened = await reopen(options, full ? 100_000_000 : 10_000_000);
    const largest = full ? await rankLargest(workers, say) : {};
    return {
      metrics: { ...spread, answers_per_s: answersPerS, ...moved, ...company, ...reopened, ...largest },
      params: { full, nodes, workers, answers, rss_mb: Math.round(rssMb(process.pid)) },
      input: null,
    };
  },
};

async function propagate({ folder, say }: BenchOptions, nodes: number, edges: number) {
  say(`${nodes} nodes, ${edges} edges: building rows`);
  const began = performance.now();
  const { rowPtr, cols } = madeRows(nodes, edges);
  const buildS = (performance.now() - began) / 1_000;
  const scale = sharedFloat32(nodes).fill(0.1);
  const prior = sharedFloat32(nodes);
  for (let i = 0; i < nodes; i++) prior[i] = (i % 7) - 3;
  const layers = [{ type: 0, age: 0, weight: 1, rowPtr, cols }];
  const pool = new Propagation(workers);
  const cutting = performance.now();
  const blocks = await pool.load(layers);
  const cutS = (performance.now() - cutting) / 1_000;
  const file = join(folder, 'rows');
  const program = join(folder, 'propagation');
  const c = compileC(program);
  if (c) dump(file, [rowPtr, cols]);
  try {
    const times: number[] = [];
    const others: number[] = [];
    // In turns, as others use this machine as well.
    for (let turn = 0; turn < 3; turn++) {
      const { passMs } = await pool.run(blocks, scale, prior, 0.1, passes);
      times.push(...passMs.slice(1));
      if (!c) continue;
      const said = execFileSync(program, [file, nodes, cols.length, workers, passes].map(String));
      others.push(...said.toString().trim().split('\n').map(Number).slice(1));
    }
    const passS = quantile(times, 0.5) / 1_000;
    const rate = cols.length / passS;
    return {
      entries: cols.length,
      entries_per_s: Math.round(rate),
      ratio_to_c: others.length ? round(quantile(others, 0.5) / passS, 3) : null,
      pass_s: round(passS, 3),
      build_s: round(buildS, 1),
      cut_s: round(cutS, 1),
    };
  } finally {
    await pool.close();
  }
}

/** Whether there is a compiler, and the program stands now. */
function compileC(program: string): boolean {
  try {
    const source = packageFolder(join('bench', 'parts', 'propagation.c'));
    execFileSync('cc', ['-O3', '-march=native', '-pthread', '-o', program, source], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function dump(path: string, arrays: Uint32Array[]): void {
  const file = openSync(path, 'w');
  for (const array of arrays) {
    const bytes = new Uint8Array(array.buffer);
    for (let at = 0; at < bytes.length; at += 1 << 26) {
      const piece = bytes.slice(at, at + (1 << 26));
      writeSync(file, Buffer.from(piece));
    }
  }
  closeSync(file);
}

/** Answers parsed already, each new, into a graph: names, addresses, who registered, networks. */
function takeIn(count: number): number {
  const graph = new Graph();
  let state = 12_345;
  const draw = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 0x1_0000_0000;
  };
  let spent = 0;
  for (let done = 0; done < count; done += answersAtOnce) {
    const answers = Array.from({ length: answersAtOnce }, (_, i) => {
      const n = Math.floor((done + i) / 3);
      const name = whole(`${hosts[n % hosts.length]}.site${n.toString(36)}.${tops[n % tops.length]}`);
      const host = Math.floor(draw() ** 2 * 500_000);
      const data = whole(`10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`);
      return { name, items: [{ owner: name, type: 'A', data }], day: 20_000 };
    });
    const began = performance.now();
    observeAll(graph, answers, () => {});
    spent += performance.now() - began;
  }
  return Math.round((count / spent) * 1_000);
}
/** As many as a reader hands on. */
const answersAtOnce = 5_000;
/** A text as a parser leaves it: in one piece. */
const whole = (text: string) => Buffer.from(text, 'latin1').toString('latin1');
const hosts = ['www', 'mail', 'cdn', 'api'];
const tops = ['example', 'com', 'net', 'co.uk', 'io'];

/** What one more answer costs until the scores that it touches are known, with a node that has very many neighbours. */
function move(wide: number) {
  const graph = new Graph();
  const hub = graph.node('domain', 'wide.example', 20_000);
  for (let n = 0; n < wide; n++)
    graph.join('under', graph.node('name', `h${n}.wide.example`, 20_000), hub, 20_000);
  for (let n = 0; n < 300_000; n++) {
    const name = `www.d${n % 200_000}.example`;
    observe(graph, name, [{ owner: name, type: 'A', data: `10.0.${(n * 7_919) % 251}.${n % 199}` }], 20_000);
  }
  graph.rebuild(20_000);
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  // As a hub would pass belief on, were it none: the worst that can come.
  const eps = epsOf(graph.layers, scale);
  const prior = new Float32Array(graph.nodes.size);
  for (let i = 0; i < prior.length; i += 53) prior[i] = i % 2 ? 4 : -4;
  const stream = new BeliefStream(graph, scale, eps, believe(graph.layers, scale, prior, eps));
  const times: number[] = [];
  for (let n = 0; n < 20_000; n++) {
    const known = n % 3 === 0;
    const name = known ? `h${(n * 7_919) % wide}.wide.example` : `new${n}.example`;
    const ip = `10.0.${(n * 31) % 251}.${n % 199}`;
    const began = performance.now();
    const [node, address] = observe(graph, name, [{ owner: name, type: 'A', data: ip }], 20_000);
    if (node !== undefined && address !== undefined) {
      stream.joined('resolves', node, address);
      // A feed names it: its domain and all beside it move.
      if (n % 10 === 0) stream.nudged(n % 100 === 0 ? hub : node, 0.5);
      stream.value(node);
      times.push(performance.now() - began);
    }
    if (n % 20 === 0) stream.drain(20_000);
  }
  return {
    update_p50_ms: round(quantile(times, 0.5), 4),
    update_p99_ms: round(quantile(times, 0.99), 3),
    update_max_ms: round(Math.max(...times), 2),
  };
}

/** As after a restart: each time in a program of its own, with the writer's graph out of memory. */
async function reopen({ folder, say }: BenchOptions, edges: number) {
  say(`a graph of ${edges} edges is written and opened again`);
  const path = join(folder, 'graph');
  const { snapshotS, written } = await writeGraph(path, edges);
  collect();
  const program = packageFolder(join('dist', 'bench', 'parts', 'reopened.js'));
  const times = [1, 2, 3].map(() => {
    const said = JSON.parse(execFileSync(process.execPath, [program, path]).toString()) as Reopened;
    if (said.edges !== written || said.first !== 0) throw new Error('it is another graph');
    return said.seconds;
  });
  return {
    reopen_edges: edges,
    reopen_s: round(quantile(times, 0.5), 2),
    reopen_most_s: round(Math.max(...times), 2),
    snapshot_s: round(snapshotS, 2),
  };
}

interface Reopened {
  seconds: number;
  edges: number;
  first: number;
}

async function writeGraph(path: string, edges: number) {
  const nodes = edges / 5;
  const graph = new Graph();
  for (let n = 0; n < nodes; n++) graph.node('name', `www.site${n.toString(36)}.example`, 20_000);
  const { rowPtr, cols } = madeRows(nodes, edges);
  const days = () => new Uint16Array(new SharedArrayBuffer(cols.length * 2)).fill(20_000);
  graph.layers = [{ type: 1, age: 0, weight: 0.5, rowPtr, cols, firstDay: days(), lastDay: days() }];
  graph.rows = nodes;
  const writing = performance.now();
  await writeSnapshot(graph, path);
  return { snapshotS: (performance.now() - writing) / 1_000, written: graph.edges };
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
