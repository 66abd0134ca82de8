import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from '../bench/bench.ts';
import { adversarial } from './adversarial.ts';
import { dga } from './dga.ts';
import type { Eval } from './eval.ts';
import { graphModel } from './graph-model.ts';
import { lead } from './lead.ts';
import { lexical } from './lexical.ts';
import { nameModel } from './name-model.ts';
import { reputation } from './reputation.ts';
import { sessions } from './sessions.ts';
import { tuneReputation } from './tune-reputation.ts';

const evals: readonly Eval[] = [
  sessions,
  lexical,
  dga,
  nameModel,
  reputation,
  adversarial,
  lead,
  graphModel,
  tuneReputation,
];

const { values, positionals } = parseArgs({
  options: { data: { type: 'string' }, input: { type: 'string' }, full: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const one = evals.find(({ name }) => name === positionals[0]);
if (!one) {
  const list = evals.map(({ name, summary }) => `  ${name}  ${summary}\n`).join('');
  process.stderr.write(`Usage: npm run eval -- NAME [--data PATH] [--full]\n\n${list}`);
  process.exit(64);
}
const data = values.data ?? values.input;
const result = await one.run({
  data: data === undefined ? undefined : resolve(data),
  full: values.full,
  say: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify({ name: one.name, ...result, machine: machine() })}\n`);
process.exit(0);
