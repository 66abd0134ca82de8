import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { socketPath } from '../../src/cli/client.ts';
import { main } from '../../src/cli/main.ts';
import { configSchema } from '../../src/config.ts';
import { readConfig } from '../../src/kit/config-file.ts';
import { silentLog } from '../../src/kit/log.ts';
import { openPipeline } from '../../src/pipeline.ts';
import { createApp, listen } from '../../src/server/index.ts';
import { openDatabase } from '../../src/state/index.ts';

const root = join(import.meta.dirname, '../..');

/** Text that moves a terminal's cursor, renames its window and turns the reading direction, as an attacker would send it. */
export const hostile = '\u001b]0;x\u0007\u009b2J\u202e\r\ngnp';

/** What of a text a terminal would obey: nothing may be left of it. */
export const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line in this process, as the program does. */
export async function caltrop(...args: string[]): Promise<Ran> {
  const ran = { code: 0, out: '', err: '' };
  const into = (name: 'out' | 'err') => ({
    write(text: string) {
      ran[name] += text;
    },
  });
  ran.code = await main(args, { stdout: into('out'), stderr: into('err') });
  return ran;
}

/** The JSON lines of an output. */
export function json<T = Record<string, unknown>>({ out }: Ran): T[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** A data directory of its own with an empty state, and a configuration. */
export async function newData(yaml = '') {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-commands-'));
  // The sensor's own user has to come through to its spool.
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  const config = join(folder, 'caltrop.yaml');
  writeFileSync(config, yaml);
  mkdirSync(data, { mode: 0o711 });
  cpSync(await emptyState(), join(data, 'state'), { recursive: true });
  // The processes that a killed one had started may write until they see that it has gone.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  return { folder, data, config, remove };
}

/** Such a directory, whose stores stand open and answer on its Unix socket: commands find them as those of a system that runs. */
export async function openSystem(yaml = '') {
  return openData(await newData(yaml));
}

/** The same for a directory that is there already. */
export async function openData({ folder, data, config, remove }: Awaited<ReturnType<typeof newData>>) {
  const pipeline = await openPipeline({
    config: readConfig(configSchema, config, {}),
    data,
    running: false,
    log: silentLog,
  });
  const server = await listen(createApp(pipeline, true), { socket: socketPath(data) });
  const run = (...args: string[]) => caltrop(...args, '--config', config, '--data', data);

  return {
    folder,
    data,
    config,
    pipeline,
    /** Runs a command on it. */
    run,
    /** Runs a command on it with `--json`. */
    ask: async <T>(...args: string[]) => json<T>(await run(...args, '--json')),
    /** Imports a log in which one source guesses passwords: events, a decision and what led to it. Where it is live, they are of now. */
    async attacked(source: string, { live = false, secret = 'guess' } = {}): Promise<void> {
      const log = join(folder, `${source}.json`);
      writeFileSync(log, guesses(source, secret, live ? Date.now() - 60_000 : undefined));
      const { code, err } = await run('import', log, ...(live ? ['--live'] : []));
      if (code !== 0) throw new Error(err);
    },
    async close(): Promise<void> {
      await server.close();
      await pipeline.close();
      remove();
    },
  };
}

export type System = Awaited<ReturnType<typeof openSystem>>;

/** Fifteen sessions in Cowrie's JSON, a second apart, each with a guess that is wrong: thirty lines. */
export function guesses(source: string, secret = 'guess', from = Date.UTC(2025, 1, 12)): string {
  const lines = Array.from({ length: 15 }, (_, i) => {
    const head = {
      timestamp: new Date(from + i * 1_000).toISOString(),
      src_ip: source,
      session: `${source}-${i}`,
      sensor: 'pot',
      protocol: 'ssh',
    };
    const ends = { src_port: 40_000, dst_ip: '192.0.2.10', dst_port: 22 };
    return [
      { eventid: 'cowrie.session.connect', ...ends, ...head },
      { eventid: 'cowrie.login.failed', username: 'root', password: `${secret}${i}`, ...head },
    ];
  });
  return `${lines
    .flat()
    .map((line) => JSON.stringify(line))
    .join('\n')}\n`;
}

/** A state with nothing in it, kept for each schema: PGlite takes seconds to make one, and a part of one to open it. */
async function emptyState(): Promise<string> {
  const migrations = join(root, 'src/state/migrations');
  const version = readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json'));
  const hash = createHash('sha256').update(version);
  for (const name of readdirSync(migrations).sort()) hash.update(readFileSync(join(migrations, name)));
  const cache = join(root, 'node_modules/.cache/caltrop');
  const kept = join(cache, `state-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(kept)) return kept;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, 'making-'));
  await (await openDatabase({ folder: made })).destroy();
  try {
    renameSync(made, kept);
  } catch (error) {
    // Another worker was first.
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(kept)) throw error;
  }
  return kept;
}
