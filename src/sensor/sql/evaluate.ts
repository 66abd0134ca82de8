// Over 300 lines because selecting and evaluating call each other: a subquery is an expression, a row is made of them.
import type { Expression, Item, Value } from './expression.ts';
import { SqlFault } from './lexer.ts';
import {
  aggregate,
  aggregates,
  arithmetic,
  compare,
  distinct,
  hasAggregate,
  like,
  logic,
  resembles,
  same,
} from './operators.ts';
import type { Select, Source } from './select.ts';

/** Bounds of one statement's evaluation: steps, rows that a join may make, bytes of one value. */
const limits = { steps: 200_000, rows: 5_000, text: 1_048_576 } as const;

export interface Relation {
  columns: string[];
  /** The server's type name of each column where it is known. */
  types?: string[];
  rows: Value[][];
}

/** What a server knows beyond SQL itself. */
export interface Host {
  table(path: string[], at: number): Relation;
  call(name: string, args: Value[], at: number): Value;
  /** A function in FROM; undefined where it gives one row of one column. */
  callTable?(name: string, args: Value[]): Relation | undefined;
  variable(text: string): Value;
  assign?(name: string, value: Value): void;
  cast(value: Value, type: string): Value;
  columnName(item: Item): string;
  parameter(index: number): Value;
  truth(value: Value): boolean | null;
  /** MySQL: a boolean is a number. */
  bool(value: boolean | null): Value;
  binary?(op: string, left: Value, right: Value): Value | undefined;
}

interface Scope {
  names: { table: string; column: string }[];
  row: Value[];
  outer: Scope | null;
  /** The rows of the group that aggregates run over. */
  group: Value[][] | null;
}

/** Runs one SELECT over what the host has, in memory. */
export function runSelect(select: Select, host: Host): Relation {
  return new Run(host).select(select, null);
}

export function evaluate(expression: Expression, host: Host): Value {
  return new Run(host).value(expression, null);
}

