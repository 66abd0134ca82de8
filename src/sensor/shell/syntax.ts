/** A piece of a word. Quoted pieces are neither split nor matched against file names. */
export type Part =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; op: string; argument: Word; quoted: boolean }
  | { kind: 'substitution'; script: Script; quoted: boolean }
  | { kind: 'arithmetic'; text: Word; quoted: boolean };
export type Word = Part[];

export interface Redirect {
  fd: number;
  op: '<' | '>' | '>>' | '<<' | '>&' | '<&';
  target: Word;
}

export type Command =
  | { kind: 'simple'; assigns: [string, Word][]; words: Word[]; redirects: Redirect[] }
  | { kind: 'loop'; until: boolean; test: Script; body: Script; redirects: Redirect[] }
  | { kind: 'for'; name: string; words: Word[] | null; body: Script; redirects: Redirect[] }
  | { kind: 'if'; arms: { test: Script; body: Script }[]; otherwise: Script; redirects: Redirect[] }
  | { kind: 'case'; subject: Word; arms: { patterns: Word[]; body: Script }[]; redirects: Redirect[] }
  | { kind: 'group'; subshell: boolean; body: Script; redirects: Redirect[] }
  | { kind: 'function'; name: string; body: Command; redirects: Redirect[] };

export interface Step {
  pipeline: Command[];
  negated: boolean;
  /** What joins it to the one before. */
  join: ';' | '&&' | '||';
  background: boolean;
}
export type Script = Step[];

/** A line that no shell would run; the message is what ash says after `syntax error: `. */
export class SyntaxFault extends Error {}

/** The line is not finished: an interactive shell asks for more. */
export class Unfinished extends SyntaxFault {}
