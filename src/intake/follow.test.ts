import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../model/event.ts';
import { Followed } from './follow.ts';
import type { Positions } from './journal.ts';
import { lineLimit } from './lines.ts';
import type { Reader } from './reader.ts';
import { bindQuery } from './readers/bind-query.ts';
import { zeekDns } from './readers/zeek-dns.ts';

const top = mkdtempSync(join(tmpdir(), 'caltrop-follow-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(top, 'run-'));
  path = join(folder, 'query.log');
});

const line = (n: number) =>
  `22-Nov-2026 11:49:47.455 client @0x7f2b 127.0.0.1#1 (n${n}.example): query: n${n}.example IN A + (127.0.0.1)\n`;
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => line(from + i)).join('');

/** A follower over this folder, with what was read by it and those before it. */
function open(options: { positions?: Positions; from?: 'start' | 'end'; reader?: Reader } = {}) {
  const names: string[] = [];
  const ids: string[] = [];
  const reasons: string[] = [];
  const bugs: unknown[] = [];
  let clock = 1_000;
  const followed = new Followed({
    path,
    reader: options.reader ?? bindQuery,
    source: 'dns',
    from: options.from ?? 'start',
    positions: options.positions ?? {},
    intake: {
      take(event: Event, from) {
        names.push(event.kind === 'answer' ? event.name : event.kind);
        ids.push(from!.id.text());
      },
    },
    rejects: { add: (_source, _line, reason) => void reasons.push(reason) },
    now: () => clock,
    bug: (error) => void bugs.push(error),
    graceMs: 5_000,
  });
  return {
    names,
    ids,
    reasons,
    bugs,
    followed,
    /** Reads until nothing comes, also after the grace. */
    settle() {
      for (let quiet = 0; quiet < 2; quiet++) {
        while (followed.read()) quiet = 0;
        clock += 6_000;
      }
      return followed.positions;
    },
    poll: () => followed.read(),
  };
}
const numbers = (names: string[]) => names.map((name) => Number(/^n(\d+)\./.exec(name)?.[1]));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('a followed file', () => {
  it('is read on as it grows, a line when it is whole', () => {
    const one = open();
    one.settle();
    writeFileSync(path, lines(0, 2) + line(2).slice(0, 40));
    one.settle();
    expect(numbers(one.names)).toEqual([0, 1]);
    appendFileSync(path, line(2).slice(40));
    one.settle();
    expect(numbers(one.names)).toEqual(upTo(3));
    expect(new Set(one.ids).size).toBe(3);
  });

  it('is begun at its end, where it was never read before', () => {
    writeFileSync(path, lines(0, 2) + line(2).slice(0, 40));
    const one = open({ from: 'end' });
    const positions = one.settle();
    expect(one.names).toEqual([]);
    one.followed.close();
    appendFileSync(path, line(2).slice(40) + line(3));
    const two = open({ from: 'end', positions });
    two.settle();
    expect(numbers(two.names)).toEqual([2, 3]);
  });

  it('goes on after a restart where it was, and where it appeared meanwhile, from its start', () => {
    const none = open({ from: 'end' });
    const before = none.settle();
    writeFileSync(path, lines(0, 3));
    const one = open({ from: 'end', positions: before });
    const positions = one.settle();
    expect(numbers(one.names)).toEqual(upTo(3));
    appendFileSync(path, lines(3, 5));
    const two = open({ positions });
    two.settle();
    expect(numbers(two.names)).toEqual([3, 4]);
  });

  it('that was renamed is read to its end, also what is written to it late, before the new one', () => {
    writeFileSync(path, lines(0, 2));
    const one = open();
    one.settle();
    renameSync(path, `${path}.1`);
    one.settle();
    writeFileSync(path, lines(4, 6));
    expect(one.poll()).toBe(false);
    appendFileSync(`${path}.1`, lines(2, 3) + line(3).trimEnd());
    one.settle();
    expect(numbers(one.names)).toEqual(upTo(6));
  });

  it('that was renamed several times while nobody looked is read in order, none twice', () => {
    writeFileSync(path, lines(0, 2));
    const one = open();
    const positions = one.settle();
    one.followed.close();
    appendFileSync(path, line(2));
    renameSync(path, `${path}.2`);
    utimesSync(`${path}.2`, 1_000, 1_000);
    writeFileSync(`${path}.1`, lines(3, 5));
    utimesSync(`${path}.1`, 1_001, 1_001);
    writeFileSync(`${path}.3.gz`, 'not looked at');
    writeFileSync(`${path}x`, line(90));
    writeFileSync(path, lines(5, 6));
    const two = open({ positions });
    const after = two.settle();
    expect(numbers(two.names)).toEqual([2, 3, 4, 5]);
    const three = open({ positions: after });
    three.settle();
    expect(three.names).toEqual([]);
  });

  it('that is gone is told of, and the new one read', () => {
    writeFileSync(path, lines(0, 2));
    const one = open();
    const positions = one.settle();
    one.followed.close();
    writeFileSync(`${path}.new`, lines(2, 3));
    renameSync(`${path}.new`, path);
    const two = open({ positions });
    two.settle();
    expect(numbers(two.names)).toEqual([2]);
    expect(two.reasons).toEqual(['a rotated file is gone: what was not read of it is lost']);
  });

  it('that was cut to nothing is read from its start, also where it has outgrown what it was', () => {
    writeFileSync(path, lines(0, 3));
    const one = open();
    one.settle();
    truncateSync(path);
    one.settle();
    appendFileSync(path, line(3));
    one.settle();
    truncateSync(path);
    appendFileSync(path, lines(4, 20));
    one.settle();
    expect(numbers(one.names)).toEqual(upTo(20));
  });

  it('with a line over the limit is read on after it, also by who stops within it', () => {
    writeFileSync(path, line(0) + 'x'.repeat(2 * lineLimit + 5));
    const one = open();
    const positions = one.settle();
    expect(one.reasons).toEqual(['the line is over its limit']);
    appendFileSync(path, `${'x'.repeat(9)}\n${line(1)}`);
    one.settle();
    expect(numbers(one.names)).toEqual([0, 1]);
    const two = open({ positions });
    two.settle();
    expect([numbers(two.names), two.reasons]).toEqual([[1], ['the line is over its limit']]);
  });

  it('that cannot be read for a while is begun where it was to be', () => {
    symlinkSync(path, path);
    const one = open({ from: 'end' });
    expect(() => one.poll()).toThrow('ELOOP');
    rmSync(path);
    writeFileSync(path, lines(0, 2));
    expect(one.poll()).toBe(true);
    appendFileSync(path, line(2));
    one.settle();
    expect(numbers(one.names)).toEqual([2]);
  });

  it('loses one line by a bug of ours, and goes on', () => {
    const buggy: Reader = {
      ...bindQuery,
      start: (context) => {
        const read = bindQuery.start(context);
        return (text) => {
          if (text.includes('n1.')) throw new TypeError('a bug');
          return read(text);
        };
      },
    };
    writeFileSync(path, lines(0, 3));
    const one = open({ reader: buggy });
    one.settle();
    expect([numbers(one.names), one.reasons, one.bugs.length]).toEqual([
      [0, 2],
      ['Caltrop failed on it: this is a bug'],
      1,
    ]);
  });

  it('is read whole and once, in its order, however it is rotated and whoever crashes when', () => {
    type Step = 'line' | 'half' | 'rotate' | 'read' | 'commit' | 'crash';
    const steps = fc.array(
      fc.constantFrom<Step>('line', 'line', 'half', 'rotate', 'read', 'read', 'commit', 'crash'),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (todo) => {
        const here = mkdtempSync(join(top, 'steps-'));
        path = join(here, 'query.log');
        writeFileSync(path, line(0));
        let next = 1;
        let half = '';
        let rotations = 0;
        let kept: string[] = [];
        let positions: Positions = {};
        let one = open({ positions });
        const commit = () => {
          kept.push(...one.names.splice(0));
          positions = { ...positions, ...one.followed.positions };
        };
        one.poll();
        commit();
        for (const step of [...todo, 'line', 'commit'] as Step[]) {
          if (step === 'line') {
            const text = half || line(next);
            appendFileSync(path, half ? text : line(next));
            next++;
            half = '';
          } else if (step === 'half' && half === '') {
            appendFileSync(path, line(next).slice(0, 30));
            half = line(next).slice(30);
          } else if (step === 'rotate' && half === '' && existsSync(path)) {
            for (let n = rotations; n > 0; n--) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
            renameSync(path, `${path}.1`);
            rotations++;
          } else if (step === 'read') one.poll();
          else if (step === 'commit') commit();
          else if (step === 'crash') {
            one.followed.close();
            one = open({ positions });
          }
        }
        one.settle();
        commit();
        one.followed.close();
        expect(numbers(kept)).toEqual(upTo(next));
        kept = [];
        rmSync(here, { recursive: true, force: true });
      }),
      { numRuns: 500 },
    );
  });

  it('shows its reader the head again, where it goes on in the middle', () => {
    const row = (n: number) => `1750000000.${n}\tn${n}.example\tA\n`;
    writeFileSync(path, `#separator \\x09\n#fields\tts\tquery\tqtype_name\n${row(0)}`);
    const one = open({ reader: zeekDns });
    const positions = one.settle();
    appendFileSync(path, row(1));
    const two = open({ reader: zeekDns, positions });
    two.settle();
    expect([numbers(one.names), numbers(two.names), two.reasons]).toEqual([[0], [1], []]);
  });
});