class Run {
  readonly #host: Host;
  #steps = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  select(select: Select, outer: Scope | null): Relation {
    const from = this.#from(select.from, outer);
    const scope = (row: Value[], group: Value[][] | null = null): Scope => ({
      names: from.names,
      row,
      outer,
      group,
    });
    let rows = from.rows;
    const { where } = select;
    if (where) rows = rows.filter((row) => this.#host.truth(this.value(where, scope(row))) === true);
    const grouped =
      select.group.length > 0 || select.items.some(({ expression }) => hasAggregate(expression));
    let scopes = rows.map((row) => scope(row));
    if (grouped) scopes = this.#groups(select, rows, scope);
    const { having } = select;
    if (having) scopes = scopes.filter((each) => this.#host.truth(this.value(having, each)) === true);

    const columns: string[] = [];
    for (const item of select.items) {
      if (item.expression.kind === 'star')
        columns.push(
          ...this.#star(item.expression.path, from.names).map((index) => from.names[index]!.column),
        );
      else columns.push(item.alias ?? this.#host.columnName(item));
    }
    let made = scopes.map((each) => ({ scope: each, row: this.#row(select.items, each) }));
    if (select.distinct) made = distinct(made, ({ row }) => row);
    if (scopes.length === 0)
      this.#check(
        select.items,
        scope(
          from.names.map(() => null),
          grouped ? [] : null,
        ),
      );
    for (const { expression, descending } of [...select.order].reverse()) {
      const key = ({ scope: each, row }: (typeof made)[number]) => {
        if (expression.kind === 'value' && typeof expression.value === 'number')
          return row[expression.value - 1] ?? null;
        if (expression.kind === 'column' && expression.path.length === 1) {
          const index = columns.indexOf(expression.path[0]!);
          if (index >= 0) return row[index]!;
        }
        return this.value(expression, each);
      };
      const keyed = made.map((each) => ({ each, key: key(each) }));
      keyed.sort((a, b) => compare(a.key, b.key) * (descending ? -1 : 1));
      made = keyed.map(({ each }) => each);
    }
    let out = made.map(({ row }) => row);
    if (select.union) {
      const more = this.select(select.union, outer);
      if (more.columns.length !== columns.length) throw new SqlFault('columns');
      out = [...out, ...more.rows];
      if (!select.unionAll) out = distinct(out, (row) => row);
    }
    const number = (expression: Expression | null, missing: number) => {
      const value = expression ? Number(this.value(expression, null)) : missing;
      return Number.isFinite(value) ? Math.max(0, value) : missing;
    };
    const start = number(select.offset, 0);
    return { columns, rows: out.slice(start, start + number(select.limit, limits.rows)) };
  }

  #from(sources: Source[], outer: Scope | null): { names: Scope['names']; rows: Value[][] } {
    let names: Scope['names'] = [];
    let rows: Value[][] = [[]];
    for (const source of sources) {
      const { relation, name } = this.#source(source, { names, row: rows[0] ?? [], outer, group: null });
      const added = relation.columns.map((column) => ({ table: source.alias ?? name, column }));
      const all = [...names, ...added];
      const joined: Value[][] = [];
      for (const left of rows) {
        let matched = false;
        for (const right of relation.rows) {
          this.#step();
          const row = [...left, ...right];
          if (
            source.on &&
            this.#host.truth(this.value(source.on, { names: all, row, outer, group: null })) !== true
          )
            continue;
          matched = true;
          joined.push(row);
          if (joined.length > limits.rows) throw new SqlFault('full');
        }
        if (!matched && source.outer) joined.push([...left, ...relation.columns.map(() => null)]);
      }
      names = all;
      rows = joined;
    }
    return { names, rows };
  }

  #source(source: Source, scope: Scope): { relation: Relation; name: string } {
    if (source.kind === 'select') return { relation: this.select(source.select, scope.outer), name: '' };
    if (source.kind === 'table')
      return { relation: this.#host.table(source.path, source.at), name: source.path.at(-1)! };
    if (source.call.kind !== 'call') throw new SqlFault('syntax');
    const { name } = source.call;
    const args = source.call.args.map((arg) => this.value(arg, scope));
    const relation = this.#host.callTable?.(name, args) ?? {
      columns: [source.alias ?? name],
      rows: [[this.#host.call(name, args, source.call.at)]],
    };
    return { relation, name };
  }

  #groups(select: Select, rows: Value[][], scope: (row: Value[], group: Value[][]) => Scope): Scope[] {
    if (select.group.length === 0) return [scope(rows[0] ?? [], rows)];
    const groups = new Map<string, Value[][]>();
    for (const row of rows) {
      const key = JSON.stringify(
        select.group.map((expression) => this.#groupKey(expression, select, scope(row, [row]))),
      );
      const group = groups.get(key);
      if (group) group.push(row);
      else groups.set(key, [row]);
    }
    return [...groups.values()].map((group) => scope(group[0]!, group));
  }

  #groupKey(expression: Expression, select: Select, scope: Scope): Value {
    const position =
      expression.kind === 'value' && typeof expression.value === 'number' ? expression.value : 0;
    const item = select.items[position - 1];
    return this.value(item ? item.expression : expression, scope);
  }

  #star(path: string[], names: Scope['names']): number[] {
    const table = path.at(-1);
    const found: number[] = [];
    names.forEach((name, index) => {
      if (!table || same(name.table, table)) found.push(index);
    });
    if (found.length === 0) throw new SqlFault('syntax', '*');
    return found;
  }

  #row(items: Item[], scope: Scope): Value[] {
    return items.flatMap(({ expression }) =>
      expression.kind === 'star'
        ? this.#star(expression.path, scope.names).map((index) => scope.row[index] ?? null)
        : [this.value(expression, scope)],
    );
  }

  // Names are checked even where no row is there to read them from.
  #check(items: Item[], scope: Scope): void {
    for (const { expression } of items) if (expression.kind === 'column') this.value(expression, scope);
  }

  #step(): void {
    if (++this.#steps > limits.steps) throw new SqlFault('full');
  }

  value(expression: Expression, scope: Scope | null): Value {
    this.#step();
    const host = this.#host;
    switch (expression.kind) {
      case 'value':
        return expression.value;
      case 'parameter':
        return host.parameter(expression.index);
      case 'column':
        return this.#column(expression.path, expression.at, scope);
      case 'star':
        throw new SqlFault('syntax', '*');
      case 'variable':
        return host.variable(expression.text);
      case 'assign': {
        const value = this.value(expression.value, scope);
        host.assign?.(expression.name, value);
        return value;
      }
      case 'call':
        return this.#call(expression, scope);
      case 'unary':
        return this.#unary(expression.op, this.value(expression.value, scope));
      case 'binary':
        return this.#binary(expression, scope);
      case 'in': {
        const value = this.value(expression.value, scope);
        const list = expression.list.flatMap((each) =>
          each.kind === 'select'
            ? this.select(each.select, scope).rows.map((row) => row[0]!)
            : [this.value(each, scope)],
        );
        if (value === null) return null;
        const found = list.some((each) => each !== null && compare(each, value) === 0);
        return host.bool(found !== expression.not);
      }
      case 'between': {
        const value = this.value(expression.value, scope);
        const inside =
          compare(value, this.value(expression.low, scope)) >= 0 &&
          compare(value, this.value(expression.high, scope)) <= 0;
        return host.bool(inside !== expression.not);
      }
      case 'case': {
        const value = expression.value && this.value(expression.value, scope);
        for (const [when, then] of expression.whens) {
          const test = this.value(when, scope);
          if (expression.value ? compare(test, value) === 0 : host.truth(test) === true)
            return this.value(then, scope);
        }
        return expression.otherwise ? this.value(expression.otherwise, scope) : null;
      }
      case 'cast':
        return host.cast(this.value(expression.value, scope), expression.type);
      case 'select': {
        const { rows } = this.select(expression.select, scope);
        return expression.exists ? host.bool(rows.length > 0) : (rows[0]?.[0] ?? null);
      }
    }
  }

