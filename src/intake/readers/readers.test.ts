import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../model/event.ts';
import { detectFormat } from '../detect-format.ts';
import { type Reader, type Reading, Reject } from '../reader.ts';
import { examples } from './examples.ts';
import { lineReaders, readers } from './index.ts';

const runs = Number(process.env.CALTROP_FUZZ_RUNS ?? 10_000);
const context = { source: 'fuzz', now: () => Date.UTC(2025, 5, 1) };
const head = { id: '00000000-0000-8000-8000-000000000000', arrived: 0, sensor: 'fuzz' };

/** Reads a line and checks what came of it: valid events, nothing, or a refusal with a reason. */
function hold(read: ReturnType<Reader['start']>, line: string): Reading[] {
  let made: Reading | Reading[] | null;
  try {
    made = read(line);
  } catch (error) {
    if (!(error instanceof Reject) || error.message === '') throw error;
    return [];
  }
  const events = made === null ? [] : Array.isArray(made) ? made : [made];
  for (const event of events) parseEvent({ ...head, ...event });
  return events;
}

/** A valid line with some of its parts replaced, removed or repeated: closer to what breaks a parser than noise is. */
const mutated = (lines: string[]) =>
  fc
    .tuple(
      fc.constantFrom(...lines),
      fc.array(
        fc.record({
          at: fc.nat(),
          cut: fc.nat(24),
          put: fc.oneof(
            fc.string({ maxLength: 12 }),
            fc.string({ unit: 'binary', maxLength: 6 }),
            fc.constantFrom(
              '"',
              '\\',
              '\\u0000',
              'null',
              '[]',
              '{}',
              '-1',
              '1e999',
              '99999999999999999999',
              '::1',
              ' from 203.0.113.9 port 22 ssh2',
              '] "',
              '\n',
            ),
          ),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([line, edits]) =>
      edits.reduce((now, { at, cut, put }) => {
        const from = at % (now.length + 1);
        return now.slice(0, from) + put + now.slice(from + cut);
      }, line),
    );

describe('readers', () => {
  it('has names of its own for each, and examples', () => {
    expect(new Set(readers.map(({ name }) => name)).size).toBe(readers.length);
    expect(Object.keys(examples).sort()).toEqual(lineReaders.map(({ name }) => name).sort());
  });
});

describe.each(lineReaders.map((reader) => ({ name: reader.name, reader, lines: examples[reader.name]! })))(
  '$name',
  ({ reader, lines }) => {
    it('reads its examples, and is what detection finds for them', () => {
      const read = reader.start(context);
      for (const line of lines) expect(() => read(line)).not.toThrow();
      expect(lines.flatMap((line) => hold(reader.start(context), line)).length).toBeGreaterThan(0);
      expect(detectFormat(lines)?.name).toBe(reader.name);
    });

    it('gives valid events or a reason for any text', () => {
      const read = reader.start(context);
      fc.assert(
        fc.property(
          fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()),
          (line) => void hold(read, line),
        ),
        { numRuns: runs },
      );
    });

    it('gives valid events or a reason for any mutation of its lines', () => {
      const read = reader.start(context);
      fc.assert(
        fc.property(mutated(lines), (line) => void hold(read, line)),
        { numRuns: runs },
      );
    });

    it('reads the same lines the same way twice', () => {
      const all = (read: ReturnType<Reader['start']>) => lines.map((line) => read(line));
      expect(all(reader.start(context))).toEqual(all(reader.start(context)));
    });
  },
);
