import type { VariablePart, Word } from './syntax.ts';

const posix = /^(#?)([A-Za-z_][A-Za-z0-9_]*|\d+|[@*#?$!-])(:?[-=+?]|%%?|##?)?([\s\S]*)$/;
const array = /^([!#]?)([A-Za-z_][A-Za-z0-9_]*|\d+|[@*#?$!-])(?:\[([^\]]*)\])?([\s\S]*)$/;
const operators = /^(:?[-=+?]|%%?|##?|\/[/#%]?|\^\^?|,,?|:|@)([\s\S]*)$/;

/** What stands in `${ }` (POSIX XCU §2.6.2, and the forms of bash where they are understood). */
export function readParameter(
  text: string,
  quoted: boolean,
  extended: boolean,
  word: (text: string) => Word,
): VariablePart {
  const bad: VariablePart = {
    kind: 'variable',
    name: text,
    op: 'bad',
    argument: [],
    quoted,
  };
  if (!extended) {
    const found = posix.exec(text);
    if (!found || (found[3] === undefined && found[4])) return bad;
    const op = found[1] ? 'length' : (found[3] ?? '');
    if (found[1] && (found[3] || found[4])) return bad;
    return { kind: 'variable', name: found[2]!, op, argument: word(found[4] ?? ''), quoted };
  }
  if (text === '#') return { kind: 'variable', name: '#', op: '', argument: [], quoted };
  if (/^!\w+[*@]$/.test(text)) return { ...bad, name: text.slice(1, -1), op: 'names' };
  const found = array.exec(text);
  if (!found) return bad;
  const [, before, name = '', inside, rest = ''] = found;
  const index = inside === undefined ? undefined : inside === '@' || inside === '*' ? inside : word(inside);
  const part: VariablePart = { kind: 'variable', name, op: '', argument: [], quoted };
  if (index !== undefined) part.index = index;
  if (before === '#') return rest === '' ? { ...part, op: 'length' } : bad;
  if (before === '!') {
    if (index === '@' || index === '*') return rest === '' ? { ...part, op: 'keys' } : bad;
    part.indirect = true;
  }
  if (rest === '') return part;
  const [, op, argument = ''] = operators.exec(rest) ?? [];
  if (op === undefined) return bad;
  part.op = op;
  if (op.startsWith('/') || op === ':') {
    const at = divide(argument, op === ':' ? ':' : '/');
    part.argument = word(argument.slice(0, at));
    if (at < argument.length) part.second = word(argument.slice(at + 1));
  } else part.argument = word(argument);
  return part;
}

/** Where the mark that parts the two arguments stands; the text's length where there is none. */
function divide(text: string, mark: string): number {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\') at++;
    else if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === mark) return at;
  }
  return text.length;
}
