import { evaluate } from './arithmetic.ts';
import { type FileSystem, FsError, join } from './fs.ts';
import { hasPattern, literal, matches } from './pattern.ts';
import { Exhausted, shellLimits } from './shell.ts';
import type { Script, Word } from './syntax.ts';

/** What an expansion needs of its shell. */
export interface Expander {
  fs: FileSystem;
  cwd: string;
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  positional: string[];
  substitute(script: Script): Promise<string>;
  step(count?: number): void;
  fail(message: string): never;
}

interface Piece {
  text: string;
  quoted: boolean;
}

/** The words that a command gets of one word: expanded, split at blanks, matched against file names (XCU §2.6). */
export async function expandWord(word: Word, shell: Expander): Promise<string[]> {
  const fields: Piece[][] = [];
  let field: Piece[] | null = null;
  const add = (text: string, quoted: boolean) => {
    if (!field) {
      field = [];
      fields.push(field);
    }
    field.push({ text, quoted });
  };
  for (const [i, part] of word.entries()) {
    if (part.kind === 'text') {
      if (part.text || part.quoted)
        add(i === 0 && !part.quoted ? tilde(part.text, shell) : part.text, part.quoted);
      continue;
    }
    if (part.kind === 'variable' && part.name === '@' && part.quoted) {
      for (const [n, text] of shell.positional.entries()) {
        if (n > 0) field = null;
        add(text, true);
      }
      continue;
    }
    const text = await value(part, shell);
    shell.step(text.length >> 7);
    if (part.quoted) {
      add(text, true);
      continue;
    }
    const blanks = /[ \t\n]+/;
    if (/^[ \t\n]/.test(text)) field = null;
    for (const [n, piece] of text.split(blanks).entries()) {
      if (n > 0) field = null;
      if (piece) add(piece, false);
    }
    if (fields.length > shellLimits.words) throw new Exhausted();
  }
  return fields.flatMap((pieces) => glob(pieces, shell));
}

/** One text of a word: no splitting, no file names (assignments, redirects, `case`). */
export async function expandText(word: Word, shell: Expander): Promise<string> {
  let all = '';
  for (const [i, part] of word.entries()) {
    if (part.kind === 'text') all += i === 0 && !part.quoted ? tilde(part.text, shell) : part.text;
    else {
      const text = await value(part, shell);
      shell.step(text.length >> 7);
      all += text;
    }
    if (all.length > shellLimits.output) throw new Exhausted();
  }
  return all;
}

/** A word as a pattern: what is quoted stands for itself. */
export async function expandPattern(word: Word, shell: Expander): Promise<string> {
  let all = '';
  for (const part of word) {
    const text = part.kind === 'text' ? part.text : await value(part, shell);
    all += part.quoted ? literal(text) : text;
  }
  return all;
}

async function value(part: Exclude<Word[number], { kind: 'text' }>, shell: Expander): Promise<string> {
  shell.step();
  if (part.kind === 'substitution')
    return (await shell.substitute(part.script)).replace(/\n+$/, '').replaceAll('\0', '');
  if (part.kind === 'arithmetic') {
    const result = evaluate(await expandText(part.text, shell), (name) => shell.get(name) ?? '0');
    return result === null ? shell.fail('arithmetic syntax error') : String(result);
  }
  const found = shell.get(part.name);
  const missing = found === undefined || (part.op.startsWith(':') && found === '');
  switch (part.op.replace(':', '')) {
    case 'length':
      return String((found ?? '').length);
    case '-':
      return missing ? expandText(part.argument, shell) : found!;
    case '=': {
      if (!missing) return found!;
      const text = await expandText(part.argument, shell);
      shell.set(part.name, text);
      return text;
    }
    case '+':
      return missing ? '' : expandText(part.argument, shell);
    case '?':
      if (!missing) return found!;
      return shell.fail(`${part.name}: ${(await expandText(part.argument, shell)) || 'parameter not set'}`);
    case '#':
    case '##':
    case '%':
    case '%%':
      return strip(found ?? '', part.op, await expandPattern(part.argument, shell), shell);
    default:
      return found ?? '';
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

function tilde(text: string, shell: Expander): string {
  return /^~(\/|$)/.test(text) ? (shell.get('HOME') ?? '/') + text.slice(1) : text;
}

function glob(pieces: Piece[], shell: Expander): string[] {
  const text = pieces.map((piece) => piece.text).join('');
  if (!pieces.some((piece) => !piece.quoted && hasPattern(piece.text))) return [text];
  const pattern = pieces.map((piece) => (piece.quoted ? literal(piece.text) : piece.text)).join('');
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const name of pattern.split('/').filter(Boolean)) {
    const next: string[] = [];
    for (const base of found) {
      const dir = base === '' ? shell.cwd : base.startsWith('/') ? base : join(shell.cwd, base);
      shell.step(4);
      try {
        for (const entry of hasPattern(name) ? shell.fs.list(dir) : [name.replace(/\\(.)/g, '$1')]) {
          if (hasPattern(name) && (!matches(name, entry) || (entry.startsWith('.') && !name.startsWith('.'))))
            continue;
          const path = base === '' ? entry : join(base, entry);
          if (shell.fs.exists(path.startsWith('/') ? path : join(shell.cwd, path))) next.push(path);
        }
      } catch (error) {
        if (!(error instanceof FsError)) throw error;
      }
      if (next.length > shellLimits.words) throw new Exhausted();
    }
    found = next;
  }
  return found.length ? found : [text];
}
