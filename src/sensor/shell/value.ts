import { evaluate } from './arithmetic.ts';
import { type Expander, expandPattern, expandText } from './expand.ts';
import { literal, matches } from './pattern.ts';
import { shellLimits } from './shell.ts';
import type { VariablePart, Word } from './syntax.ts';

/** The texts of `"$@"`, `"${a[@]}"` and the like; undefined where a part is one text. */
export async function list(part: VariablePart, shell: Expander): Promise<string[] | undefined> {
  if (part.op === 'keys') return part.index === '@' ? keysOf(part.name, shell) : undefined;
  if (part.op === 'length') return undefined;
  const every = part.name === '@' || part.index === '@';
  if (!every || part.indirect) return undefined;
  const all = elements(part, shell);
  if (part.op === '') return all;
  if (part.op === ':') {
    const from = number(await expandText(part.argument, shell), shell);
    // `${@:1}` counts from 1, and 0 is the shell's name.
    const base = part.name === '@' ? [shell.get('0') ?? '', ...all] : all;
    const start = from < 0 ? Math.max(0, base.length + from) : from;
    const count = part.second ? number(await expandText(part.second, shell), shell) : base.length;
    return base.slice(start, start + Math.max(0, count));
  }
  if (/^:?[-+=?]$/.test(part.op)) return all.length ? (part.op.endsWith('+') ? undefined : all) : undefined;
  const changed: string[] = [];
  for (const one of all) changed.push(await change(one, part, shell));
  return changed;
}

/** The text of an expansion. */
export async function value(part: Exclude<Word[number], { kind: 'text' }>, shell: Expander): Promise<string> {
  shell.step();
  if (part.kind === 'substitution')
    return (await shell.substitute(part.script)).replace(/\n+$/, '').replaceAll('\0', '');
  if (part.kind === 'process') return shell.process(part.script);
  if (part.kind === 'arithmetic') return String(await arithmetic(part.text, shell));
  return variable(part, shell);
}

/** The value of an arithmetic text; the line fails where it is none. */
export async function arithmetic(text: Word, shell: Expander): Promise<bigint> {
  const plain = await expandText(text, shell);
  const result = evaluate(plain, (name) => shell.get(name) ?? '', shell);
  if (typeof result !== 'string') return result;
  if (!shell.extended)
    return shell.fail(
      result === 'division by zero'
        ? `arithmetic expression: division by zero: "${plain}"`
        : 'arithmetic syntax error',
    );
  const told = plain.trim();
  return shell.fail(
    result === 'division by zero'
      ? `${told}: division by 0 (error token is "${/[/%]\s*(\w+)\s*$/.exec(told)?.[1] ?? '0'}")`
      : `${told}: syntax error in expression (error token is "${/(\S+)\s*$/.exec(told)?.[1] ?? ''}")`,
  );
}

async function variable(part: VariablePart, shell: Expander): Promise<string> {
  const { name, op } = part;
  if (op === 'bad') return shell.fail(shell.extended ? `\${${name}}: bad substitution` : 'Bad substitution');
  if (op === 'names')
    return [...shell.variables.keys()]
      .filter((one) => one.startsWith(name))
      .sort()
      .join(' ');
  if (op === 'keys') return keysOf(name, shell).join(' ');
  const whole = part.index === '@' || part.index === '*';
  if (op === 'length') {
    if (whole || name === '@' || name === '*') return String(elements(part, shell).length);
    return String(((await plain(part, shell)) ?? '').length);
  }
  if ((whole || name === '@' || name === '*') && !part.indirect && !/^:?[-+=?]$/.test(op)) {
    const all = (await list({ ...part, ...(whole ? { index: '@' as const } : { name: '@' }) }, shell)) ?? [];
    const separators = shell.get('IFS');
    const star = part.index === '*' || name === '*';
    return all.join(star && separators !== undefined ? separators.slice(0, 1) : ' ');
  }
  const found = await plain(part, shell);
  const missing = found === undefined || (op.startsWith(':') && found === '');
  if (/^:?[-=+?]$/.test(op)) return conditional(part, found, missing, shell);
  if (found === undefined && shell.has('nounset') && name !== '@' && name !== '*')
    return shell.fail(shell.extended ? `${name}: unbound variable` : `${name}: parameter not set`);
  return change(found ?? '', part, shell);
}

async function conditional(
  { name, op, argument }: VariablePart,
  found: string | undefined,
  missing: boolean,
  shell: Expander,
): Promise<string> {
  if (op.endsWith('+')) return missing ? '' : expandText(argument, shell);
  if (!missing) return found ?? '';
  if (op.endsWith('-')) return expandText(argument, shell);
  if (op.endsWith('=')) {
    const text = await expandText(argument, shell);
    shell.set(name, text);
    return text;
  }
  const reason = shell.extended ? 'parameter null or not set' : 'parameter not set';
  return shell.fail(
    `${name}: ${(await expandText(argument, shell)) || (op === '?' && shell.extended ? 'parameter not set' : reason)}`,
  );
}

