// Over 300 lines: one recursive descent over one grammar.
import { lex, type Token } from './lex.ts';
import { AwkFault, type Expression, type Program, type Rule, type Statement } from './syntax.ts';

const depthLimit = 64;
const builtins = new Set(
  'length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush strftime systime mktime gensub strtonum and or xor'.split(
    ' ',
  ),
);
const keywords = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
);
const comparisons = new Set(['<', '<=', '==', '!=', '>', '>=']);

/** Reads an awk program (POSIX XCU `awk`, Grammar). Throws `AwkFault`. */
export function parseAwk(text: string): Program {
  return new Parser(lex(text)).program();
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;
  /** Above zero where `>` is a redirection and `in` ends the head of a loop. */
  #noGreater = 0;
  #noIn = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  program(): Program {
    const rules: Rule[] = [];
    const functions: Program['functions'] = new Map();
    for (;;) {
      this.#skip();
      if (this.#peek().kind === 'end') return { rules, functions };
      if (this.#word('function') || this.#word('func')) {
        const name = this.#next().text;
        this.#need('(');
        const parameters: string[] = [];
        while (!this.#mark(')')) {
          parameters.push(this.#name());
          this.#mark(',');
          if (parameters.length > 64) this.#fail();
        }
        this.#newlines();
        functions.set(name, { parameters, body: this.#block() });
      } else rules.push(this.#rule());
    }
  }

  #rule(): Rule {
    if (this.#word('BEGIN')) return { when: 'BEGIN', body: this.#block(), open: false };
    if (this.#word('END')) return { when: 'END', body: this.#block(), open: false };
    if (this.#peek().text === '{' && this.#peek().kind === 'mark')
      return { when: 'always', body: this.#block(), open: false };
    const from = this.#expression();
    let to: Expression | null = null;
    if (this.#mark(',')) {
      this.#newlines();
      to = this.#expression();
    }
    const body = this.#peek().kind === 'mark' && this.#peek().text === '{' ? this.#block() : null;
    return { when: { from, to }, body, open: false };
  }

  #block(): Statement {
    this.#newlines();
    this.#need('{');
    const body: Statement[] = [];
    for (;;) {
      this.#skip();
      if (this.#mark('}')) return { kind: 'block', body };
      if (this.#peek().kind === 'end') this.#fail('missing }');
      body.push(this.#statement());
    }
  }

  #statement(): Statement {
    return this.#deeper(() => {
      if (this.#peek().kind === 'mark' && this.#peek().text === '{') return this.#block();
      if (this.#mark(';')) return { kind: 'block', body: [] };
      if (this.#word('if')) {
        this.#need('(');
        const test = this.#expression();
        this.#need(')');
        const yes = this.#body();
        const back = this.#at;
        this.#skip();
        if (this.#word('else')) return { kind: 'if', test, yes, no: this.#body() };
        this.#at = back;
        return { kind: 'if', test, yes, no: null };
      }
      if (this.#word('while')) {
        this.#need('(');
        const test = this.#expression();
        this.#need(')');
        return { kind: 'while', test, body: this.#body(), after: false };
      }
      if (this.#word('do')) {
        const body = this.#body();
        this.#skip();
        if (!this.#word('while')) this.#fail();
        this.#need('(');
        const test = this.#expression();
        this.#need(')');
        return { kind: 'while', test, body, after: true };
      }
      if (this.#word('for')) return this.#for();
      const simple = this.#simple();
      const { kind, text } = this.#peek();
      if (kind === 'newline' || (kind === 'mark' && text === ';')) this.#at++;
      else if (kind !== 'end' && !(kind === 'mark' && text === '}')) this.#fail();
      return simple;
    });
  }

  #body(): Statement {
    this.#newlines();
    return this.#statement();
  }

  #for(): Statement {
    this.#need('(');
    const [one, two, three, four] = this.#tokens.slice(this.#at, this.#at + 4);
    if (one?.kind === 'name' && two?.text === 'in' && three?.kind === 'name' && four?.text === ')') {
      this.#at += 4;
      return { kind: 'each', variable: one.text, name: three.text, body: this.#body() };
    }
    const start = this.#mark(';') ? null : this.#simple();
    if (start) this.#need(';');
    this.#newlines();
    const test = this.#mark(';') ? null : this.#expression();
    if (test) this.#need(';');
    this.#newlines();
    const step = this.#mark(')') ? null : this.#simple();
    if (step) this.#need(')');
    return { kind: 'for', start, test, step, body: this.#body() };
  }

  #simple(): Statement {
    for (const to of ['next', 'nextfile', 'break', 'continue'] as const)
      if (this.#word(to)) return { kind: 'jump', to, value: null };
    for (const to of ['exit', 'return'] as const)
      if (this.#word(to)) return { kind: 'jump', to, value: this.#ends() ? null : this.#expression() };
    if (this.#word('delete')) {
      const name = this.#name();
      return { kind: 'delete', name, index: this.#mark('[') ? this.#list(']') : null };
    }
    for (const word of ['print', 'printf'] as const) {
      if (!this.#word(word)) continue;
      this.#noGreater++;
      let args: Expression[] = [];
      if (!this.#ends() && !/^(>|>>|\|)$/.test(this.#peek().text)) {
        args = [this.#expression()];
        while (this.#mark(',')) {
          this.#newlines();
          args.push(this.#expression());
          if (args.length > 256) this.#fail();
        }
      }
      // `print (a, b)`.
      const [only] = args;
      if (args.length === 1 && only?.kind === 'group' && only.parts.length > 1) args = only.parts;
      let to: { op: string; target: Expression } | null = null;
      for (const op of ['>>', '>', '|'])
        if (!to && this.#mark(op)) to = { op, target: this.#concatenation() };
      this.#noGreater--;
      return { kind: 'print', args, format: word === 'printf', to };
    }
    return { kind: 'expression', value: this.#expression() };
  }

  #ends(): boolean {
    const { kind, text } = this.#peek();
    return kind === 'newline' || kind === 'end' || (kind === 'mark' && /^[;})]$/.test(text));
  }

  #expression(): Expression {
    return this.#deeper(() => {
      const left = this.#ternary();
      const op = /^(=|\+=|-=|\*=|\/=|%=|\^=|\*\*=)$/.exec(
        this.#peek().kind === 'mark' ? this.#peek().text : '',
      )?.[0];
      if (!op || !/^(variable|element|field)$/.test(left.kind)) return left;
      this.#at++;
      this.#newlines();
      return { kind: 'assign', op, target: left, value: this.#expression() };
    });
  }

  #ternary(): Expression {
    const test = this.#or();
    if (!this.#mark('?')) return test;
    this.#newlines();
    const yes = this.#expression();
    this.#newlines();
    this.#need(':');
    this.#newlines();
    return { kind: 'choice', test, yes, no: this.#expression() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#mark('||')) {
      this.#newlines();
      left = { kind: 'binary', op: '||', left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.#mark('&&')) {
      this.#newlines();
      left = { kind: 'binary', op: '&&', left, right: this.#in() };
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (this.#noIn === 0 && this.#word('in'))
      left = { kind: 'in', index: left.kind === 'group' ? left.parts : [left], name: this.#name() };
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    for (;;) {
      const op = this.#mark('~') ? '~' : this.#mark('!~') ? '!~' : undefined;
      if (!op) return left;
      left = { kind: 'binary', op, left, right: this.#comparison() };
    }
  }

  #comparison(): Expression {
    const left = this.#concatenation();
    const { kind, text } = this.#peek();
    if (kind === 'mark' && comparisons.has(text) && !(text === '>' && this.#noGreater > 0)) {
      this.#at++;
      return { kind: 'binary', op: text, left, right: this.#concatenation() };
    }
    if (kind === 'mark' && text === '|' && this.#tokens[this.#at + 1]?.text === 'getline') {
      this.#at += 2;
      return { kind: 'getline', target: this.#lvalue(), file: null, command: left };
    }
    return left;
  }

  #concatenation(): Expression {
    let left = this.#additive();
    for (;;) {
      const { kind, text } = this.#peek();
      const starts =
        kind === 'number' ||
        kind === 'string' ||
        kind === 'regex' ||
        (kind === 'call' && text !== 'getline') ||
        (kind === 'name' && text !== 'in' && text !== 'getline') ||
        (kind === 'mark' && /^(\$|!|\(|-|\+|\+\+|--)$/.test(text));
      if (!starts || (kind === 'name' && keywords.has(text))) return left;
      left = { kind: 'binary', op: ' ', left, right: this.#additive() };
    }
  }

  #additive(): Expression {
    let left = this.#product();
    for (;;) {
      const op = this.#mark('+') ? '+' : this.#mark('-') ? '-' : undefined;
      if (!op) return left;
      left = { kind: 'binary', op, left, right: this.#product() };
    }
  }

  #product(): Expression {
    let left = this.#unary();
    for (;;) {
      const op = ['*', '/', '%'].find((mark) => this.#mark(mark));
      if (!op) return left;
      left = { kind: 'binary', op, left, right: this.#unary() };
    }
  }

  #unary(): Expression {
    return this.#deeper(() => {
      for (const op of ['!', '-', '+'])
        if (this.#mark(op)) return { kind: 'unary', op, value: this.#unary() };
      return this.#power();
    });
  }

  #power(): Expression {
    const left = this.#postfix();
    if (!this.#mark('^') && !this.#mark('**')) return left;
    return { kind: 'binary', op: '^', left, right: this.#unary() };
  }

  #postfix(): Expression {
    const target = this.#primary();
    if (!/^(variable|element|field)$/.test(target.kind)) return target;
    if (this.#mark('++')) return { kind: 'change', by: 1, prefix: false, target };
    if (this.#mark('--')) return { kind: 'change', by: -1, prefix: false, target };
    return target;
  }

  #primary(): Expression {
    const token = this.#next();
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regex':
        return { kind: 'regex', source: token.text };
      case 'call':
        if (token.text === 'getline') return { kind: 'getline', target: null, file: null, command: null };
        this.#need('(');
        return { kind: 'call', name: token.text, args: this.#list(')') };
      case 'name':
        if (token.text === 'getline') {
          const target = this.#lvalue();
          return { kind: 'getline', target, file: this.#mark('<') ? this.#primary() : null, command: null };
        }
        if (builtins.has(token.text)) return { kind: 'call', name: token.text, args: [] };
        if (keywords.has(token.text)) return this.#fail();
        if (this.#mark('[')) return { kind: 'element', name: token.text, index: this.#list(']') };
        return { kind: 'variable', name: token.text };
      case 'mark':
        if (token.text === '$') {
          const up = this.#mark('++') ? 1 : this.#mark('--') ? -1 : 0;
          const index = this.#deeper(() => this.#primary());
          return {
            kind: 'field',
            index: up ? { kind: 'change', by: up as 1 | -1, prefix: true, target: index } : index,
          };
        }
        if (token.text === '++' || token.text === '--')
          return { kind: 'change', by: token.text === '++' ? 1 : -1, prefix: true, target: this.#primary() };
        if (token.text === '-' || token.text === '+')
          return { kind: 'unary', op: token.text, value: this.#primary() };
        if (token.text === '(') {
          const [greater, within] = [this.#noGreater, this.#noIn];
          this.#noGreater = 0;
          this.#noIn = 0;
          const parts = this.#list(')');
          this.#noGreater = greater;
          this.#noIn = within;
          return { kind: 'group', parts };
        }
        return this.#fail();
      default:
        this.#at--;
        return this.#fail();
    }
  }

  #lvalue(): Expression | null {
    const { kind, text } = this.#peek();
    if (kind === 'name' && !keywords.has(text)) return this.#primary();
    return kind === 'mark' && text === '$' ? this.#primary() : null;
  }

  #list(close: string): Expression[] {
    const all: Expression[] = [];
    this.#newlines();
    if (this.#mark(close)) return all;
    do {
      this.#newlines();
      all.push(this.#expression());
      this.#newlines();
      if (all.length > 256) this.#fail();
    } while (this.#mark(','));
    this.#need(close);
    return all;
  }

  #deeper<T>(work: () => T): T {
    if (++this.#depth > depthLimit) throw new AwkFault('program too large');
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #next(): Token {
    const token = this.#tokens[this.#at]!;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  #mark(text: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'mark' || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #word(text: string): boolean {
    const token = this.#peek();
    if ((token.kind !== 'name' && token.kind !== 'call') || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #name(): string {
    const token = this.#next();
    if (token.kind !== 'name') this.#fail();
    return token.text;
  }

  #need(text: string): void {
    if (!this.#mark(text)) this.#fail();
  }

  #newlines(): void {
    while (this.#peek().kind === 'newline') this.#at++;
  }

  #skip(): void {
    while (this.#peek().kind === 'newline' || (this.#peek().kind === 'mark' && this.#peek().text === ';'))
      this.#at++;
  }

  #fail(reason?: string): never {
    const { kind, text } = this.#peek();
    const line = this.#tokens.slice(0, this.#at).filter((token) => token.kind === 'newline').length + 1;
    if (kind === 'end') throw new AwkFault(`line ${line + 1}: ${reason ?? 'missing }'} near end of file`);
    throw new AwkFault(`line ${line}: syntax error at or near ${kind === 'newline' ? 'end of line' : text}`);
  }
}
