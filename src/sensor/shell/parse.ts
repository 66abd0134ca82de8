// Over 300 lines: one recursive descent over one grammar.
import {
  type Assign,
  type Command,
  type Condition,
  type Redirect,
  type Script,
  type Step,
  SyntaxFault,
  Unfinished,
  type Word,
} from './syntax.ts';
import { Words } from './words.ts';

/** How deep commands may nest; deeper ones are a syntax error. */
const depthLimit = 48;
const elementLimit = 4_096;

export interface Grammar {
  /** The language of bash, beyond that of POSIX. */
  extended: boolean;
}
const posix: Grammar = { extended: false };

/**
 * Reads a script as POSIX sh does (XCU §2.10), and as bash does where the grammar says so, as far as those who break in use it.
 * Throws `SyntaxFault`, or `Unfinished` where more lines could mend it.
 */
export function parse(text: string, grammar = posix): Script {
  const all: Script = [];
  for (const { script } of parseLines(text, grammar)) all.push(...script);
  return all;
}

/** Reads line by line, as a shell does: what stands before a broken line is run before it is found to be broken. */
export function* parseLines(text: string, grammar = posix): Generator<{ script: Script; line: number }> {
  const parser = new Parser(text, 0, grammar, 1);
  for (;;) {
    const { line } = parser;
    let script: Script | undefined;
    try {
      script = parser.oneLine();
    } catch (error) {
      // A quote knows where it was opened; everything else is wrong where it was found.
      if (error instanceof SyntaxFault && !error.detail.unclosed) error.line = parser.line;
      throw error;
    }
    if (!script) return;
    yield { script, line };
  }
}

const closers = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);

class Parser {
  readonly #in: Words;
  readonly #depth: number;
  readonly #extended: boolean;

  constructor(text: string, depth: number, grammar: Grammar, line: number) {
    if (depth > depthLimit) throw new SyntaxFault('nested too deeply');
    this.#depth = depth;
    this.#extended = grammar.extended;
    const nested = (inner: string, at: number) => {
      const parser = new Parser(inner, depth + 1, grammar, at);
      const script = parser.script([]);
      parser.expectEnd();
      return script;
    };
    this.#in = new Words(text, nested, { extended: grammar.extended, line });
  }

  #nesting = 0;

  get line(): number {
    return this.#in.line;
  }

