// Over 300 lines: the machine of one language; its parts share the fields and the variables.
import { Regex } from '../../regex.ts';
import { callBuiltin } from './builtins.ts';
import { format } from './format.ts';
import { AwkFault, type Expression, type Program, type Statement } from './syntax.ts';
import { calculate, numeric, Outside, plain, toNumber, toText, truth, type Value } from './values.ts';

/** What an awk program sees of the world. */
export interface AwkWorld {
  out(text: string): void;
  step(count?: number): void;
  /** The text of a file; undefined where there is none. */
  read(path: string): string | undefined;
  write(path: string, text: string, append: boolean): void;
  /** Runs a command with an input; its output. */
  command(script: string, input: string | null): Promise<{ output: string; status: number }>;
  now(): number;
  random(): number;
}

class Jump extends Error {
  readonly to: string;
  readonly value: Value;
  constructor(to: string, value: Value = '') {
    super(to);
    this.to = to;
    this.value = value;
  }
}

const textLimit = 262_144;
const elementLimit = 20_000;
const fieldLimit = 4_096;
const callLimit = 64;

interface Frame {
  values: Map<string, Value | Outside>;
  arrays: Map<string, Map<string, Value | Outside>>;
}

/** One run of an awk program. */
export class Awk {
  readonly #program: Program;
  readonly world: AwkWorld;
  readonly variables = new Map<string, Value | Outside>();
  readonly #arrays = new Map<string, Map<string, Value | Outside>>();
  readonly #regexes = new Map<string, Regex>();
  readonly files = new Map<string, string[]>();
  readonly pipes = new Map<string, string>();
  readonly #opened = new Set<string>();
  #locals: Frame[] = [];
  record = '';
  #fields: string[] = [];
  #input: { name: string; records: string[] }[] = [];
  #status = 0;

  constructor(program: Program, world: AwkWorld, variables: Iterable<[string, string]>) {
    this.#program = program;
    this.world = world;
    for (const [name, value] of [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['SUBSEP', '\x1c'],
      ['OFMT', '%.6g'],
      ['CONVFMT', '%.6g'],
    ] as const)
      this.variables.set(name, value);
    for (const name of ['NR', 'NF', 'FNR', 'RSTART']) this.variables.set(name, 0);
    this.variables.set('RLENGTH', -1);
    for (const [name, value] of variables) this.variables.set(name, new Outside(value));
  }

  /** Runs over the inputs, each read when its turn comes; resolves with the status. */
  async run(inputs: () => Promise<{ name: string; text: string }[]>): Promise<number> {
    const { rules } = this.#program;
    try {
      for (const { when, body } of rules) if (when === 'BEGIN' && body) await this.#do(body);
      if (rules.some(({ when }) => when !== 'BEGIN')) {
        await this.#load(inputs);
        while (this.#advance()) await this.#match();
      }
    } catch (error) {
      if (!(error instanceof Jump) || error.to !== 'exit') throw error;
    }
    try {
      for (const { when, body } of rules) if (when === 'END' && body) await this.#do(body);
    } catch (error) {
      if (!(error instanceof Jump) || error.to !== 'exit') throw error;
    }
    for (const [script, text] of this.pipes) {
      const { output } = await this.world.command(script, text);
      this.world.out(output);
    }
    return this.#status;
  }

  async #load(inputs: () => Promise<{ name: string; text: string }[]>): Promise<void> {
    const by = String(this.get('RS'));
    for (const { name, text } of await inputs()) {
      const parts =
        by === '\n'
          ? text.split('\n')
          : by === ''
            ? text.split(/\n\n+/)
            : by.length === 1
              ? text.split(by)
              : this.#divide(text, by);
      if (parts.at(-1) === '' || parts.at(-1) === '\n') parts.pop();
      this.#input.push({ name, records: parts.reverse() });
    }
  }

