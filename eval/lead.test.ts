import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { lead } from './lead.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-lead-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dayOne = Date.UTC(2026, 0, 2);
const time = (day: number) => new Date(dayOne + day * 86_400_000).toISOString();

/** A list with a stock at one address, which names others at another address, and as many that stand alone, 20 days later. */
function write(name: string, stock: string): string {
  const path = mkdtempSync(join(folder, name));
  const edges: string[] = [];
  const add = (host: string, ip: string, day: number) =>
    edges.push([host, ip, '', 'same_report', '', time(day)].join('\t'));
  for (let n = 0; n < 30; n++) add(`host.stock${n}.com`, stock, 0);
  for (let n = 0; n < 40; n++) add(`www.later${n}.com`, '203.0.113.9', 20);
  for (let n = 0; n < 40; n++) add(`www.alone${n}.com`, `198.51.100.${n + 1}`, 20);
  const file = (to: string, head: string, lines: readonly string[]) =>
    writeFileSync(join(path, to), gzipSync(`${[head, ...lines].join('\n')}\n`));
  file('edges_domain_ip.tsv.gz', 'domain\tip\treport\tkind\tsource\tfirst', edges);
  file('indicators.tsv.gz', 'indicator\ttype\tfamily\tsource\tfirst', []);
  return path;
}

it('says how long before a dated list names cross: those beside what it had, and none that stands alone', {
  timeout: 120_000,
}, async () => {
  const said: string[] = [];
  const run = (data: string) => lead.run({ data, full: false, say: (line) => said.push(line) });
  const { metrics, input } = await run(write('beside', '203.0.113.9'));
  expect(input).toMatchObject({ rows_in: 110, rows_stored: 110, rejected: 0 });
  expect(metrics.names).toBe(80);
  expect(metrics.raised_crossed).toBe(40);
  expect(metrics.raised_crossed_share).toBe(0.5);
  expect(metrics.raised_lead_median_days).toBeGreaterThanOrEqual(19);
  expect(metrics.raised_lead_median_days).toBeLessThanOrEqual(20);
  expect(metrics.raised_lead_over_7).toBe(1);
  // Letters are left out, and neighbours alone bring no name over the highest threshold.
  expect(metrics.malicious_crossed).toBe(0);
  expect(metrics.malicious_lead_median_days).toBeNull();
  expect(said.some((line) => line.includes('nothing is said of letters'))).toBe(true);

  const elsewhere = (await run(write('elsewhere', '192.0.2.1'))).metrics;
  expect(elsewhere).toMatchObject({ names: 80, raised_crossed: 0, raised_lead_median_days: null });
});
