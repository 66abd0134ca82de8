// How long a snapshot of a graph takes to open in a program that has just started: node dist/bench/parts/reopened.js FILE
import { readSnapshot } from '../../src/reputation/graph/snapshot.ts';

const began = performance.now();
const graph = readSnapshot(process.argv[2]!);
const seconds = (performance.now() - began) / 1_000;
process.stdout.write(
  JSON.stringify({ seconds, edges: graph.edges, first: graph.find('name', 'www.site0.example') }),
);
