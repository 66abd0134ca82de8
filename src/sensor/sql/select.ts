import type { Cursor } from './cursor.ts';
import type { Expression, Item } from './expression.ts';
import { parseExpression, parseList } from './parse.ts';

/** One SELECT as it was written. */
export interface Select {
  items: Item[];
  distinct: boolean;
  from: Source[];
  where: Expression | null;
  group: Expression[];
  having: Expression | null;
  order: { expression: Expression; descending: boolean }[];
  limit: Expression | null;
  offset: Expression | null;
  union: Select | null;
  unionAll: boolean;
  /** MySQL: INTO OUTFILE, DUMPFILE or variables. */
  into: { how: 'outfile' | 'dumpfile' | 'variables'; names: string[] } | null;
}

export type Source = {
  alias: string | null;
  on: Expression | null;
  outer: boolean;
} & (
  | { kind: 'table'; path: string[]; at: number }
  | { kind: 'select'; select: Select }
  | { kind: 'call'; call: Expression }
);

const unions = 32;

export function parseSelect(cursor: Cursor, count = 0): Select {
  return cursor.deeper(() => {
    const bracket = cursor.acceptOp('(');
    cursor.expect('select');
    const select: Select = {
      items: [],
      distinct: false,
      from: [],
      where: null,
      group: [],
      having: null,
      order: [],
      limit: null,
      offset: null,
      union: null,
      unionAll: false,
      into: null,
    };
    for (;;) {
      if (cursor.accept('distinct')) select.distinct = true;
      else if (
        !cursor.accept('all') &&
        !cursor.accept('sql_no_cache') &&
        !cursor.accept('sql_calc_found_rows')
      )
        break;
    }
    do select.items.push(item(cursor));
    while (cursor.acceptOp(','));
    into(cursor, select);
    if (cursor.accept('from')) sources(cursor, select.from);
    if (cursor.accept('where')) select.where = parseExpression(cursor);
    if (cursor.accept('group', 'by')) select.group = parseList(cursor);
    if (cursor.accept('having')) select.having = parseExpression(cursor);
    tail(cursor, select);
    if (bracket) cursor.expectOp(')');
    if (cursor.accept('union')) {
      if (count >= unions) throw cursor.fault();
      select.unionAll = cursor.accept('all');
      cursor.accept('distinct');
      select.union = parseSelect(cursor, count + 1);
      select.into ??= select.union.into;
    }
    return select;
  });
}

function tail(cursor: Cursor, select: Select): void {
  if (cursor.accept('order', 'by')) {
    do {
      const expression = parseExpression(cursor);
      const descending = cursor.accept('desc');
      if (!descending) cursor.accept('asc');
      if (cursor.accept('nulls')) cursor.take();
      select.order.push({ expression, descending });
    } while (cursor.acceptOp(','));
  }
  for (;;) {
    if (cursor.accept('limit')) {
      if (cursor.accept('all')) continue;
      select.limit = parseExpression(cursor);
      if (cursor.acceptOp(',')) {
        select.offset = select.limit;
        select.limit = parseExpression(cursor);
      }
    } else if (cursor.accept('offset')) {
      select.offset = parseExpression(cursor);
      if (!cursor.accept('rows')) cursor.accept('row');
    } else break;
  }
  into(cursor, select);
  if (cursor.accept('for', 'update') || cursor.accept('lock', 'in', 'share', 'mode')) return;
  if (cursor.accept('procedure')) cursor.rest();
}

function into(cursor: Cursor, select: Select): void {
  if (!cursor.accept('into')) return;
  if (cursor.is('outfile') || cursor.is('dumpfile')) {
    const how = cursor.take().text.toLowerCase() as 'outfile' | 'dumpfile';
    select.into = { how, names: [cursor.string()] };
    for (const word of ['character', 'fields', 'columns', 'lines']) {
      if (!cursor.is(word)) continue;
      // How lines and fields end: read up to what may follow.
      while (!cursor.done && !cursor.is('from') && !cursor.is('where') && !cursor.is('limit')) cursor.take();
    }
    return;
  }
  const names: string[] = [];
  do names.push(cursor.token.kind === 'variable' ? cursor.take().text : cursor.name());
  while (cursor.acceptOp(','));
  select.into = { how: 'variables', names };
}

function item(cursor: Cursor): Item {
  const from = cursor.token.at;
  const before = cursor.mark();
  const expression = parseExpression(cursor);
  const last = cursor.tokens[cursor.mark() - 1] ?? cursor.tokens[before]!;
  const text = cursor.text.slice(from, last.end);
  let alias: string | null = null;
  if (cursor.accept('as')) alias = cursor.token.kind === 'string' ? cursor.take().text : cursor.name();
  else if (cursor.token.kind === 'name' || cursor.token.kind === 'string') alias = cursor.take().text;
  else if (cursor.token.kind === 'word' && !clauses.has(cursor.token.text.toLowerCase()))
    alias = cursor.name();
  return { expression, alias, text };
}

function sources(cursor: Cursor, list: Source[]): void {
  list.push(source(cursor, false));
  for (;;) {
    if (cursor.acceptOp(',')) {
      list.push(source(cursor, false));
      continue;
    }
    const outer = cursor.accept('left') || cursor.accept('right') || cursor.accept('full');
    if (outer) cursor.accept('outer');
    else if (!cursor.accept('inner') && !cursor.accept('cross')) cursor.accept('natural');
    if (!cursor.accept('join')) return;
    const joined = source(cursor, outer);
    if (cursor.accept('on')) joined.on = parseExpression(cursor);
    else if (cursor.accept('using')) {
      cursor.expectOp('(');
      parseList(cursor);
      cursor.expectOp(')');
    }
    list.push(joined);
  }
}

function source(cursor: Cursor, outer: boolean): Source {
  cursor.accept('lateral');
  cursor.accept('only');
  if (cursor.isOp('(')) {
    cursor.take();
    const select = parseSelect(cursor);
    cursor.expectOp(')');
    return { kind: 'select', select, alias: alias(cursor), on: null, outer };
  }
  const { at } = cursor.token;
  const mark = cursor.mark();
  const path = cursor.path();
  if (cursor.isOp('(')) {
    cursor.back(mark);
    const call = parseExpression(cursor);
    return { kind: 'call', call, alias: alias(cursor), on: null, outer };
  }
  return { kind: 'table', path, at, alias: alias(cursor), on: null, outer };
}

function alias(cursor: Cursor): string | null {
  if (cursor.accept('as')) return cursor.name();
  const { token } = cursor;
  if (token.kind === 'name' || (token.kind === 'word' && !clauses.has(token.text.toLowerCase()))) {
    const name = cursor.name();
    if (cursor.acceptOp('(')) {
      parseList(cursor);
      cursor.expectOp(')');
    }
    return name;
  }
  return null;
}

const clauses = new Set(
  'from where group having order limit offset union into on using join inner left right full cross natural for procedure lock as intersect except fetch window and or set values collate'.split(
    ' ',
  ),
);
