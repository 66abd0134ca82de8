// CPU time of what the intake's worker does with a Cowrie line, without lake and main thread: node dist/bench/parts/worker.js [events]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnalysis, detectors, loadRules } from '../../src/analysis/index.ts';
import { openEnrichment } from '../../src/intake/enrich.ts';
import { Intake, importFile, Journal, Rejects, readers } from '../../src/intake/index.ts';
import type { Origin } from '../../src/lake/index.ts';
import { packageFolder } from '../../src/version.ts';
import { writeCowrieLog } from '../cowrie-log.ts';

const events = Number(process.argv[2] ?? 300_000);
const folder = mkdtempSync(join(tmpdir(), 'caltrop-part-'));
const path = join(folder, 'cowrie.json');
writeCowrieLog(path, events);
const enrichment = openEnrichment();
const origins = new Map<string, Origin>();
const analysis = createAnalysis([...detectors, ...loadRules(packageFolder('rules'))]);
const journal = new Journal({
  folder: join(folder, 'journal'),
  segmentRows: 250_000,
  segmentBytes: 256 * 1024 * 1024,
});
const intake = new Intake({
  run: 'bench',
  journal,
  origin(ip) {
    let known = origins.get(ip);
    if (!known) {
      known = { asn: enrichment.asnOf(ip), country: enrichment.country(ip) };
      origins.set(ip, known);
    }
    return known;
  },
  analyse: (event, name) => analysis.push(event, name),
});
let signals = 0;
const cpu = process.cpuUsage();
const began = performance.now();
await importFile({ path, reader: readers.find(({ name }) => name === 'cowrie')! }, intake, {
  now: Date.now(),
  rejects: new Rejects(join(folder, 'rejects')),
  async progress() {
    signals += intake.commit({}, false).length;
    if (journal.full) journal.loaded(journal.seal()!);
  },
});
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  `${JSON.stringify({ events, cpu_us_per_event: Math.round(((user + system) / events) * 100) / 100, wall_us_per_event: Math.round(((performance.now() - began) / events) * 1e5) / 100, signals })}\n`,
);
rmSync(folder, { recursive: true, force: true });
