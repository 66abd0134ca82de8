import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const here = import.meta.dirname;
const sources = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
);
const parent = ['supervise.ts', 'isolation.ts'];

it.each(sources)('%s runs nothing and dials nobody', (name) => {
  const text = readFileSync(join(here, name), 'utf8');
  expect(text).not.toMatch(
    /node:(vm|worker_threads|http|https|http2|tls|dgram|dns|inspector|module)'/.test(text) &&
      !parent.includes(name)
      ? /./
      : /\beval\(|new Function|\bfetch\(|import\(/,
  );
  if (!parent.includes(name)) expect(text).not.toMatch(/child_process/);
  expect(text).not.toMatch(/createConnection|net\.connect|\bconnect\(|\.connect\(/);
});
