import { expect, test } from 'vitest';
import { Identity } from './identity.ts';

const time = Date.UTC(2025, 1, 12);

const idOf = (identity: Identity, index = 0) => {
  identity.name(time, index);
  return identity.text();
};

function idsOf(source: string, lines: string[]): string[] {
  const identity = new Identity(source);
  return lines.map((line) => {
    identity.line(Buffer.from(line));
    return idOf(identity);
  });
}

test('the same file read twice is the same events, equal lines included', () => {
  const lines = ['a', 'b', 'a', 'a', 'c'];
  const ids = idsOf('auth.log', lines);
  expect(new Set(ids).size).toBe(5);
  expect(idsOf('auth.log', lines)).toEqual(ids);
});

test('the second of two equal lines is another event, whatever their hash', () => {
  const lines = Array.from({ length: 500 }, (_, i) => [`line ${i}`, `line ${i}`]).flat();
  expect(new Set(idsOf('a', lines)).size).toBe(1_000);
});

test('another source, and another event of the line, have other ids', () => {
  expect(idsOf('a', ['x'])).not.toEqual(idsOf('b', ['x']));
  const identity = new Identity('a');
  identity.line(Buffer.from('x'));
  expect(idOf(identity)).not.toBe(idOf(identity, 1));
  expect(idOf(identity, 1)).toBe(idOf(identity, 1));
});

test('many different lines have as many ids', () => {
  const identity = new Identity('a');
  const ids = new Set<string>();
  for (let i = 0; i < 200_000; i++) {
    identity.line(Buffer.from(`line ${i}`));
    ids.add(idOf(identity));
  }
  expect(ids.size).toBe(200_000);
});

test('long lines have ids of their own too, and where a line stands in its chunk does not matter', () => {
  const long = 'x'.repeat(200_000);
  expect(new Set(idsOf('a', [long, long, `${long}y`])).size).toBe(3);
  const identity = new Identity('a');
  identity.line(Buffer.from('before x after'), 7, 8);
  expect([idOf(identity)]).toEqual(idsOf('a', ['x']));
});
