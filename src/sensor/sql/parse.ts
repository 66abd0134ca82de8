import type { Cursor } from './cursor.ts';
import type { Expression } from './expression.ts';
import { parseSelect } from './select.ts';

/** Binding strength, loosest first. MySQL 8.0 §12.4.1, PostgreSQL 15 §4.1.6: near enough alike. */
const strengths: Record<string, number> = {
  or: 1,
  '||': 9,
  xor: 2,
  and: 3,
  '&&': 3,
  '=': 5,
  '<=>': 5,
  '<>': 5,
  '!=': 5,
  '<': 5,
  '>': 5,
  '<=': 5,
  '>=': 5,
  is: 5,
  like: 5,
  ilike: 5,
  rlike: 5,
  regexp: 5,
  in: 5,
  between: 5,
  not: 5,
  '~': 6,
  '~*': 6,
  '!~': 6,
  '!~*': 6,
  '|': 6,
  '&': 7,
  '+': 10,
  '-': 10,
  '*': 11,
  '/': 11,
  '%': 11,
  div: 11,
  mod: 11,
  '^': 12,
  '::': 14,
  '[': 14,
};

/** Reads one expression, by precedence climbing. */
export function parseExpression(cursor: Cursor, loosest = 0): Expression {
  return cursor.deeper(() => {
    let left = operand(cursor);
    for (;;) {
      const { token } = cursor;
      if (token.kind !== 'op' && token.kind !== 'word') return left;
      if (cursor.accept('collate')) {
        cursor.path();
        continue;
      }
      // OPERATOR(pg_catalog.~): psql spells its operators so.
      const spelled = cursor.dialect === 'postgres' && cursor.is('operator') && cursor.ahead(1)?.text === '(';
      const op = spelled ? (cursor.ahead(4)?.text ?? '') : token.text.toLowerCase();
      const strength = Object.hasOwn(strengths, op) ? strengths[op]! : 0;
      if (strength === 0 || strength <= loosest) return left;
      if (spelled) for (let i = 0; i < 6; i++) cursor.take();
      else cursor.take();
      left = infix(cursor, left, op, strength);
    }
  });
}

function infix(cursor: Cursor, left: Expression, op: string, strength: number): Expression {
  if (op === '::') return { kind: 'cast', value: left, type: typeName(cursor) };
  if (op === '[') {
    const index = parseExpression(cursor);
    cursor.expectOp(']');
    return { kind: 'call', name: 'array_item', args: [left, index], distinct: false, at: 0 };
  }
  if (op === 'is') {
    const not = cursor.accept('not');
    const value = { kind: 'unary', op: `is ${cursor.name().toLowerCase()}`, value: left } as const;
    return not ? { kind: 'unary', op: 'not', value } : value;
  }
  let not = false;
  let word = op;
  if (op === 'not') {
    not = true;
    word = cursor.name().toLowerCase();
  }
  if (word === 'in') {
    cursor.expectOp('(');
    const list = parseList(cursor);
    cursor.expectOp(')');
    return { kind: 'in', not, value: left, list };
  }
  if (word === 'between') {
    const low = parseExpression(cursor, 5);
    cursor.expect('and');
    return { kind: 'between', not, value: left, low, high: parseExpression(cursor, 5) };
  }
  if (cursor.is('any') || cursor.is('all')) {
    cursor.take();
    cursor.expectOp('(');
    const list = parseList(cursor);
    cursor.expectOp(')');
    return { kind: 'in', not, value: left, list };
  }
  const right = parseExpression(cursor, strength);
  if (word === 'like' && cursor.accept('escape')) cursor.string();
  const value: Expression = { kind: 'binary', op: word, left, right };
  return not ? { kind: 'unary', op: 'not', value } : value;
}

function operand(cursor: Cursor): Expression {
  const { token } = cursor;
  if (token.kind === 'string') {
    let text = cursor.take().text;
    // Neighbouring literals are one.
    while (cursor.token.kind === 'string') text += cursor.take().text;
    return { kind: 'value', value: text };
  }
  if (token.kind === 'number') return { kind: 'value', value: Number(cursor.take().text) };
  if (token.kind === 'parameter') return { kind: 'parameter', index: cursor.parameter(cursor.take()) };
  if (token.kind === 'variable') {
    const name = cursor.take().text;
    if (cursor.acceptOp(':=')) return { kind: 'assign', name, value: parseExpression(cursor) };
    return { kind: 'variable', text: name };
  }
  if (cursor.acceptOp('*')) return { kind: 'star', path: [] };
  for (const op of ['-', '+', '~', '!']) {
    if (cursor.acceptOp(op)) return { kind: 'unary', op, value: parseExpression(cursor, 12) };
  }
  if (cursor.accept('not')) return { kind: 'unary', op: 'not', value: parseExpression(cursor, 4) };
  if (cursor.accept('binary') || cursor.accept('distinct')) return operand(cursor);
  if (cursor.acceptOp('(')) {
    if (cursor.is('select')) {
      const select = parseSelect(cursor);
      cursor.expectOp(')');
      return { kind: 'select', select, exists: false };
    }
    const inner = parseExpression(cursor);
    while (cursor.acceptOp(',')) parseExpression(cursor);
    cursor.expectOp(')');
    return inner;
  }
  return named(cursor);
}

