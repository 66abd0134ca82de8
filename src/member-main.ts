// The program of a folder that holds a sensor alone: no database, no console, nothing but Node (`scripts/sensor-folder.mjs`).
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from './kit/fault.ts';
import { lockFolder } from './kit/lock.ts';
import { printable } from './kit/printable.ts';
import { memberVerbs } from './member.ts';
import { version } from './version.ts';

const usage = `caltrop ${version}: a sensor of a fleet

Usage: caltrop sensor enrol HUB:PORT TOKEN [--data DIR]
       caltrop sensor run [--data DIR]
`;

async function main(): Promise<number> {
  const options = { data: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [noun, verb, ...rest] = positionals;
  if (values.help || noun !== 'sensor' || (verb !== 'enrol' && verb !== 'run')) {
    process.stdout.write(usage);
    return values.help ? 0 : 64;
  }
  const data = resolve(values.data ?? process.env.CALTROP_DATA ?? 'caltrop-data');
  const release = lockFolder(data);
  try {
    if (verb === 'run') await memberVerbs.run(data);
    else process.stdout.write(`${await memberVerbs.enrol(data, rest)}\n`);
    return 0;
  } finally {
    release();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`caltrop: ${printable((error as Error).message, 2_000)}\n`);
  if (!(error instanceof Fault)) return 64;
  for (const { path, expected, remedy } of error.remedies)
    process.stderr.write(`  ${path}: expected ${expected}${remedy ? `\n      ${remedy}` : ''}\n`);
  return error.exit;
});
