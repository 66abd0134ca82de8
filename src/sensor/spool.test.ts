import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../kit/log.ts';
import type { Event } from '../model/event.ts';
import { Link } from './link.ts';
import { Spool } from './spool.ts';

const limits = { spoolFile: 2_000, spoolBytes: 100_000, spoolPending: 50_000 };
const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'spool-'));
  dirs.push(dir);
  return dir;
}

const event = (n: number) => ({ id: `event ${n}`, raw: '\xff\xe9' }) as unknown as Event;

async function readAll(spool: Spool, after = 0): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { bytes } of spool.readFrom(after)) {
    for (const line of bytes.toString().trimEnd().split('\n')) {
      const { seq, event } = JSON.parse(line) as { seq: number; event: { id: string } };
      expect(event.id).toBe(`event ${seq}`);
      seqs.push(seq);
    }
  }
  return seqs;
}

const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => i + from);

it('gives back what was appended, over files and starts, and removes what is acknowledged', async () => {
  const dir = folder();
  const spool = new Spool(dir, limits, silentLog);
  for (const n of upTo(100)) {
    spool.append(event(n));
    if (n % 10 === 0) await spool.flush();
  }
  expect(await readAll(spool)).toEqual(upTo(100));
  expect(await readAll(spool, 57)).toEqual(upTo(100, 58));
  const files = readdirSync(dir).length;
  spool.acknowledge(60);
  expect(readdirSync(dir).length).toBeLessThan(files);
  expect(await readAll(spool, 60)).toEqual(upTo(100, 61));
  const { id } = spool;
  await spool.close();

  const again = new Spool(dir, limits, silentLog);
  expect(again.id).toBe(id);
  expect(again.stored).toBe(100);
  again.append(event(101));
  await again.flush();
  expect(await readAll(again, 60)).toEqual(upTo(101, 61));
  await again.close();
});

it('cuts a torn end and numbers on from what was whole', async () => {
  const dir = folder();
  const spool = new Spool(dir, limits, silentLog);
  for (const n of upTo(3)) spool.append(event(n));
  await spool.close();
  const file = join(dir, readdirSync(dir).find((name) => name.endsWith('.jsonl'))!);
  appendFileSync(file, '{"seq":4,"event":{"id":"ev');
  const again = new Spool(dir, limits, silentLog);
  expect(again.stored).toBe(3);
  again.append(event(4));
  await again.flush();
  expect(await readAll(again)).toEqual([1, 2, 3, 4]);
  expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true);
  await again.close();
});

it('refuses and counts what there is no room for, and says so before', async () => {
  const spool = new Spool(folder(), { ...limits, spoolBytes: 2_000 }, silentLog);
  let kept = 0;
  let warned = -1;
  for (const n of upTo(100)) {
    if (spool.full && warned < 0) warned = kept;
    if (spool.append(event(n))) kept++;
  }
  expect(kept).toBeGreaterThan(10);
  expect(warned).toBeGreaterThan(0);
  expect(warned).toBeLessThan(kept);
  expect(spool.counters.eventsDropped).toBe(100 - kept);
  await spool.close();
});

it('speaks to the intake: hello, from what it has, a window ahead, on through a break', async () => {
  const spool = new Spool(folder(), { ...limits, spoolFile: 100_000 }, silentLog);
  for (const n of upTo(50)) spool.append(event(n));
  await spool.flush();

  const [ours, theirs] = duplexPair();
  const link = new Link(ours, spool, { sensor: 'lab', window: 1_000, log: silentLog });
  const intake = listen(theirs);
  expect(await intake.next()).toEqual({ hello: { sensor: 'lab', spool: spool.id, version: 1 } });
  theirs.write('{"have":40}\n');
  expect(await intake.seqs(10)).toEqual(upTo(50, 41));
  spool.append(event(51));
  await spool.flush();
  theirs.write('{"ack":50}\n');
  expect(await intake.seqs(1)).toEqual([51]);
  expect(link.counters).toMatchObject({ linked: true });
  theirs.destroy();
  link.close();

  for (const n of upTo(60, 52)) spool.append(event(n));
  const [ours2, theirs2] = duplexPair();
  new Link(ours2, spool, { sensor: 'lab', window: 1_000, log: silentLog });
  const intake2 = listen(theirs2);
  await intake2.next();
  theirs2.write('{"have":50}\nnonsense\n');
  expect(await intake2.seqs(10)).toEqual(upTo(60, 51));
  await spool.close();
});

it('waits for the intake where it is slow', async () => {
  const spool = new Spool(folder(), { ...limits, spoolFile: 200 }, silentLog);
  for (const n of upTo(60)) {
    spool.append(event(n));
    await spool.flush();
  }
  const [ours, theirs] = duplexPair();
  const link = new Link(ours, spool, { sensor: 'lab', window: 300, log: silentLog });
  const intake = listen(theirs);
  await intake.next();
  theirs.write('{"have":0}\n');
  const seen: number[] = [];
  while (seen.length < 60) {
    seen.push(...(await intake.seqs(1)));
    expect(link.counters.unacknowledged).toBeLessThan(900);
    theirs.write(`{"ack":${seen.at(-1)}}\n`);
  }
  expect(seen).toEqual(upTo(60));
  await spool.close();
});

function listen(stream: NodeJS.ReadableStream) {
  const lines: unknown[] = [];
  let text = '';
  let wake = () => {};
  stream.setEncoding('utf8');
  stream.on('error', () => {});
  stream.on('data', (piece: string) => {
    const all = (text + piece).split('\n');
    text = all.pop()!;
    for (const line of all) lines.push(JSON.parse(line));
    wake();
  });
  async function next(): Promise<unknown> {
    while (lines.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return lines.shift();
  }
  return {
    next,
    async seqs(count: number) {
      const seqs: number[] = [];
      while (seqs.length < count) seqs.push(((await next()) as { seq: number }).seq);
      return seqs;
    },
  };
}
