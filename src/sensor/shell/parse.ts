import {
  type Command,
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

/**
 * Reads a script as POSIX sh does (XCU §2.10), as far as BusyBox ash is used by those who break in. Throws `SyntaxFault`,
 * or `Unfinished` where more lines could mend it.
 */
export function parse(text: string): Script {
  const parser = new Parser(text, 0);
  const script = parser.script([]);
  parser.expectEnd();
  return script;
}

const closers = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);

class Parser {
  readonly #in: Words;
  readonly #depth: number;

  constructor(text: string, depth: number) {
    if (depth > depthLimit) throw new SyntaxFault('nested too deeply');
    this.#depth = depth;
    this.#in = new Words(text, (inner) => {
      const parser = new Parser(inner, depth + 1);
      const script = parser.script([]);
      parser.expectEnd();
      return script;
    });
  }

  #nesting = 0;

  expectEnd(): void {
    const { rest } = this.#in;
    if (rest) throw new SyntaxFault(`unexpected ${shown(rest)}`);
    if (this.#in.awaits) throw new Unfinished('unexpected end of file');
  }

  /** Commands up to one of the closing words, which stays unread, or `)`, or the end. */
  script(until: string[]): Script {
    if (++this.#nesting + this.#depth > depthLimit) throw new SyntaxFault('nested too deeply');
    const script: Script = [];
    let join: Step['join'] = ';';
    for (;;) {
      this.#in.skipLines();
      if (
        this.#in.ended ||
        this.#in.at(')') ||
        this.#in.at(';;') ||
        until.some((word) => this.#in.atWord(word))
      )
        break;
      const closer = this.#in.bareWord();
      if (closer && closers.has(closer)) throw new SyntaxFault(`unexpected "${closer}"`);
      const step: Step = { ...this.#pipeline(), join, background: false };
      script.push(step);
      this.#in.skipBlanks();
      if (this.#in.take('&&')) join = '&&';
      else if (this.#in.take('||')) join = '||';
      else {
        join = ';';
        if (this.#in.at(';;')) break;
        if (this.#in.take('&')) step.background = true;
        else if (!this.#in.take(';') && !this.#in.take('\n')) break;
        continue;
      }
      this.#in.skipLines();
      if (this.#in.ended) throw new Unfinished('unexpected end of file');
      if (this.#in.at(')') || this.#in.at(';')) throw new SyntaxFault(`unexpected ${shown(this.#in.rest)}`);
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
    } while (!this.#in.at('||') && this.#in.take('|'));
    return { pipeline, negated };
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
    for (const until of [false, true]) {
      if (!words.takeWord(until ? 'until' : 'while')) continue;
      const test = this.script(['do']);
      return { kind: 'loop', until, test, body: this.#body(), redirects };
    }
    if (words.takeWord('for')) return this.#for();
    if (words.takeWord('if')) return this.#if();
    if (words.takeWord('case')) return this.#case();
    const name = words.functionName();
    if (name === undefined) return undefined;
    words.skipLines();
    return { kind: 'function', name, body: this.#command(), redirects };
  }

  #body(): Script {
    this.#needWord('do');
    const body = this.script(['done']);
    this.#needWord('done');
    return body;
  }

  #for(): Command {
    this.#in.skipBlanks();
    const name = this.#in.bareWord();
    if (!name || !this.#in.takeWord(name)) throw new SyntaxFault('bad for loop variable');
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
    if (!subject) throw new SyntaxFault('unexpected newline (expecting word)');
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
      this.#in.take(';;');
    }
    return { kind: 'case', subject, arms, redirects: [] };
  }

  #simple(): Command {
    const assigns: [string, Word][] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const redirect = this.#redirect();
      if (redirect) {
        redirects.push(redirect);
        continue;
      }
      const name = words.length === 0 ? this.#in.assignment() : undefined;
      if (name !== undefined) {
        assigns.push([name, this.#in.word(true) ?? []]);
        continue;
      }
      const word = this.#in.word();
      if (!word) break;
      words.push(word);
    }
    if (!assigns.length && !words.length && !redirects.length) this.#fail();
    return { kind: 'simple', assigns, words, redirects };
  }

  #redirect(): Redirect | undefined {
    const start = this.#in.redirect();
    if (!start) return undefined;
    if (start.op === '<<') return { ...start, target: this.#in.hereDocument() };
    const target = this.#in.word();
    if (!target) throw new SyntaxFault(`unexpected ${shown(this.#in.rest) || 'end of file'}`);
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
    if (this.#in.ended) throw new Unfinished(`unexpected end of file${expecting}`);
    throw new SyntaxFault(`unexpected ${shown(this.#in.rest)}${expecting}`);
  }
}

function shown(rest: string): string {
  if (rest === '') return '';
  if (rest.startsWith('\n')) return 'newline';
  return `"${/^(;;|&&|\|\||<<|>>|[;&|()<>]|[^\s;&|()<>]+)/.exec(rest)?.[0] ?? rest[0]}"`;
}