  #column(path: string[], at: number, scope: Scope | null): Value {
    const column = path.at(-1)!;
    const table = path.at(-2);
    for (let each = scope; each; each = each.outer) {
      const index = each.names.findIndex(
        (name) => same(name.column, column) && (!table || same(name.table, table)),
      );
      if (index >= 0) return each.row[index] ?? null;
    }
    throw new SqlFault('column', path.join('.'), at);
  }

  #call({ name, args, distinct: once, at }: Expression & { kind: 'call' }, scope: Scope | null): Value {
    if (scope?.group && aggregates.has(name)) {
      const group = scope.group.map((row) => ({ ...scope, row, group: null }));
      const [first] = args;
      if (name === 'count' && (!first || first.kind === 'star')) return group.length;
      let values = group
        .map((each) => (first ? this.value(first, each) : null))
        .filter((value) => value !== null);
      if (once) values = distinct(values, (value) => [value]);
      return aggregate(name, values, args[1] ? this.value(args[1], scope) : ',');
    }
    const values = args.map((arg) => (arg.kind === 'star' ? null : this.value(arg, scope)));
    if (name === 'if' || name === 'ifnull' || name === 'coalesce' || name === 'nullif')
      return this.#choice(name, values);
    const value = this.#host.call(name, values, at);
    if (typeof value === 'string' && value.length > limits.text) throw new SqlFault('full');
    return value;
  }

  #choice(name: string, values: Value[]): Value {
    if (name === 'if') return (this.#host.truth(values[0] ?? null) ? values[1] : values[2]) ?? null;
    if (name === 'nullif')
      return compare(values[0] ?? null, values[1] ?? null) === 0 ? null : (values[0] ?? null);
    return values.find((value) => value !== null) ?? null;
  }

  #unary(op: string, value: Value): Value {
    const { bool, truth } = this.#host;
    if (op.startsWith('is ')) {
      if (op === 'is null') return bool(value === null);
      if (op === 'is true') return bool(truth(value) === true);
      return bool(op === 'is false' ? truth(value) === false : value === null);
    }
    if (value === null) return null;
    if (op === 'not' || op === '!') return bool(!truth(value));
    if (op === '-') return -Number(value);
    if (op === '~') return ~Number(value);
    return value;
  }

  #binary({ op, left, right }: Expression & { kind: 'binary' }, scope: Scope | null): Value {
    const { bool, truth } = this.#host;
    const a = this.value(left, scope);
    if (op === 'and' || op === '&&')
      return truth(a) === false ? bool(false) : bool(logic(truth(a), truth(this.value(right, scope)), true));
    const or = op === 'or' || (op === '||' && !this.#host.binary);
    if (or)
      return truth(a) === true ? bool(true) : bool(logic(truth(a), truth(this.value(right, scope)), false));
    const b = this.value(right, scope);
    const own = this.#host.binary?.(op, a, b);
    if (own !== undefined) return own;
    if (op === '<=>') return bool(compare(a, b) === 0);
    if (a === null || b === null) return null;
    if (op === 'like' || op === 'ilike') return bool(like(String(a), String(b)));
    if (['rlike', 'regexp', '~', '~*', '!~', '!~*'].includes(op))
      return bool(resembles(String(a), String(b)) !== op.startsWith('!'));
    const order = compare(a, b);
    if (op === '=') return bool(order === 0);
    if (op === '<>' || op === '!=') return bool(order !== 0);
    if (op === '<') return bool(order < 0);
    if (op === '>') return bool(order > 0);
    if (op === '<=') return bool(order <= 0);
    if (op === '>=') return bool(order >= 0);
    return arithmetic(op, Number(a), Number(b));
  }
}
