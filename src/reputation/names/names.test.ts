import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normalName } from '../../kit/domain-name.ts';
import { AhoCorasick } from './aho-corasick.ts';
import { Characters } from './characters.ts';
import { columnLimit, NameColumns } from './columns.ts';
import { generatedNames } from './generators.ts';
import { NearWords } from './near-words.ts';
import { partsOf } from './parts.ts';
import { commonWords, readWords, wordsFile } from './read-words.ts';
import { onDynamicSuffix, onFreeSuffix, serviceHint } from './suffixes.ts';
import { Segmenter, Words } from './words.ts';

const wordsPath = join(import.meta.dirname, '../../..', wordsFile);

test('the parts of a name: sub-domains, what its owner chose, suffix', () => {
  const cut = (name: string) => {
    const { subEnd, ownerStart, ownerEnd, suffixStart, labels, shared } = partsOf(name);
    return [name.slice(0, subEnd), name.slice(ownerStart, ownerEnd), name.slice(suffixStart), labels, shared];
  };
  expect(cut('a.b.example.co.uk')).toEqual(['a.b', 'example', 'co.uk', 5, false]);
  expect(cut('example.com')).toEqual(['', 'example', 'com', 2, false]);
  expect(cut('c2.evil.duckdns.org')).toEqual(['c2', 'evil', 'duckdns.org', 4, true]);
  expect(cut('localhost')).toEqual(['', 'localhost', '', 1, false]);
  expect(cut('com')).toEqual(['', 'com', '', 1, false]);
  expect(cut('duckdns.org')).toEqual(['', 'duckdns', 'org', 2, false]);
});

const words = new Segmenter(readWords(wordsPath));

function split(text: string): string[] {
  words.read(text, 0, text.length);
  return [...words.starts.subarray(0, words.count)].map((start, i) => text.slice(start, words.ends[i]));
}

test('a label is read as the commonest words that make it up', () => {
  expect(split('onlinebanking')).toEqual(['online', 'banking']);
  expect(split('tradingdaughter')).toEqual(['trading', 'daughter']);
  expect(split('my-house24')).toEqual(['my', 'house']);
  expect(words.covered).toBe(5);
  expect(words.letters).toBe(7);
  split('qjxzkvwq');
  expect(words.covered).toBe(0);
  expect(words.cost).toBeGreaterThan(3);
  split('representedharley');
  expect(words.cost).toBeLessThan(2.5);
  split('a'.repeat(63));
  split('x'.repeat(300));
  expect(split('')).toEqual([]);
});

test('a packed word list that is none is refused', () => {
  expect(() => Words.unpack(Buffer.from('nothing'))).toThrow(/word list/);
});

test('characters are counted', () => {
  const c = new Characters();
  c.read('www.a1b2bcdf-x.com', 4, 14);
  expect([c.length, c.digits, c.hyphens, c.letters, c.vowels]).toEqual([10, 2, 1, 7, 1]);
  expect([c.longestConsonants, c.longestDigits, c.changes, c.doubled]).toEqual([4, 1, 4, 0]);
  c.read('abab', 0, 4);
  expect(c.entropy).toBeCloseTo(1, 12);
  c.read('', 0, 0);
  expect(c.entropy).toBe(0);
});

test('words one edit away are found: left out, put in, changed, swapped', () => {
  const near = new NearWords(['paypal', 'google', 'visa']);
  for (const text of ['paypal', 'paypa', 'paypall', 'paybal', 'papyal', 'aypal', 'xpaypal'])
    expect(near.find(text)).toBe(0);
  for (const text of ['pay', 'paypalxx', 'pyapla', 'vis', 'visas', '']) expect(near.find(text)).toBe(-1);
});

test('all words in a text are found in one pass', () => {
  const found: [number, number][] = [];
  new AhoCorasick(['he', 'she', 'hers', 'his']).search('xushers-his', 0, 11, (word, end) =>
    found.push([word, end]),
  );
  expect(found).toEqual([
    [1, 5],
    [2, 7],
    [3, 11],
  ]);
});

test('services under whose suffix anyone takes a name, free suffixes, sinkholes and parking', () => {
  expect(onDynamicSuffix('a.b.ddns.net')).toBe(true);
  expect(onDynamicSuffix('ddns.net')).toBe(false);
  expect(onDynamicSuffix('notddns.net')).toBe(false);
  expect(onDynamicSuffix('com')).toBe(false);
  expect(onFreeSuffix('a.tk')).toBe(true);
  expect(onFreeSuffix('tk.com')).toBe(false);
  expect(serviceHint('ns1.sinkhole.example')).toBe('sinkhole');
  expect(serviceHint('ns2.sedoparking.com')).toBe('parking');
  expect(serviceHint('ns1.centralpark.example')).toBeNull();
});

test('columns stay within their room for the longest names, and their groups follow one another', () => {
  const columns = new NameColumns(18, new Segmenter(readWords(wordsPath)));
  for (const name of [
    'a.co',
    `${'abc-de1.'.repeat(30)}example.com`,
    `${'a.'.repeat(120)}example.com`,
    `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.co.uk`,
    `${'the'.repeat(21)}.com`,
  ]) {
    expect(normalName(name)).toBe(name);
    const count = columns.fill(partsOf(name));
    expect(count).toBeLessThan(columnLimit);
    expect(columns.ends.at(-1)).toBe(count);
    expect([...columns.ends]).toEqual([...columns.ends].sort((a, b) => a - b));
    expect(Math.max(...columns.columns.subarray(0, count))).toBeLessThan(2 ** 18);
  }
});

test('generated names are names, and the same again from the same seed', () => {
  const some = generatedNames(3, commonWords(wordsPath), 2, 20);
  expect(some.filter(({ name }) => normalName(name) !== name)).toEqual([]);
  expect(generatedNames(3, commonWords(wordsPath), 2, 20)).toEqual(some);
  expect(generatedNames(4, commonWords(wordsPath), 2, 20)).not.toEqual(some);
  expect(new Set(some.map(({ family }) => family)).size).toBeGreaterThan(25);
});
