import { expect, it } from 'vitest';
import { reading, values } from './fixture.ts';

it('finds the column by its title, and what else is said', () => {
  const [entries, refused, format] = reading(
    'id\tindicator\tfamily\tfirst_listed\tnote\n1\tbad.example\tMirai\u001b[2J\t2026-01-02T23:10:15Z\tsees "this"\n2\t-\t\t\t\n',
  );
  expect(format).toBe('csv');
  expect(entries).toEqual([
    {
      type: 'domain',
      value: 'bad.example',
      family: 'Mirai\\x1b[2J',
      first: Date.UTC(2026, 0, 2, 23, 10, 15),
      note: 'sees "this"',
    },
  ]);
  expect(refused).toEqual({ 'a single label': 1 });
});

it('takes the column that is named, by title or number; titles may be the last remark', () => {
  expect(values(reading('a,b\n"x, ""y""",one.example\n', 'csv', 'b')[0])).toEqual(['domain one.example']);
  expect(values(reading('x;one.example\ny;two.example\n', 'csv', '2')[0])).toEqual([
    'domain one.example',
    'domain two.example',
  ]);
  const hidden = '# All rights\n# id,Domain\n#\n# id,host\n"1","one.example"\n';
  expect(values(reading(hidden)[0])).toEqual(['domain one.example']);
});

it('counts rows that have no such column, or quotes without an end', () => {
  const [entries, refused] = reading('name,other\n"one.example\nx\n', 'csv', 'other');
  expect(entries).toEqual([]);
  expect(refused).toEqual({ 'quotes without an end': 1, 'no such column': 1 });
});

it('is not misled by titles that objects have from birth', () => {
  expect(values(reading('__proto__,constructor,name\n1,2,one.example\n')[0])).toEqual(['domain one.example']);
});
