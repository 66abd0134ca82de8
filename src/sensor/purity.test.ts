import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const here = import.meta.dirname;
/** They run outside, before any attacker's byte. */
const parent = ['supervise.ts', 'isolation.ts'];
const sources = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
);
const inside = sources.filter((name) => !parent.includes(name));

it.each(sources)('%s evaluates nothing and dials nobody', (name) => {
  const text = readFileSync(join(here, name), 'utf8');
  expect(text).not.toMatch(/\beval\(|new Function|\bfetch\(|\bimport\(/);
  expect(text).not.toMatch(/createConnection|\bconnect\(/);
  expect(text).not.toMatch(/'node:(vm|worker_threads|http|https|http2|dns|inspector)/);
  // The courier runs outside, and only answers.
  if (name !== join('udp', 'courier.ts')) expect(text).not.toMatch(/'node:dgram/);
  // TLS over a session's own bytes is spoken in one place, and opens no socket.
  if (name !== join('tls', 'secure.ts')) expect(text).not.toMatch(/'node:tls/);
});

it.each(inside)('%s starts nothing', (name) => {
  expect(readFileSync(join(here, name), 'utf8')).not.toMatch(/child_process|'node:module'/);
});