/** The variable's own text, before any operator. */
async function plain(part: VariablePart, shell: Expander): Promise<string | undefined> {
  const { name, index } = part;
  let found: string | undefined;
  if (index === '@' || index === '*') {
    const all = elements(part, shell);
    found = all.length ? all.join(' ') : undefined;
  } else if (index) found = await element(name, index, shell);
  else found = shell.get(name);
  if (!part.indirect || found === undefined) return found;
  const target = /^(\w+)(?:\[(\w+)\])?$/.exec(found);
  if (!target) return shell.fail(`${found}: invalid variable name`);
  return target[2] === undefined ? shell.get(target[1]!) : shell.arrays.get(target[1]!)?.get(target[2]);
}

async function element(name: string, index: Word, shell: Expander): Promise<string | undefined> {
  const key = await indexOf(name, index, shell);
  const array = shell.arrays.get(name);
  if (array) return array.get(key);
  return key === '0' ? shell.get(name) : undefined;
}

/** The key of `name[index]`: a number, unless the array has names for keys. */
export async function indexOf(name: string, index: Word, shell: Expander): Promise<string> {
  const text = await expandText(index, shell);
  const array = shell.arrays.get(name);
  if (array?.has('\0names')) return text;
  const at = number(text, shell);
  if (at >= 0 || !array) return String(Math.max(0, at));
  return String(Math.max(0, Math.max(...keysOf(name, shell).map(Number), -1) + 1 + at));
}

function elements({ name }: VariablePart, shell: Expander): string[] {
  if (name === '@' || name === '*') return shell.positional;
  const array = shell.arrays.get(name);
  if (array) return keysOf(name, shell).map((key) => array.get(key) ?? '');
  const one = shell.get(name);
  return one === undefined ? [] : [one];
}

function keysOf(name: string, shell: Expander): string[] {
  const array = shell.arrays.get(name);
  if (!array) return shell.get(name) === undefined ? [] : ['0'];
  const keys = [...array.keys()].filter((key) => key !== '\0names');
  return array.has('\0names') ? keys : keys.sort((a, b) => Number(a) - Number(b));
}

function number(text: string, shell: Expander): number {
  const result = evaluate(text, (name) => shell.get(name) ?? '', shell);
  return typeof result === 'string' ? 0 : Number(BigInt.asIntN(48, result));
}

/** Operators that change a text. */
async function change(text: string, part: VariablePart, shell: Expander): Promise<string> {
  const { op } = part;
  switch (op) {
    case '#':
    case '##':
    case '%':
    case '%%':
      return strip(text, op, await expandPattern(part.argument, shell), shell);
    case '/':
    case '//':
    case '/#':
    case '/%': {
      const by = part.second ? await expandText(part.second, shell) : '';
      return replace(text, op, await expandPattern(part.argument, shell), by, shell);
    }
    case '^':
      return text.slice(0, 1).toUpperCase() + text.slice(1);
    case '^^':
      return text.toUpperCase();
    case ',':
      return text.slice(0, 1).toLowerCase() + text.slice(1);
    case ',,':
      return text.toLowerCase();
    case ':': {
      const from = number(await expandText(part.argument, shell), shell);
      const start = from < 0 ? Math.max(0, text.length + from) : from;
      if (!part.second) return text.slice(start);
      const count = number(await expandText(part.second, shell), shell);
      return count < 0 ? text.slice(start, count) : text.slice(start, start + count);
    }
    case '@':
      return `'${text.replaceAll("'", "'\\''")}'`;
    default:
      return text;
  }
}

function strip(text: string, op: string, pattern: string, shell: Expander): string {
  const fromStart = op.startsWith('#');
  const longest = op.length === 2;
  // Quadratic in the text: it is cut, and paid for.
  const cut = text.slice(0, 1_024);
  shell.step((cut.length * (cut.length + pattern.length)) >> 8);
  if (pattern.length > 64) return text;
  for (let i = 0; i <= cut.length; i++) {
    const size = longest ? cut.length - i : i;
    const piece = fromStart ? cut.slice(0, size) : cut.slice(cut.length - size);
    if (matches(pattern, piece)) return fromStart ? text.slice(size) : text.slice(0, text.length - size);
  }
  return text;
}

/** `${x/pattern/by}`: a pattern without marks is looked for as it stands, any other is tried at each place. */
function replace(text: string, op: string, pattern: string, by: string, shell: Expander): string {
  if (pattern === '') return op === '/#' ? by + text : op === '/%' ? text + by : text;
  const bare = pattern.replace(/\\(.)/g, '$1');
  if (literal(bare) === pattern || !/[*?[]/.test(pattern)) {
    shell.step(text.length >> 6);
    if (op === '/#') return text.startsWith(bare) ? by + text.slice(bare.length) : text;
    if (op === '/%') return text.endsWith(bare) ? text.slice(0, -bare.length) + by : text;
    return (op === '//' ? text.replaceAll(bare, () => by) : text.replace(bare, () => by)).slice(
      0,
      shellLimits.variableBytes,
    );
  }
  const cut = text.slice(0, 512);
  shell.step((cut.length * cut.length) >> 7);
  let result = '';
  let at = 0;
  while (at <= cut.length) {
    let size = op === '/#' && at > 0 ? -1 : cut.length - at;
    while (
      size >= 0 &&
      !((op !== '/%' || at + size === cut.length) && matches(pattern, cut.slice(at, at + size)))
    )
      size--;
    if (size < 0 || (size === 0 && at > 0)) {
      if (at >= cut.length) break;
      result += cut[at++];
      continue;
    }
    result += by;
    at += Math.max(size, 1);
    if (op !== '//') break;
  }
  return result + text.slice(Math.min(at, text.length));
}