  expectEnd(): void {
    const { rest } = this.#in;
    if (rest) throw unexpected(rest);
    if (this.#in.awaits) throw new Unfinished('unexpected end of file');
  }

  /** The commands of the next line; undefined at the end of the text. */
  oneLine(): Script | undefined {
    this.#in.skipLines();
    if (this.#in.ended) {
      this.expectEnd();
      return undefined;
    }
    const start = this.#in.position;
    const script = this.script([], true);
    // A mark that nothing begins with is not gone past.
    if (this.#in.position === start || !this.#in.atLineStart) this.expectEnd();
    return script;
  }

  /** Commands up to one of the closing words, which stays unread, or `)`, or the end; with `line`, up to a line's end. */
  script(until: string[], line = false): Script {
    if (++this.#nesting + this.#depth > depthLimit) throw new SyntaxFault('nested too deeply');
    const script: Script = [];
    let join: Step['join'] = ';';
    for (;;) {
      if (line) this.#in.skipBlanks();
      else this.#in.skipLines();
      if (
        this.#in.ended ||
        this.#in.at(')') ||
        this.#in.at(';;') ||
        (line && this.#in.at('\n')) ||
        until.some((word) => this.#in.atWord(word))
      )
        break;
      const closer = this.#in.bareWord();
      if (closer && closers.has(closer)) throw unexpected(closer, until.at(-1));
      const start = this.#in.position;
      const step: Step = { ...this.#pipeline(), join, background: false };
      script.push(step);
      this.#in.skipBlanks();
      if (this.#in.take('&&')) join = '&&';
      else if (this.#in.take('||')) join = '||';
      else {
        join = ';';
        if (this.#in.at(';;')) break;
        const text = this.#in.since(start);
        if (this.#in.take('&')) {
          step.background = true;
          step.text = text.trim().slice(0, 1_024);
        } else if (line && this.#in.at('\n')) {
          // Here-documents of this line are read with its end.
          this.#in.take('\n');
          break;
        } else if (!this.#in.take(';') && !this.#in.take('\n')) break;
        continue;
      }
      this.#in.skipLines();
      if (this.#in.ended) throw new Unfinished('unexpected end of file');
      if (this.#in.at(')') || this.#in.at(';')) throw unexpected(this.#in.rest);
    }
    this.#nesting--;
    return script;
  }

  #pipeline(): Pick<Step, 'pipeline' | 'negated'> {
    const pipeline: Command[] = [];
    const negated = this.#in.takeWord('!');
    do {
      this.#in.skipLines();
      if (this.#in.ended) throw new Unfinished('unexpected end of file');
      pipeline.push(this.#command());
      this.#in.skipBlanks();
    } while (!this.#in.at('||') && this.#bar(pipeline.at(-1)!));
    return { pipeline, negated };
  }

  /** `|`, or `|&` of bash: standard error goes along. */
  #bar(before: Command): boolean {
    if (this.#extended && this.#in.take('|&')) {
      before.redirects.push({ fd: 2, op: '>&', target: [{ kind: 'text', text: '1', quoted: false }] });
      return true;
    }
    return this.#in.take('|');
  }

  #command(): Command {
    const command = this.#compound() ?? this.#simple();
    if (command.kind !== 'simple')
      for (let one = this.#redirect(); one; one = this.#redirect()) command.redirects.push(one);
    return command;
  }

  #compound(): Command | undefined {
    const words = this.#in;
    words.skipBlanks();
    const redirects: Redirect[] = [];
    const { line } = words;
    const arithmetic = words.arithmetic();
    if (arithmetic !== undefined)
      return { kind: 'arithmetic', text: words.inner(arithmetic), redirects, line };
    if (words.take('(')) {
      const body = this.script([]);
      this.#need(')');
      return { kind: 'group', subshell: true, body, redirects };
    }
    if (words.takeWord('{')) {
      const body = this.script(['}']);
      this.#needWord('}');
      return { kind: 'group', subshell: false, body, redirects };
    }
    if (this.#extended && words.takeWord('[['))
      return { kind: 'condition', parts: this.#condition(), redirects, line };
    for (const until of [false, true]) {
      if (!words.takeWord(until ? 'until' : 'while')) continue;
      const test = this.script(['do']);
      return { kind: 'loop', until, test, body: this.#body(), redirects };
    }
    if (words.takeWord('for')) return this.#for();
    if (words.takeWord('if')) return this.#if();
    if (words.takeWord('case')) return this.#case();
    let name: string | undefined;
    if (this.#extended && words.takeWord('function')) {
      name = words.functionName() ?? words.bareWord();
      if (name === undefined) this.#fail();
      words.takeWord(name);
    } else name = words.functionName();
    if (name === undefined) return undefined;
    words.skipLines();
    return { kind: 'function', name, body: this.#command(), redirects };
  }

  /** Up to `]]`: what is a mark and what a word. */
  #condition(): Condition[] {
    const parts: Condition[] = [];
    for (;;) {
      this.#in.skipLines();
      if (this.#in.ended) throw new Unfinished('unexpected end of file', { unclosed: ']]' });
      if (this.#in.takeWord(']]')) return parts;
      const mark = ['&&', '||', '(', ')', '<', '>'].find((one) => this.#in.take(one));
      if (mark) {
        parts.push({ mark });
        continue;
      }
      const before = parts.at(-1);
      const word =
        before && 'plain' in before && before.plain === '=~' ? this.#in.pattern() : this.#in.word();
      if (!word) throw unexpected(this.#in.rest);
      const [only] = word;
      const plain = word.length === 1 && only?.kind === 'text' && !only.quoted ? only.text : null;
      parts.push({ word, plain });
      if (parts.length > elementLimit) throw new SyntaxFault('nested too deeply');
    }
  }

  #body(): Script {
    this.#in.skipLines();
    if (this.#extended && this.#in.takeWord('{')) {
      const body = this.script(['}']);
      this.#needWord('}');
      return body;
    }
    this.#needWord('do');
    const body = this.script(['done']);
    this.#needWord('done');
    return body;
  }

  #for(): Command {
    this.#in.skipBlanks();
    const head = this.#in.arithmetic();
    if (head !== undefined) {
      const [start = '', test = '', step = ''] = head.split(';');
      this.#in.skipBlanks();
      this.#in.take(';');
      const [a, b, c] = [this.#in.inner(start), this.#in.inner(test || '1'), this.#in.inner(step)];
      return { kind: 'count', start: a, test: b, step: c, body: this.#body(), redirects: [] };
    }
    const name = this.#in.bareWord();
    if (!name || !this.#in.takeWord(name)) {
      if (this.#in.ended) throw new SyntaxFault('bad for loop variable', { token: 'newline' });
      throw unexpected(this.#in.rest);
    }
    this.#in.skipLines();
    let words: Word[] | null = null;
    if (this.#in.takeWord('in')) {
      words = [];
      for (let word = this.#in.word(); word; word = this.#in.word()) words.push(word);
    }
    this.#in.skipBlanks();
    this.#in.take(';');
    this.#in.skipLines();
    return { kind: 'for', name, words, body: this.#body(), redirects: [] };
  }

  #if(): Command {
    const arms: { test: Script; body: Script }[] = [];
    let otherwise: Script = [];
    do {
      const test = this.script(['then']);
      this.#needWord('then');
      arms.push({ test, body: this.script(['elif', 'else', 'fi']) });
    } while (this.#in.takeWord('elif'));
    if (this.#in.takeWord('else')) otherwise = this.script(['fi']);
    this.#needWord('fi');
    return { kind: 'if', arms, otherwise, redirects: [] };
  }

  #case(): Command {
    const subject = this.#in.word();
    if (!subject) throw new SyntaxFault('unexpected newline (expecting word)', { token: 'newline' });
    this.#in.skipLines();
    this.#needWord('in');
    const arms: { patterns: Word[]; body: Script }[] = [];
    for (;;) {
      this.#in.skipLines();
      if (this.#in.takeWord('esac')) break;
      this.#in.take('(');
      const patterns: Word[] = [];
      do {
        const pattern = this.#in.word();
        if (!pattern) this.#fail(')');
        else patterns.push(pattern);
        this.#in.skipBlanks();
      } while (this.#in.take('|'));
      this.#need(')');
      arms.push({ patterns, body: this.script(['esac']) });
      if (this.#in.take(';;')) this.#in.take('&');
      else if (this.#extended) this.#in.take(';&');
    }
    return { kind: 'case', subject, arms, redirects: [] };
  }

  #simple(): Command {
    const assigns: Assign[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    this.#in.skipBlanks();
    const { line } = this.#in;
    for (;;) {
      const redirect = this.#redirect();
      if (redirect) {
        redirects.push(redirect);
        continue;
      }
      const script = this.#in.process();
      if (script) {
        words.push([{ kind: 'process', script, quoted: true }]);
        continue;
      }
      const declares = words.length > 0 && this.#extended && declaring(words[0]!);
      const start = words.length === 0 || declares ? this.#in.assignment() : undefined;
      if (start !== undefined) {
        const array = this.#extended && this.#in.take('(');
        const value = array ? { elements: this.#elements() } : (this.#in.word(true) ?? []);
        if (declares)
          words.push([
            { kind: 'text', text: `${start.name}${array ? '' : start.append ? '+=' : '='}`, quoted: true },
            ...asWord(value),
          ]);
        if (!declares || array) assigns.push({ ...start, value });
        continue;
      }
      const word = this.#in.word();
      if (!word) break;
      words.push(word);
    }
    if (!assigns.length && !words.length && !redirects.length) this.#fail();
    // `f (` without a closing bracket, `echo (x`.
    if (this.#in.at('(') && words.length) throw unexpected('(');
    return { kind: 'simple', assigns, words, redirects, line };
  }

  /** The elements of `name=( … )`. */
  #elements(): { index?: Word; value: Word }[] {
    const elements: { index?: Word; value: Word }[] = [];
    for (;;) {
      this.#in.skipLines();
      if (this.#in.take(')')) return elements;
      if (this.#in.ended) throw new Unfinished('unexpected end of file', { unclosed: ')' });
      const index = this.#in.elementIndex();
      const value = this.#in.word(index !== undefined);
      if (!value && !index) throw unexpected(this.#in.rest);
      elements.push(index ? { index, value: value ?? [] } : { value: value ?? [] });
      if (elements.length > elementLimit) throw new SyntaxFault('nested too deeply');
    }
  }

  #redirect(): Redirect | undefined {
    const start = this.#in.redirect();
    if (!start) return undefined;
    if (start.op === '<<') return { ...start, target: this.#in.hereDocument() };
    const script = this.#in.process();
    if (script) return { ...start, target: [{ kind: 'process', script, quoted: true }] };
    const target = this.#in.word();
    if (!target) {
      const shown = name(this.#in.rest);
      throw new SyntaxFault(`unexpected ${shown ? quote(shown) : 'end of file'}`, {
        token: shown || 'newline',
      });
    }
    return { ...start, target };
  }

  #need(mark: string): void {
    this.#in.skipLines();
    if (!this.#in.take(mark)) this.#fail(mark);
  }

  #needWord(word: string): void {
    this.#in.skipLines();
    if (!this.#in.takeWord(word)) this.#fail(word);
  }

  #fail(expected?: string): never {
    const expecting = expected ? ` (expecting "${expected}")` : '';
    if (this.#in.ended)
      throw new Unfinished(`unexpected end of file${expecting}`, expected ? { expecting: expected } : {});
    throw unexpected(this.#in.rest, expected);
  }
}

/** Built-ins whose arguments may be assignments of arrays. */
function declaring(word: Word): boolean {
  const [only] = word;
  return (
    only?.kind === 'text' && /^(declare|typeset|local|export|readonly)$/.test(only.text) && word.length === 1
  );
}

function asWord(value: Assign['value']): Word {
  return Array.isArray(value) ? value.map((part) => ({ ...part, quoted: true })) : [];
}

function unexpected(rest: string, expecting?: string): SyntaxFault {
  const token = name(rest);
  const wanted = expecting ? ` (expecting "${expecting}")` : '';
  const detail = { token: token || 'newline', ...(expecting ? { expecting } : {}) };
  return new SyntaxFault(`unexpected ${quote(token)}${wanted}`, detail);
}

const quote = (token: string) => (token === 'newline' ? token : `"${token}"`);

/** What stands next, as a shell names it. */
function name(rest: string): string {
  if (rest === '') return '';
  if (rest.startsWith('\n')) return 'newline';
  return /^(;;|&&|\|\||<<|>>|[;&|()<>]|[^\s;&|()<>]+)/.exec(rest)?.[0] ?? rest[0]!;
}
