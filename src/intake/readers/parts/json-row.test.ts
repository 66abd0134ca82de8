import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Reject } from '../../reader.ts';
import { RowScanner } from './json-row.ts';

const names = ['a', 'name', 'ünï', 'src_ip', '', 'n'] as const;
const scanner = new RowScanner(names);

function scan(line: string | Buffer): Record<string, unknown> | 'refused' {
  const bytes = Buffer.concat([Buffer.from('{"a":1}\n'), Buffer.from(line as string), Buffer.from('\n"]}')]);
  try {
    const row = scanner.row(bytes, 8, bytes.length - 4);
    return Object.fromEntries(
      names.flatMap((name) => (name in row && name !== '' ? [[name, row[name]]] : [])),
    );
  } catch (error) {
    if (error instanceof Reject) return 'refused';
    throw error;
  }
}

/** What `JSON.parse` says of the same fields. */
function parse(line: string): Record<string, unknown> | 'refused' {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'refused';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'refused';
  const row = value as Record<string, unknown>;
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(row, name) && name !== '' ? [[name, row[name]]] : [])),
  );
}

it.each([
  '{}',
  ' { "a" : 1 , "b":"x" } ',
  '{"a":"","name":"Jürgen","src_ip":"192.0.2.1"}',
  '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00","n":"\\ud800"}',
  '{"a":-0,"n":1.5e3,"name":1e999}',
  '{"a":12345678901234567890,"n":007}',
  '{"a":true,"name":false,"n":null}',
  '{"a":[1,{"a":2}],"name":"x"}',
  '{"b":{"a":1},"a":2}',
  '{"a":1,"a":2}',
  '{"\\u0061":3}',
  '{"ünï":1}',
  '{"a":1}{"a":2}',
  '{"a":1,}',
  '{"a"}',
  '{"a":tru}',
  '{"a":"x',
  '{"a":"\\x"}',
  '{"a":"\\u12g4"}',
  '{"b":"\\u12"}',
  '{"a":"tab\there"}',
  '{"a":1.}',
  '{"a":-}',
  '{"a":--1}',
  '[1]',
  '"a"',
  '',
  '\ufeff{"a":1}',
])('reads %j as JSON.parse does', (line) => {
  expect(scan(line)).toEqual(parse(line));
});

it('reads bytes that are no UTF-8 as a decoder replaces them', () => {
  for (const bytes of [[0xff], [0xe2, 0x82], [0xc3, 0x28], [0xed, 0xa0, 0x80]]) {
    const line = Buffer.concat([Buffer.from('{"a":"x'), Buffer.from(bytes), Buffer.from('y","n":1}')]);
    expect(scan(line)).toEqual(parse(line.toString()));
  }
});

it('agrees with JSON.parse on objects of any values, written in any way, and on what is nearly one', () => {
  const runs = { numRuns: Number(process.env.CALTROP_FUZZ_RUNS ?? 2_000) };
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.constantFrom(true, false, null, [], {}, [1], { a: 'b' }),
  );
  const object = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value);
  fc.assert(
    fc.property(object, fc.boolean(), fc.nat(), fc.string({ maxLength: 3 }), (made, spaced, at, put) => {
      const line = JSON.stringify(made, null, spaced ? 1 : 0);
      expect(scan(line)).toEqual(parse(line));
      const place = at % (line.length + 1);
      const broken = (line.slice(0, place) + put + line.slice(place + 1)).toWellFormed();
      expect(scan(broken)).toEqual(parse(broken));
    }),
    runs,
  );
});

it('gives what comes again as equal text, whatever came between', () => {
  for (let i = 0; i < 20_000; i++)
    expect(scan(`{"a":"value ${i % 9_000}"}`)).toEqual({ a: `value ${i % 9_000}` });
});
