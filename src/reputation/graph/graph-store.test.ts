import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { compiled } from '../../kit/compiled.ts';
import type { Graph } from './graph.ts';
import { GraphStore } from './graph-store.ts';
import { observe } from './observe.ts';

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'graph-'));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

const see = (graph: Graph, n: number) => {
  const name = `h${n % 7}.d${n % 101}.example`;
  observe(graph, name, [{ owner: name, type: 'A', data: `192.0.2.${n % 53}` }], 20_000 + (n % 9));
};

function written(graph: Graph): string[] {
  const all: string[] = [];
  for (let node = 0; node < graph.nodes.size; node++) {
    const { nodes } = graph;
    all.push(
      `${nodes.kind(node)} ${nodes.text(node)} ${graph.firstDay(node)} ${graph.lastDay(node)} ${graph.flags(node)}`,
    );
    const edges: string[] = [];
    graph.each(node, (...edge) => edges.push(edge.slice(0, 4).join(' ')));
    all.push(...edges.sort());
  }
  return all;
}

it('is the same graph after it was closed, compacted and grown again', async () => {
  const dir = folder();
  const store = await GraphStore.open(dir);
  for (let n = 0; n < 500; n++) see(store.graph, n);
  await store.close();
  const second = await GraphStore.open(dir);
  expect(written(second.graph)).toEqual(written(store.graph));
  await second.compact(20_010);
  for (let n = 500; n < 900; n++) see(second.graph, n);
  await second.flush();
  await second.close();
  expect(readdirSync(dir).sort()).toEqual(['00000001.changes', '00000001.snapshot']);
  const third = await GraphStore.open(dir);
  expect(written(third.graph)).toEqual(written(second.graph));
  expect(third.graph.rows).toBeGreaterThan(0);
  await third.close();
});

it('writes a snapshot once its journal has grown too long, also over a restart, and builds nothing twice', async () => {
  const dir = folder();
  const store = await GraphStore.open(dir);
  for (let n = 0; n < 300; n++) see(store.graph, n);
  await store.settle(20_010, 1_000_000);
  const { layers } = store.graph;
  await store.settle(20_010, 1_000_000);
  expect(store.graph.layers).toBe(layers);
  await store.close();
  expect(readdirSync(dir)).toEqual(['00000000.changes']);
  const again = await GraphStore.open(dir);
  await again.settle(20_010, 1_000);
  expect(readdirSync(dir).sort()).toEqual(['00000001.changes', '00000001.snapshot']);
  expect(written(again.graph)).toEqual(written(store.graph));
  await again.close();
});

it('goes on from what is whole, wherever its files were cut', async () => {
  const dir = folder();
  const store = await GraphStore.open(dir);
  const sizes: number[] = [];
  for (let n = 0; n < 40; n++) {
    see(store.graph, n);
    await store.flush();
    sizes.push(store.graph.edges);
  }
  await store.close();
  const path = join(dir, '00000000.changes');
  const whole = readFileSync(path);
  for (let length = 0; length <= whole.length; length += 13) {
    writeFileSync(path, whole.subarray(0, length));
    const one = await GraphStore.open(dir);
    expect(sizes.includes(one.graph.edges) || one.graph.edges === 0).toBe(true);
    await one.close();
  }
  writeFileSync(path, whole);
  appendFileSync(path, Buffer.alloc(100, 0xff));
  const one = await GraphStore.open(dir);
  expect(one.graph.edges).toBe(sizes.at(-1));
  await one.close();
});

it('does not count a snapshot that was not finished, and refuses one that is damaged', async () => {
  const dir = folder();
  const store = await GraphStore.open(dir);
  for (let n = 0; n < 200; n++) see(store.graph, n);
  await store.flush();
  const before = folder();
  cpSync(dir, before, { recursive: true });
  await store.compact(20_010);
  await store.close();
  // As if it had ended between the new journal and the snapshot.
  writeFileSync(join(before, '00000001.changes'), '');
  writeFileSync(join(before, '00000001.snapshot.tmp'), 'half');
  const again = await GraphStore.open(before);
  expect(written(again.graph)).toEqual(written(store.graph));
  await again.close();
  expect(existsSync(join(before, '00000001.snapshot.tmp'))).toBe(false);
  const path = join(dir, '00000001.snapshot');
  const whole = readFileSync(path);
  for (const at of [0, 40, 300, whole.length - 40]) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 0x40;
    writeFileSync(path, damaged);
    await expect(GraphStore.open(dir)).rejects.toThrow(RangeError);
  }
  writeFileSync(path, whole);
  truncateSync(path, whole.length - 1);
  await expect(GraphStore.open(dir)).rejects.toThrow(RangeError);
});

it('holds all that it had said was on disk when it is killed, at whatever moment', async () => {
  const dir = folder();
  const module = compiled('./graph-store.js', import.meta.url);
  const observing = compiled('./observe.js', import.meta.url);
  const program = `
    const { GraphStore } = await import(${JSON.stringify(module)});
    const { observe } = await import(${JSON.stringify(observing)});
    const store = await GraphStore.open(${JSON.stringify(dir)});
    for (let n = store.graph.edges; ; n++) {
      const name = 'n' + n + '.example';
      observe(store.graph, name, [{ owner: name, type: 'A', data: '192.0.2.' + (n % 250) }], 20000);
      if (n % 7 === 0) { await store.flush(); process.stdout.write(name + '\\n'); }
      if (n % 61 === 60) await store.compact(20001);
    }`;
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: string[] = [];
    const enough = new Promise<void>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said.push(...text.split('\n').slice(0, -1));
        if (said.length > 20 + 9 * round) resolve();
      });
    });
    await Promise.race([enough, once(child, 'exit')]);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(said.length).toBeGreaterThan(10);
    const store = await GraphStore.open(dir);
    for (const name of said) expect(store.graph.find('name', name)).toBeGreaterThanOrEqual(0);
    await store.close();
  }
});