  async #match(): Promise<void> {
    for (const rule of this.#program.rules) {
      const { when, body } = rule;
      if (when === 'BEGIN' || when === 'END') continue;
      this.world.step();
      if (when !== 'always') {
        if (when.to) {
          if (!rule.open && !truth(await this.value(when.from))) continue;
          rule.open = !truth(await this.value(when.to));
        } else if (!truth(await this.value(when.from))) continue;
      }
      try {
        if (body) await this.#do(body);
        else this.world.out(`${this.record}${this.get('ORS')}`);
      } catch (error) {
        if (error instanceof Jump && error.to === 'next') return;
        if (error instanceof Jump && error.to === 'nextfile') {
          this.#input.shift();
          return;
        }
        throw error;
      }
    }
  }

  /** The next record; false at the end. */
  #advance(): boolean {
    for (let first = this.#input[0]; first; first = this.#input[0]) {
      const record = first.records.pop();
      if (record === undefined) {
        this.#input.shift();
        this.variables.set('FNR', 0);
        continue;
      }
      this.world.step();
      this.variables.set('FILENAME', first.name === '-' ? '' : first.name);
      this.variables.set('NR', Number(this.get('NR')) + 1);
      this.variables.set('FNR', Number(this.get('FNR')) + 1);
      this.#setRecord(record);
      return true;
    }
    return false;
  }

  #setRecord(text: string): void {
    this.record = text;
    this.#fields = this.split(text, String(this.get('FS'))).slice(0, fieldLimit);
    this.variables.set('NF', this.#fields.length);
  }

  split(text: string, by: string): string[] {
    this.world.step(text.length >> 8);
    if (text === '') return [];
    if (by === ' ')
      return text
        .trim()
        .split(/[ \t\n]+/)
        .filter(Boolean);
    if (by === '') return [...text];
    if (by.length === 1 && by !== '|' && /[^\\^$.[\]{}()*+?]/.test(by)) return text.split(by);
    if (by === '|' || by === '\\|' || by === '.') return by === '.' ? text.split('.') : text.split('|');
    return this.#divide(text, by);
  }

  #divide(text: string, by: string): string[] {
    const regex = this.regex(by);
    const parts: string[] = [];
    let at = 0;
    for (let from = 0; from <= text.length; ) {
      const found = regex.exec(text, from, (count) => this.world.step(count));
      if (!found) break;
      if (found.end === found.start) {
        from = found.end + 1;
        continue;
      }
      parts.push(text.slice(at, found.start));
      at = found.end;
      from = at;
    }
    parts.push(text.slice(at));
    return parts;
  }

  regex(source: string): Regex {
    let regex = this.#regexes.get(source);
    if (!regex) {
      if (this.#regexes.size > 256) this.#regexes.clear();
      regex = new Regex(source, { extended: true });
      this.#regexes.set(source, regex);
    }
    return regex;
  }

  async #do(statement: Statement): Promise<void> {
    this.world.step();
    switch (statement.kind) {
      case 'block':
        for (const one of statement.body) await this.#do(one);
        return;
      case 'expression':
        await this.value(statement.value);
        return;
      case 'print':
        return this.#print(statement);
      case 'if':
        if (truth(await this.value(statement.test))) await this.#do(statement.yes);
        else if (statement.no) await this.#do(statement.no);
        return;
      case 'while':
        if (statement.after && !(await this.#loop(statement.body))) return;
        while (truth(await this.value(statement.test))) if (!(await this.#loop(statement.body))) return;
        return;
      case 'for':
        if (statement.start) await this.#do(statement.start);
        while (!statement.test || truth(await this.value(statement.test))) {
          if (!(await this.#loop(statement.body))) return;
          if (statement.step) await this.#do(statement.step);
        }
        return;
      case 'each':
        for (const key of [...this.array(statement.name).keys()]) {
          this.#set(statement.variable, new Outside(key));
          if (!(await this.#loop(statement.body))) return;
        }
        return;
      case 'delete':
        if (statement.index) this.array(statement.name).delete(await this.#key(statement.index));
        else this.array(statement.name).clear();
        return;
      case 'jump': {
        const value = statement.value ? plain(await this.value(statement.value)) : '';
        if (statement.to === 'exit' && statement.value) this.#status = toNumber(value) & 255;
        throw new Jump(statement.to, value);
      }
    }
  }

  /** False where the loop was left. */
  async #loop(body: Statement): Promise<boolean> {
    this.world.step();
    try {
      await this.#do(body);
    } catch (error) {
      if (!(error instanceof Jump) || (error.to !== 'break' && error.to !== 'continue')) throw error;
      return error.to === 'continue';
    }
    return true;
  }

  async #print({ args, format: formatted, to }: Extract<Statement, { kind: 'print' }>): Promise<void> {
    const values: (Value | Outside)[] = [];
    for (const arg of args) values.push(await this.value(arg));
    const text = formatted
      ? format(toText(values[0] ?? ''), values.slice(1).map(plain))
      : `${values.length ? values.map((value) => this.#shown(value)).join(String(this.get('OFS'))) : this.record}${this.get('ORS')}`;
    this.world.step(text.length >> 8);
    if (!to) return this.world.out(text);
    const target = toText(await this.value(to.target));
    if (to.op === '|') {
      const all = (this.pipes.get(target) ?? '') + text;
      if (all.length > textLimit || this.pipes.size > 64) throw new AwkFault('out of memory');
      this.pipes.set(target, all);
    } else if (target === '/dev/stdout' || target === '/dev/stderr') this.world.out(text);
    else {
      this.world.write(target, text, to.op === '>>' || this.#opened.has(target));
      if (this.#opened.size < 64) this.#opened.add(target);
    }
  }

  #shown(value: Value | Outside): string {
    return typeof value === 'number' && !Number.isInteger(value)
      ? format(String(this.get('OFMT')), [value])
      : toText(value);
  }

  async value(expression: Expression): Promise<Value | Outside> {
    this.world.step();
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return Number(this.regex(expression.source).test(this.record, (count) => this.world.step(count)));
      case 'variable':
        return this.get(expression.name);
      case 'element': {
        const key = await this.#key(expression.index);
        const array = this.array(expression.name);
        const found = array.get(key);
        if (found === undefined) this.put(array, key, '');
        return found ?? '';
      }
      case 'field':
        return this.#field(toNumber(await this.value(expression.index)));
      case 'group': {
        const parts: string[] = [];
        if (expression.parts.length === 1) return this.value(expression.parts[0]!);
        for (const part of expression.parts) parts.push(toText(await this.value(part)));
        return parts.join(String(this.get('SUBSEP')));
      }
      case 'assign': {
        const right = await this.value(expression.value);
        if (expression.op === '=') return this.assign(expression.target, right);
        const left = toNumber(await this.value(expression.target));
        return this.assign(
          expression.target,
          calculate(expression.op.replace('**', '^').slice(0, -1), left, toNumber(right)),
        );
      }
      case 'change': {
        const old = toNumber(await this.value(expression.target));
        await this.assign(expression.target, old + expression.by);
        return expression.prefix ? old + expression.by : old;
      }
      case 'unary': {
        const value = await this.value(expression.value);
        if (expression.op === '!') return Number(!truth(value));
        return expression.op === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'binary':
        return this.#binary(expression);
      case 'choice':
        return truth(await this.value(expression.test))
          ? this.value(expression.yes)
          : this.value(expression.no);
      case 'in':
        return Number(this.array(expression.name).has(await this.#key(expression.index)));
      case 'getline':
        return this.#getline(expression);
      case 'call':
        return this.#call(expression.name, expression.args);
    }
  }

  async #binary({ op, left, right }: Extract<Expression, { kind: 'binary' }>): Promise<Value> {
    const a = await this.value(left);
    if (op === '&&') return truth(a) ? Number(truth(await this.value(right))) : 0;
    if (op === '||') return truth(a) ? 1 : Number(truth(await this.value(right)));
    if (op === '~' || op === '!~') {
      const source = right.kind === 'regex' ? right.source : toText(await this.value(right));
      return Number(this.regex(source).test(toText(a), (count) => this.world.step(count)) === (op === '~'));
    }
    const b = await this.value(right);
    if (op === ' ') {
      const text = toText(a) + toText(b);
      if (text.length > textLimit) throw new AwkFault('out of memory');
      return text;
    }
    if (/^[<>=!]/.test(op)) {
      const [x, y] = numeric(a) && numeric(b) ? [toNumber(a), toNumber(b)] : [toText(a), toText(b)];
      return Number({ '<': x < y, '<=': x <= y, '==': x === y, '!=': x !== y, '>': x > y }[op] ?? x >= y);
    }
    return calculate(op, toNumber(a), toNumber(b));
  }

  async #getline({ target, file, command }: Extract<Expression, { kind: 'getline' }>): Promise<number> {
    if (!file && !command) {
      if (target) {
        const record = this.#input[0]?.records.pop();
        if (record === undefined) return 0;
        await this.assign(target, new Outside(record));
        return 1;
      }
      return Number(this.#advance());
    }
    const name = toText(await this.value(file ?? command!));
    let lines = this.files.get(name);
    if (!lines) {
      const text = file ? this.world.read(name) : (await this.world.command(name, null)).output;
      if (text === undefined) return -1;
      lines = text.replace(/\n$/, '').split('\n').reverse();
      if (this.files.size > 64) this.files.clear();
      this.files.set(name, lines);
    }
    const line = lines.pop();
    if (line === undefined) return 0;
    if (target) await this.assign(target, new Outside(line));
    else this.#setRecord(line);
    return 1;
  }

  async assign(target: Expression, given: Value | Outside): Promise<Value | Outside> {
    const value = typeof given === 'string' && given.length > textLimit ? given.slice(0, textLimit) : given;
    if (target.kind === 'group' && target.parts.length === 1) return this.assign(target.parts[0]!, value);
    if (target.kind === 'variable') {
      this.#set(target.name, value);
      if (target.name === 'NF') {
        const count = Math.min(fieldLimit, Math.max(0, toNumber(value)));
        this.#fields = Array.from({ length: count }, (_, i) => this.#fields[i] ?? '');
        this.record = this.#fields.join(String(this.get('OFS')));
      }
    } else if (target.kind === 'element')
      this.put(this.array(target.name), await this.#key(target.index), value);
    else if (target.kind === 'field') {
      const index = toNumber(await this.value(target.index));
      if (index === 0) this.#setRecord(toText(value));
      else if (index > 0 && index <= fieldLimit) {
        while (this.#fields.length < index) this.#fields.push('');
        this.#fields[index - 1] = toText(value);
        this.variables.set('NF', this.#fields.length);
        this.record = this.#fields.join(String(this.get('OFS')));
      }
    }
    return value;
  }

  async #call(name: string, args: Expression[]): Promise<Value | Outside> {
    const own = this.#program.functions.get(name);
    if (own) return this.#userCall(own, args);
    return callBuiltin(name, args, this);
  }

  async #userCall(
    { parameters, body }: { parameters: string[]; body: Statement },
    args: Expression[],
  ): Promise<Value> {
    if (this.#locals.length >= callLimit) throw new AwkFault('function call nesting too deep');
    const frame: Frame = { values: new Map(), arrays: new Map() };
    for (const [i, name] of parameters.entries()) {
      const arg = args[i];
      if (arg?.kind === 'variable' && this.isArray(arg.name)) frame.arrays.set(name, this.array(arg.name));
      else frame.values.set(name, arg ? await this.value(arg) : '');
    }
    this.#locals.push(frame);
    try {
      await this.#do(body);
      return '';
    } catch (error) {
      if (error instanceof Jump && error.to === 'return') return error.value;
      throw error;
    } finally {
      this.#locals.pop();
    }
  }

  #field(index: number): Value | Outside {
    if (index < 0 || !Number.isFinite(index)) throw new AwkFault('attempt to access field -1');
    return new Outside(index === 0 ? this.record : (this.#fields[Math.trunc(index) - 1] ?? ''));
  }

  async #key(index: Expression[]): Promise<string> {
    const parts: string[] = [];
    for (const one of index) parts.push(toText(await this.value(one)));
    return parts.join(String(this.get('SUBSEP')));
  }

  get(name: string): Value | Outside {
    return this.#locals.at(-1)?.values.get(name) ?? this.variables.get(name) ?? '';
  }

  #set(name: string, value: Value | Outside): void {
    const frame = this.#locals.at(-1);
    if (frame?.values.has(name)) frame.values.set(name, value);
    else if (this.variables.size < 1_024 || this.variables.has(name)) this.variables.set(name, value);
  }

  isArray(name: string): boolean {
    return this.#locals.at(-1)?.arrays.has(name) === true || this.#arrays.has(name);
  }

  array(name: string): Map<string, Value | Outside> {
    const frame = this.#locals.at(-1);
    const local = frame?.arrays.get(name);
    if (local) return local;
    const home = frame?.values.has(name) ? frame.arrays : this.#arrays;
    let array = home.get(name);
    if (!array) {
      if (home.size > 256) throw new AwkFault('out of memory');
      array = new Map();
      home.set(name, array);
    }
    return array;
  }

  put(array: Map<string, Value | Outside>, key: string, value: Value | Outside): void {
    if (array.size >= elementLimit && !array.has(key)) throw new AwkFault('out of memory');
    array.set(key, value);
  }
}
