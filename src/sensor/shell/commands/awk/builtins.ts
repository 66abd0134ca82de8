import type { Regex } from '../../regex.ts';
import { format } from './format.ts';
import type { AwkWorld } from './run.ts';
import { AwkFault, type Expression } from './syntax.ts';
import { Outside, plain, toNumber, toText, type Value } from './values.ts';

const textLimit = 262_144;

/** What the built-in functions see of a run. */
export interface AwkMachine {
  readonly world: AwkWorld;
  readonly variables: Map<string, Value | Outside>;
  readonly record: string;
  readonly files: Map<string, string[]>;
  readonly pipes: Map<string, string>;
  value(expression: Expression): Promise<Value | Outside>;
  assign(target: Expression, value: Value | Outside): Promise<Value | Outside>;
  isArray(name: string): boolean;
  array(name: string): Map<string, Value | Outside>;
  put(array: Map<string, Value | Outside>, key: string, value: Value | Outside): void;
  regex(source: string): Regex;
  split(text: string, by: string): string[];
  get(name: string): Value | Outside;
}

/** The functions that awk brings along (POSIX XCU `awk`, Functions). */
export async function callBuiltin(
  name: string,
  args: Expression[],
  machine: AwkMachine,
): Promise<Value | Outside> {
  const [first, second, third] = args;
  const value = async (one: Expression | undefined, otherwise: Value = ''): Promise<Value> =>
    one ? plain(await machine.value(one)) : otherwise;
  const text = async (one: Expression | undefined) =>
    one ? toText(await machine.value(one)) : machine.record;
  switch (name) {
    case 'length':
      if (first?.kind === 'variable' && machine.isArray(first.name)) return machine.array(first.name).size;
      return (await text(first)).length;
    case 'substr': {
      const all = await text(first);
      const from = Math.round(toNumber(await value(second, 1)));
      const size = third ? Math.round(toNumber(await value(third))) : all.length + Math.abs(from);
      return all.slice(Math.max(0, from - 1), Math.max(0, from - 1 + size));
    }
    case 'index':
      return (await text(first)).indexOf(await text(second)) + 1;
    case 'split': {
      if (second?.kind !== 'variable') return 0;
      const by = third
        ? third.kind === 'regex'
          ? third.source
          : toText(await machine.value(third))
        : String(machine.get('FS'));
      const parts = machine.split(await text(first), by);
      const array = machine.array(second.name);
      array.clear();
      for (const [i, part] of parts.entries()) machine.put(array, String(i + 1), new Outside(part));
      return parts.length;
    }
    case 'sub':
    case 'gsub':
      return replace(
        machine,
        first,
        await text(second),
        third ?? { kind: 'field', index: { kind: 'number', value: 0 } },
        name === 'gsub',
      );
    case 'match': {
      const source = second?.kind === 'regex' ? second.source : await text(second);
      const found = machine.regex(source).exec(await text(first), 0, (count) => machine.world.step(count));
      machine.variables.set('RSTART', found ? found.start + 1 : 0);
      machine.variables.set('RLENGTH', found ? found.end - found.start : -1);
      return found ? found.start + 1 : 0;
    }
    case 'sprintf': {
      const values: Value[] = [];
      for (const arg of args.slice(1)) values.push(await value(arg));
      return format(await text(first), values);
    }
    case 'tolower':
      return (await text(first)).toLowerCase();
    case 'toupper':
      return (await text(first)).toUpperCase();
    case 'system': {
      const { output, status } = await machine.world.command(await text(first), null);
      machine.world.out(output);
      return status;
    }
    case 'close': {
      const target = await text(first);
      machine.files.delete(target);
      const waiting = machine.pipes.get(target);
      if (waiting === undefined) return 0;
      machine.pipes.delete(target);
      machine.world.out((await machine.world.command(target, waiting)).output);
      return 0;
    }
    case 'rand':
      return machine.world.random();
    case 'systime':
      return Math.floor(machine.world.now() / 1_000);
    case 'strftime':
      return new Date(machine.world.now()).toUTCString();
    case 'int':
      return Math.trunc(toNumber(await value(first)));
    case 'sqrt':
    case 'exp':
    case 'log':
    case 'sin':
    case 'cos':
      return Math[name](toNumber(await value(first)));
    case 'atan2':
      return Math.atan2(toNumber(await value(first)), toNumber(await value(second)));
    case 'fflush':
    case 'srand':
      return 0;
    default:
      throw new AwkFault(`function ${name} never defined`);
  }
}

async function replace(
  machine: AwkMachine,
  pattern: Expression | undefined,
  by: string,
  target: Expression,
  all: boolean,
): Promise<number> {
  const source =
    pattern?.kind === 'regex' ? pattern.source : pattern ? toText(await machine.value(pattern)) : '';
  const regex = machine.regex(source);
  const text = toText(await machine.value(target));
  let result = '';
  let at = 0;
  let count = 0;
  while (at <= text.length) {
    const found = regex.exec(text, at, (n) => machine.world.step(n));
    if (!found) break;
    count++;
    result += text.slice(at, found.start);
    result += by.replace(/\\\\&|\\&|&/g, (mark) => (mark === '&' ? text.slice(found.start, found.end) : '&'));
    if (result.length > textLimit) throw new AwkFault('out of memory');
    if (found.end === found.start) result += text[found.end] ?? '';
    at = found.end === found.start ? found.end + 1 : found.end;
    if (!all) break;
  }
  if (count > 0) await machine.assign(target, result + text.slice(at));
  return count;
}
