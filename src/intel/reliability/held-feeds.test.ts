import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { FeedStore, hashOf } from '../feeds/feed-store.ts';
import type { FeedEntry } from '../feeds/format.ts';
import { type Records, reliabilityOf } from './held-feeds.ts';
import { type Met, metBy } from './met.ts';
import { learnReliability } from './reliability.ts';
import { TrackRecord } from './track-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-held-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const store = new FeedStore(folder);
const source = 'ab'.repeat(32);
const dayMs = 86_400_000;

function keep(name: string, day: number, names: readonly string[]): void {
  const bytes = Buffer.from(`${names.join('\n')}\n`);
  store.keep(
    {
      ...{ name, source, format: 'plain', taken: day * dayMs, checked: day * dayMs, sha256: hashOf(bytes) },
      ...{ entries: names.length, types: {}, refused: {}, problem: null },
    },
    bytes,
  );
}

function recordsOf(): Records & { kept: Map<string, Buffer> } {
  const kept = new Map<string, Buffer>();
  return {
    kept,
    read: (name, identity) => (kept.has(name) ? TrackRecord.read(kept.get(name)!, identity) : null),
    write: (name, identity, record) => kept.set(name, record.bytes(identity)),
  };
}

it('weighs by one reading as by lists, days and findings that are told one by one', () => {
  const draw = seeded(6);
  const met: Met[] = Array.from({ length: 40 }, (_, n) => ({
    ...{ host: `n${n}.bad.example`, day: 20_000 + (n % 9), by: [`192.0.2.${n % 3}`] },
  }));
  const knowledge = {
    now: 20_010 * dayMs,
    neverBlock: ({ value }: Pick<FeedEntry, 'value'>) => (value.startsWith('n13') ? 'ours' : null),
  };
  const records = recordsOf();
  const first = new Map<string, Map<string, number>>();
  const found = new Map<string, Map<string, number>>();
  for (const day of [20_001, 20_004, 20_008]) {
    const lists = ['a', 'b', 'c'].map((name) => {
      // Some are named twice.
      const names = Array.from({ length: 150 }, () => `n${Math.floor(draw() * 200)}.bad.example`);
      keep(name, day, names);
      return { name, names: [...new Set(names)] };
    });
    const metOf = metBy(met);
    const expected = learnReliability(
      lists.map(({ name, names }) => {
        const days = first.get(name) ?? new Map<string, number>();
        const was = found.get(name) ?? new Map<string, number>();
        first.set(name, days);
        found.set(name, was);
        for (const one of names) if (!days.has(one)) days.set(one, day);
        const gone = [...was].filter(([one]) => !names.includes(one));
        const now = new Map<string, number>();
        found.set(name, now);
        for (const [one, verdict] of gone) now.set(one, verdict);
        return {
          name,
          entries: names.map((value) => ({ type: 'domain' as const, value })),
          past: () => ({
            since: Uint16Array.from(names, (one) => days.get(one)!),
            confirmed: gone.filter(([, verdict]) => verdict === 1).length,
            refuted: gone.filter(([, verdict]) => verdict === -1).length,
          }),
          met: metOf(),
          judged: (n: number, verdict: number) => now.set(names[n]!, verdict),
        };
      }),
      knowledge,
    );
    const feeds = lists.map(({ name }) => ({ name }));
    expect(reliabilityOf(store, feeds, knowledge, records, met)).toEqual(expected);
    expect(expected.some(({ confirmed, refuted }) => confirmed > 0 && refuted > 0)).toBe(true);
  }
});

it('leaves out a feed of which the copy is gone, and writes no record of it', () => {
  keep('here', 20_001, ['one.example', 'two.example']);
  keep('gone', 20_001, ['one.example']);
  rmSync(join(folder, 'gone', store.state('gone')!.sha256!));
  const records = recordsOf();
  const feeds = ['here', 'gone', 'never'].map((name) => ({ name }));
  const made = reliabilityOf(store, feeds, { now: 20_002 * dayMs }, records);
  expect(made.map(({ name, entries }) => [name, entries])).toEqual([['here', 2]]);
  expect([...records.kept.keys()]).toEqual(['here']);
});
