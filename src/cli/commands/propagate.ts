import { readFileSync } from 'node:fs';
import { type Config, configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { createLog } from '../../kit/log.ts';
import { printable } from '../../kit/printable.ts';
import { askedToEnd } from '../../member.ts';
import { propagateAlone } from '../../pipeline/propagation/alone.ts';
import { type Question, questionOf } from '../../pipeline/propagation/question.ts';
import { propagateSpread, startSpreadWorker } from '../../pipeline/propagation/spread.ts';
import { writeWarehouseFiles } from '../../pipeline/propagation/warehouse-files.ts';
import { openBus } from '../../pipeline/roles/topology.ts';
import { orderOf } from '../../reputation/graph/order.ts';
import { openNameModel } from '../../reputation/names/name-model.ts';
import { propagationTopology } from '../../reputation/partitioned/index.ts';
import { Ledger } from '../../reputation/rank/score-files.ts';
import { packageFolder } from '../../version.ts';
import { type Context, defineCommand } from '../command.ts';
import { linesOf } from '../lines.ts';
import { whole } from '../number.ts';

export const propagate = defineCommand({
  name: 'propagate',
  usage: '--edges FILE --seeds FILE [--parts DIR | --sql DIR], or --worker NAME --parts DIR',
  summary:
    'Spreads what is known over a graph of names: here, with workers on other hosts, or in a warehouse.',
  options: {
    edges: { type: 'string', value: 'FILE', summary: 'name, tab, address or name; one a line; gz works' },
    seeds: { type: 'string', value: 'FILE', summary: 'name, tab, malicious or benign; one a line' },
    passes: { type: 'string', value: 'N', summary: 'how far it goes (default 10)' },
    limit: { type: 'string', value: 'N', summary: 'at most so many names (default 50)' },
    parts: {
      type: 'string',
      value: 'DIR',
      summary: 'a folder that all hosts see: with the workers of bus.propagators',
    },
    worker: { type: 'string', value: 'NAME', summary: 'a role of its own: one of bus.propagators' },
    sql: { type: 'string', value: 'DIR', summary: 'write rows and statements for a ClickHouse of your own' },
    cluster: { type: 'string', value: 'NAME', summary: 'with --sql: tables lie in shards of this cluster' },
  },
  async run(context) {
    return context.options.worker === undefined ? ask(context) : work(context);
  },
});

/** A worker, until it is asked to end. */
async function work({ options, configPath, out }: Context): Promise<number> {
  const config = readConfig(configSchema, configPath, process.env);
  const name = String(options.worker);
  const folder = text(options.parts, '--worker needs --parts DIR: the folder that all hosts see.');
  if (!config.bus.propagators.includes(name))
    throw new Fault('config', `${printable(name, 80)} is no worker of this system.`, {
      remedies: [
        {
          path: 'bus.propagators',
          expected: 'names of workers',
          remedy: `Add ${printable(name, 80)} on all hosts.`,
        },
      ],
    });
  const bus = await openBus(config, propagationTopology(config.bus.propagators));
  const worker = await startSpreadWorker(bus, name, folder, systemClock);
  out.item({ worker: name }, () => [`${name} takes part in runs`]);
  await askedToEnd();
  await worker.close();
  await bus.close();
  return 0;
}

async function ask(context: Context): Promise<number> {
  const { options, configPath, out } = context;
  const passes = whole('--passes', options.passes ?? 10);
  const limit = whole('--limit', options.limit ?? 50);
  const question = read(context);
  if (options.sql !== undefined) {
    const cluster = options.cluster === undefined ? {} : { cluster: String(options.cluster) };
    const layout = { prefix: 'caltrop', ...cluster };
    const files = await writeWarehouseFiles(question, { folder: String(options.sql), layout, passes });
    out.item({ files, nodes: question.scale.length }, () => [
      ...files,
      `In that folder: clickhouse-client --queries-file load.sql, then spread.sql; caltrop_belief_${passes} holds what each node is believed to be.`,
    ]);
    return 0;
  }
  const began = performance.now();
  const { belief, told } =
    options.parts === undefined
      ? await alone(question, passes)
      : await spread(readConfig(configSchema, configPath, process.env), question, {
          folder: String(options.parts),
          passes,
          say: (line) => out.note(line),
        });
  const rows: { name: string; belief: number }[] = [];
  for (const node of orderOf(belief)) {
    if (rows.length === limit) break;
    const name = question.nameOf(node);
    if (name !== null) rows.push({ name, belief: belief[node]! });
  }
  const columns: Parameters<typeof out.table<(typeof rows)[number]>>[1] = [
    ['BELIEF', (row) => row.belief.toFixed(3)],
    ['NAME', ({ name }) => name],
  ];
  out.table(rows, columns, 'There is no name in --edges.');
  out.note(`${question.names} names, ${told}; ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  return 0;
}

async function alone(question: Question, passes: number) {
  const { belief } = await propagateAlone(question, passes);
  return { belief, told: `${passes} passes on this machine` };
}

async function spread(
  config: Config,
  question: Question,
  how: { folder: string; passes: number; say(line: string): void },
) {
  const names = config.bus.propagators;
  if (names.length === 0)
    throw new Fault('config', 'No workers are named.', {
      remedies: [
        { path: 'bus.propagators', expected: 'names of workers', remedy: 'Name them: [HOST-A, HOST-B].' },
      ],
    });
  const log = createLog('caltrop');
  const bus = await openBus(config, propagationTopology(names));
  try {
    const { belief, workers, lost } = await propagateSpread(question, {
      ...{ ...how, bus, workers: names, clock: systemClock, log },
    });
    const gone = lost.length > 0 ? `, ${lost.join(', ')} lost on the way` : '';
    return { belief, told: `${how.passes} passes with ${workers} of ${names.length} workers${gone}` };
  } finally {
    await bus.close();
  }
}

function read({ options, out }: Context): Question {
  const ledger = new Ledger();
  for (const line of linesOf(text(options.edges, 'propagate needs --edges FILE.'))) ledger.edge(line);
  for (const line of linesOf(text(options.seeds, 'propagate needs --seeds FILE.'))) ledger.seed(line);
  for (const [reason, count] of ledger.refused) out.note(`${count} lines: ${reason}`);
  const model = openNameModel(readFileSync(packageFolder('models/names.model')));
  return questionOf(ledger, model, Ledger.day);
}

function text(value: unknown, missing: string): string {
  if (typeof value !== 'string') throw new Fault('usage', missing);
  return value;
}
