import { expandBraces } from './braces.ts';
import { type FileSystem, FsError, join } from './fs.ts';
import { hasPattern, literal, matches } from './pattern.ts';
import { Exhausted, shellLimits } from './shell.ts';
import type { Script, Word } from './syntax.ts';
import { list, value } from './value.ts';

/** What an expansion needs of its shell. */
export interface Expander {
  fs: FileSystem;
  cwd: string;
  /** True where it is bash. */
  readonly extended: boolean;
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  readonly arrays: Map<string, Map<string, string>>;
  positional: string[];
  substitute(script: Script): Promise<string>;
  /** The path that `<( )` stands for. */
  process(script: Script): Promise<string>;
  /** Whether an option of `set` is on, by its long name. */
  has(option: string): boolean;
  readonly variables: Map<string, string>;
  step(count?: number): void;
  fail(message: string): never;
}

interface Piece {
  text: string;
  quoted: boolean;
}

/** The words that a command gets of one word: braces, expansions, splitting, file names (XCU §2.6). */
export async function expandWord(word: Word, shell: Expander): Promise<string[]> {
  const [only] = word;
  if (word.length === 1 && only?.kind === 'text' && (only.quoted || !/[~*?[{]/.test(only.text)))
    return [only.text];
  if (!shell.extended) return expandOne(word, shell);
  const all: string[] = [];
  for (const one of expandBraces(word)) {
    shell.step();
    all.push(...(await expandOne(one, shell)));
  }
  return all;
}

async function expandOne(word: Word, shell: Expander): Promise<string[]> {
  const fields: Piece[][] = [];
  let field: Piece[] | null = null;
  const add = (text: string, quoted: boolean) => {
    if (!field) {
      field = [];
      fields.push(field);
    }
    field.push({ text, quoted });
  };
  const separators = shell.get('IFS') ?? ' \t\n';
  for (const [i, part] of word.entries()) {
    if (part.kind === 'text') {
      if (part.text || part.quoted)
        add(i === 0 && !part.quoted ? tilde(part.text, shell) : part.text, part.quoted);
      continue;
    }
    const several = part.kind === 'variable' && part.quoted ? await list(part, shell) : undefined;
    if (several) {
      for (const [n, text] of several.entries()) {
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
    const { pieces, open, closed } = split(text, separators);
    if (open) field = null;
    for (const [n, piece] of pieces.entries()) {
      if (n > 0) field = null;
      if (piece) add(piece, false);
    }
    if (closed) field = null;
    if (fields.length > shellLimits.words) throw new Exhausted();
  }
  return fields.flatMap((pieces) => (shell.has('noglob') ? [text(pieces)] : glob(pieces, shell)));
}

/** Fields of an expansion (XCU §2.6.5): blanks of IFS join up, other characters of it part by themselves. */
function split(text: string, separators: string): { pieces: string[]; open: boolean; closed: boolean } {
  if (separators === '') return { pieces: [text], open: false, closed: false };
  if (separators === ' \t\n') {
    const pieces = text.split(/[ \t\n]+/);
    return { pieces, open: /^[ \t\n]/.test(text), closed: false };
  }
  const pieces = [''];
  for (const char of text.slice(0, shellLimits.variableBytes)) {
    if (!separators.includes(char)) pieces[pieces.length - 1] += char;
    else if (!/\s/.test(char) || pieces.at(-1) !== '') pieces.push('');
  }
  return { pieces, open: false, closed: pieces.length > 1 && pieces.at(-1) === '' };
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

function tilde(text: string, shell: Expander): string {
  const found = /^~([A-Za-z0-9_-]*)(?=\/|$)/.exec(text);
  if (!found) return text;
  const home = found[1] ? homeOf(found[1], shell.fs) : (shell.get('HOME') ?? '/');
  return home === undefined ? text : home + text.slice(found[0].length);
}

function homeOf(user: string, fs: FileSystem): string | undefined {
  if (!fs.exists('/etc/passwd')) return undefined;
  const lines = fs.read('/etc/passwd').toString('latin1', 0, 65_536).split('\n');
  return lines.find((line) => line.startsWith(`${user}:`))?.split(':')[5];
}

const text = (pieces: Piece[]) => pieces.map((piece) => piece.text).join('');

function glob(pieces: Piece[], shell: Expander): string[] {
  const plain = text(pieces);
  if (!pieces.some((piece) => !piece.quoted && hasPattern(piece.text))) return [plain];
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
  return found.length ? found : [plain];
}
