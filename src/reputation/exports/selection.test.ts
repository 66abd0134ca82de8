import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RankedRow, selectNames } from './selection.ts';

const row = (name: string, more: Partial<RankedRow> = {}): RankedRow => ({
  ...{ name, score: 99, class: 'Malicious', confidence: 0.99 },
  ...more,
});
const why = (rows: RankedRow[], options = {}) => {
  const { names, left } = selectNames(rows, { confidence: 0.9, ...options });
  return [names, Object.fromEntries(left.map((one) => [one.name, one.why]))];
};

it('exports what is surely malicious, the worst first', () => {
  const rows = [
    row('b.example', { score: 95 }),
    row('a.example'),
    row('c.example', { class: 'Suspicious' }),
    row('d.example', { confidence: 0.8 }),
    row('e.example', { confidence: Number.NaN }),
  ];
  expect(why(rows)).toEqual([
    ['a.example', 'b.example'],
    {
      'c.example': 'not of the class Malicious',
      'd.example': 'not confident enough',
      'e.example': 'not confident enough',
    },
  ]);
});

it('never denies a public suffix, a hosting apex, an allowed name, or what is above one', () => {
  const rows = [
    'co.uk',
    'com',
    'github.io',
    'evil.github.io',
    'hosting.example',
    'x.hosting.example',
    'ok.example',
  ]
    .concat(
      'sub.ok.example',
      'above.example',
      'a.b.above.example',
      'Upper.example',
      '*.wild.example',
      '192.0.2.1',
      '',
    )
    .map((name) => row(name));
  const options = { allowed: ['ok.example', 'b.above.example'], hosting: ['hosting.example'] };
  expect(why(rows, options)).toEqual([
    ['evil.github.io', 'x.hosting.example'],
    {
      'co.uk': 'a public suffix',
      com: 'a public suffix',
      'github.io': 'an apex under which strangers live',
      'hosting.example': 'an apex under which strangers live',
      'ok.example': 'on the allow list',
      'sub.ok.example': 'on the allow list',
      'a.b.above.example': 'on the allow list',
      'above.example': 'above an allowed name',
      'Upper.example': 'no name',
      '*.wild.example': 'no name',
      '192.0.2.1': 'no name',
      '': 'no name',
    },
  ]);
});

it('names nothing twice, and keeps to the limit', () => {
  const rows = [
    row('x.a.example', { score: 100 }),
    row('a.example'),
    row('a.example'),
    row('b.example', { score: 1 }),
  ];
  expect(selectNames(rows, { confidence: 0, limit: 1 })).toEqual({
    names: ['a.example'],
    left: [
      { name: 'x.a.example', why: 'covered by a name above it' },
      { name: 'a.example', why: 'covered by a name above it' },
      { name: 'b.example', why: 'over the limit' },
    ],
  });
});

it('loses no row, and reaches no allowed name, whatever it is given', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'co', 'uk', 'io', 'github', 'example'), {
    minLength: 1,
    maxLength: 4,
  });
  const name = names.map((labels) => labels.join('.'));
  fc.assert(
    fc.property(fc.array(name), fc.array(name), (rows, allowed) => {
      const made = selectNames(
        rows.map((one) => row(one)),
        { confidence: 0.5, allowed },
      );
      expect(made.names.length + made.left.length).toBe(rows.length);
      for (const denied of made.names)
        for (const kept of allowed) expect(kept === denied || kept.endsWith(`.${denied}`)).toBe(false);
    }),
  );
});