function named(cursor: Cursor): Expression {
  const { token } = cursor;
  if (token.kind !== 'word' && token.kind !== 'name') throw cursor.fault();
  if (token.kind === 'word') {
    const word = token.text.toLowerCase();
    if (reserved.has(word)) throw cursor.fault();
    if (word === 'null') return literal(cursor, null);
    if (word === 'true') return literal(cursor, cursor.dialect === 'mysql' ? 1 : true);
    if (word === 'false') return literal(cursor, cursor.dialect === 'mysql' ? 0 : false);
    if (word === 'case') return parseCase(cursor);
    if (word === 'exists' && cursor.ahead(1)?.text === '(') {
      cursor.take();
      cursor.expectOp('(');
      const select = parseSelect(cursor);
      cursor.expectOp(')');
      return { kind: 'select', select, exists: true };
    }
    if ((word === 'cast' || word === 'convert') && cursor.ahead(1)?.text === '(') return parseCast(cursor);
    if (word === 'array' && cursor.ahead(1)?.text === '[') {
      cursor.take();
      cursor.take();
      const args = cursor.isOp(']') ? [] : parseList(cursor);
      cursor.expectOp(']');
      return { kind: 'call', name: 'array', args, distinct: false, at: token.at };
    }
    if (word === 'interval') {
      cursor.take();
      const value = parseExpression(cursor, 12);
      if (
        cursor.token.kind === 'word' &&
        /^(second|minute|hour|day|week|month|year)$/i.test(cursor.token.text)
      )
        cursor.take();
      return value;
    }
    if (word.startsWith('_') && cursor.ahead(1)?.kind === 'string') {
      cursor.take();
      return operand(cursor);
    }
    if (
      bare.has(word) &&
      (cursor.dialect === 'postgres' || !postgresOnly.has(word)) &&
      cursor.ahead(1)?.text !== '('
    ) {
      cursor.take();
      return { kind: 'call', name: word, args: [], distinct: false, at: token.at };
    }
  }
  const path = [cursor.name()];
  while (cursor.acceptOp('.')) {
    if (cursor.acceptOp('*')) return { kind: 'star', path };
    path.push(cursor.name());
  }
  if (!cursor.acceptOp('(')) return { kind: 'column', path, at: token.at };
  const distinct = cursor.accept('distinct');
  const args = cursor.isOp(')') ? [] : parseList(cursor);
  if (cursor.accept('order', 'by')) parseList(cursor);
  if (cursor.accept('separator')) cursor.string();
  if (cursor.accept('from') || cursor.accept('for')) args.push(...parseList(cursor));
  cursor.expectOp(')');
  return { kind: 'call', name: path.join('.').toLowerCase(), args, distinct, at: token.at };
}

/** Expressions with commas between. */
export function parseList(cursor: Cursor): Expression[] {
  const list: Expression[] = [];
  do {
    if (cursor.is('select')) list.push({ kind: 'select', select: parseSelect(cursor), exists: false });
    else list.push(parseExpression(cursor));
    if (cursor.accept('asc') || cursor.accept('desc')) continue;
  } while (cursor.acceptOp(','));
  return list;
}

function literal(cursor: Cursor, value: null | number | boolean): Expression {
  cursor.take();
  return { kind: 'value', value };
}

function parseCase(cursor: Cursor): Expression {
  cursor.take();
  const value = cursor.is('when') ? null : parseExpression(cursor);
  const whens: [Expression, Expression][] = [];
  while (cursor.accept('when')) {
    const when = parseExpression(cursor);
    cursor.expect('then');
    whens.push([when, parseExpression(cursor)]);
  }
  const otherwise = cursor.accept('else') ? parseExpression(cursor) : null;
  cursor.expect('end');
  return { kind: 'case', value, whens, otherwise };
}

function parseCast(cursor: Cursor): Expression {
  cursor.take();
  cursor.expectOp('(');
  const value = parseExpression(cursor);
  if (!cursor.acceptOp(',') && !cursor.accept('as')) cursor.expect('using');
  const type = typeName(cursor);
  cursor.expectOp(')');
  return { kind: 'cast', value, type };
}

/** A type's name; its length in brackets is read and left out. */
export function typeName(cursor: Cursor): string {
  let name = cursor.path().at(-1)!.toLowerCase();
  for (const word of ['precision', 'varying', 'unsigned', 'signed', 'zerofill']) {
    if (cursor.accept(word)) name += ` ${word}`;
  }
  if (cursor.acceptOp('(')) {
    do cursor.take();
    while (cursor.acceptOp(','));
    cursor.expectOp(')');
  }
  while (cursor.acceptOp('[')) {
    cursor.expectOp(']');
    name += '[]';
  }
  return name;
}

const reserved = new Set(
  'select from where group having order limit union into insert update delete create drop table and or as on join inner left right set values then when else end for'.split(
    ' ',
  ),
);
/** Functions that are called without brackets. */
const bare = new Set(
  'current_user session_user current_timestamp current_date current_time localtime localtimestamp current_catalog current_schema user current_role utc_timestamp'.split(
    ' ',
  ),
);
reserved.delete('left');
reserved.delete('right');
reserved.delete('values');

const postgresOnly = new Set(['user', 'session_user', 'current_catalog', 'current_schema']);
