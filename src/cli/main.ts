import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configSchema } from '../config.ts';
import { readConfig } from '../kit/config-file.ts';
import { Fault } from '../kit/fault.ts';
import { createLog } from '../kit/log.ts';
import { printable, printableJson } from '../kit/printable.ts';
import { openPipeline } from '../pipeline.ts';
import { createApp } from '../server/index.ts';
import { version } from '../version.ts';
import { type Client, connectClient, localClient } from './client.ts';
import type { Command, OptionSpec } from './command.ts';
import { commands } from './commands/index.ts';
import { createOutput, type Streams } from './output.ts';

const common: Record<string, OptionSpec> = {
  config: { type: 'string', value: 'FILE', summary: 'the configuration (default: none, all defaults)' },
  data: {
    type: 'string',
    value: 'DIR',
    summary: 'the data directory (default: ./caltrop-data, or CALTROP_DATA)',
  },
  json: { type: 'boolean', summary: 'one JSON object a line' },
  help: { type: 'boolean', summary: 'this text' },
};

/** Runs one command line. Returns the exit code: 0 good, 64 usage, 78 configuration, 1 failed. */
export async function main(argv: string[], streams: Streams = process): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (name === '--version' || name === 'version') {
    streams.stdout.write(`caltrop ${version}\n`);
    return 0;
  }
  const command = commands.find((one) => one.name === name);
  if (!command) {
    const asked = name === 'help' || name === '--help' || name === '-h';
    streams[asked ? 'stdout' : 'stderr'].write(
      asked ? overview() : `caltrop: there is no command ${printable(name, 60)}\n\n${overview()}`,
    );
    return asked ? 0 : 64;
  }
  let client: Client | undefined;
  const wantsJson = rest.includes('--json');
  try {
    const { values, positionals } = parse(command, rest);
    if (values.help) {
      streams.stdout.write(helpOf(command));
      return 0;
    }
    const data = resolve(String(values.data ?? process.env.CALTROP_DATA ?? 'caltrop-data'));
    const configPath = values.config === undefined ? undefined : resolve(String(values.config));
    return (
      (await command.run({
        args: positionals,
        options: values,
        configPath,
        data,
        out: createOutput(values.json === true, streams),
        async client() {
          client ??= (await connectClient(data)) ?? (await openLocal(data, configPath));
          return client;
        },
      })) ?? 0
    );
  } catch (error) {
    return complain(error, wantsJson, streams);
  } finally {
    await client?.close();
  }
}

/** Opens the stores in this process, for a command on a system that is not running. */
async function openLocal(data: string, configPath: string | undefined): Promise<Client> {
  const config = readConfig(configSchema, configPath, process.env);
  const pipeline = await openPipeline({
    config,
    data,
    running: false,
    log: createLog('caltrop', { level: 'warn' }),
  });
  const app = createApp(pipeline, true);
  return localClient(
    (request) => app.fetch(request),
    () => pipeline.close(),
  );
}

function parse(command: Command, args: string[]) {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...common }).map(([name, { type, multiple }]) => [
      name,
      { type, multiple: multiple ?? false },
    ]),
  );
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new Fault('usage', (cause as Error).message, {
      cause,
      remedies: [
        { path: command.name, expected: command.usage, remedy: `See caltrop ${command.name} --help.` },
      ],
    });
  }
}

function complain(error: unknown, json: boolean, { stdout, stderr }: Streams): number {
  const fault =
    error instanceof Fault
      ? error
      : new Fault('internal', (error as Error)?.message ?? String(error), { cause: error });
  if (json) {
    stdout.write(
      `${printableJson({ error: fault.code, message: fault.message, remedies: fault.remedies })}\n`,
    );
    return fault.exit;
  }
  stderr.write(`caltrop: ${printable(fault.message, 2_000)}\n`);
  for (const { path, expected, remedy } of fault.remedies) {
    stderr.write(
      `  ${printable(path, 200)}: expected ${printable(expected, 500)}${remedy ? `\n      ${printable(remedy, 500)}` : ''}\n`,
    );
  }
  if (fault.code === 'internal' && error instanceof Error && process.env.CALTROP_DEBUG)
    stderr.write(`${error.stack}\n`);
  return fault.exit;
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n');
  return `caltrop ${version}: decoys, evidence, and denies that rest on proof\n\nUsage: caltrop COMMAND [OPTIONS]\n\n${list}\n\ncaltrop COMMAND --help tells more of one.\n`;
}

function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...common });
  const left = options.map(([name, { value }]) => `--${name}${value ? ` ${value}` : ''}`);
  const width = Math.max(...left.map((one) => one.length));
  const list = options.map(([, { summary }], i) => `  ${left[i]!.padEnd(width)}  ${summary}`).join('\n');
  return `Usage: caltrop ${command.name} ${command.usage}\n\n${command.summary}\n\n${list}\n`;
}
