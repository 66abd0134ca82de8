/** A piece of a word. Quoted pieces are neither split nor matched against file names. */
export type Part =
  | { kind: 'text'; text: string; quoted: boolean }
  | VariablePart
  | { kind: 'substitution'; script: Script; quoted: boolean }
  /** `<( )` and `>( )` of bash. */
  | { kind: 'process'; script: Script; quoted: boolean }
  | { kind: 'arithmetic'; text: Word; quoted: boolean };
export type Word = Part[];

/** `$x` and `${…}`. */
export interface VariablePart {
  kind: 'variable';
  name: string;
  /**
   * The operator of `${ }`: those of POSIX, `length`, and of bash `/` `//` `/#` `/%` `^` `^^` `,` `,,` `:` (substring), `keys`
   * (`${!a[@]}`), `names` (`${!a*}`) and `@`; `bad` where no shell takes it.
   */
  op: string;
  argument: Word;
  /** What replaces, or how long a substring is. */
  second?: Word;
  /** What stands in `[ ]`. */
  index?: Word | '@' | '*';
  /** `${!name}`. */
  indirect?: boolean;
  quoted: boolean;
}

export interface Redirect {
  fd: number;
  op: '<' | '>' | '>>' | '<<' | '<<<' | '>&' | '<&' | '&>' | '&>>';
  target: Word;
}

export interface Assign {
  name: string;
  append: boolean;
  index?: Word;
  /** A word, or the elements of `name=( … )`. */
  value: Word | { elements: { index?: Word; value: Word }[] };
}

/** What stands in `[[ ]]`: words and the marks between them, in order. */
export type Condition = { mark: string } | { word: Word; plain: string | null };

export type Command =
  | { kind: 'simple'; assigns: Assign[]; words: Word[]; redirects: Redirect[]; line: number }
  | { kind: 'loop'; until: boolean; test: Script; body: Script; redirects: Redirect[] }
  | { kind: 'for'; name: string; words: Word[] | null; body: Script; redirects: Redirect[] }
  | { kind: 'count'; start: Word; test: Word; step: Word; body: Script; redirects: Redirect[] }
  | { kind: 'if'; arms: { test: Script; body: Script }[]; otherwise: Script; redirects: Redirect[] }
  | { kind: 'case'; subject: Word; arms: { patterns: Word[]; body: Script }[]; redirects: Redirect[] }
  | { kind: 'group'; subshell: boolean; body: Script; redirects: Redirect[] }
  | { kind: 'condition'; parts: Condition[]; redirects: Redirect[]; line: number }
  | { kind: 'arithmetic'; text: Word; redirects: Redirect[]; line: number }
  | { kind: 'function'; name: string; body: Command; redirects: Redirect[] };

export interface Step {
  pipeline: Command[];
  negated: boolean;
  /** What joins it to the one before. */
  join: ';' | '&&' | '||';
  background: boolean;
  /** Its text, where it runs in the background: what `jobs` shows. */
  text?: string;
}
export type Script = Step[];

export interface FaultDetail {
  /** The mark or word that does not belong there; `newline`. */
  token?: string;
  /** What the shell wanted in its place. */
  expecting?: string;
  /** The quote or bracket that was never closed. */
  unclosed?: string;
  /** True where a redirection stands in a wrong place. */
  redirection?: boolean;
}

/** A line that no shell would run; the message is what ash says after `syntax error: `. */
export class SyntaxFault extends Error {
  readonly detail: FaultDetail;
  /** Counted from 1 in the text that was read. */
  line = 1;
  constructor(message: string, detail: FaultDetail = {}) {
    super(message);
    this.detail = detail;
  }
}

/** The line is not finished: an interactive shell asks for more. */
export class Unfinished extends SyntaxFault {}
