import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bench, machine } from './bench.ts';
import { classify } from './classify.ts';
import { intake } from './intake.ts';
import { lake } from './lake.ts';
import { latency } from './latency.ts';
import { reputation } from './reputation.ts';
import { sensorIdle } from './sensor-idle.ts';
import { sensorSsh } from './sensor-ssh.ts';

const benches: readonly Bench[] = [classify, intake, lake, latency, reputation, sensorIdle, sensorSsh];

const { values, positionals } = parseArgs({
  options: { input: { type: 'string' }, data: { type: 'string' }, full: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const bench = benches.find(({ name }) => name === positionals[0]);
if (!bench) {
  process.stderr.write(
    `Usage: npm run bench -- NAME [--input FILE] [--full]\n\n${benches.map(({ name, summary }) => `  ${name}  ${summary}\n`).join('')}`,
  );
  process.exit(64);
}
const folder = mkdtempSync(join(tmpdir(), 'caltrop-bench-'));
chmodSync(folder, 0o711);
try {
  const input = values.input ?? values.data;
  const result = await bench.run({
    input: input === undefined ? undefined : resolve(input),
    full: values.full,
    folder,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify({ name: bench.name, ...result, machine: machine() })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
