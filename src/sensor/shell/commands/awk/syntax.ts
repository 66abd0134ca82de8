/** What an awk program is made of (POSIX XCU `awk`). */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'regex'; source: string }
  | { kind: 'variable'; name: string }
  | { kind: 'element'; name: string; index: Expression[] }
  | { kind: 'field'; index: Expression }
  | { kind: 'assign'; op: string; target: Expression; value: Expression }
  | { kind: 'change'; by: 1 | -1; prefix: boolean; target: Expression }
  | { kind: 'unary'; op: string; value: Expression }
  | { kind: 'binary'; op: string; left: Expression; right: Expression }
  | { kind: 'choice'; test: Expression; yes: Expression; no: Expression }
  | { kind: 'in'; index: Expression[]; name: string }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'group'; parts: Expression[] }
  | { kind: 'getline'; target: Expression | null; file: Expression | null; command: Expression | null };

export type Statement =
  | { kind: 'expression'; value: Expression }
  | { kind: 'print'; args: Expression[]; format: boolean; to: { op: string; target: Expression } | null }
  | { kind: 'if'; test: Expression; yes: Statement; no: Statement | null }
  | { kind: 'while'; test: Expression; body: Statement; after: boolean }
  | { kind: 'for'; start: Statement | null; test: Expression | null; step: Statement | null; body: Statement }
  | { kind: 'each'; variable: string; name: string; body: Statement }
  | { kind: 'block'; body: Statement[] }
  | {
      kind: 'jump';
      to: 'next' | 'exit' | 'break' | 'continue' | 'return' | 'nextfile';
      value: Expression | null;
    }
  | { kind: 'delete'; name: string; index: Expression[] | null };

export interface Rule {
  when: 'BEGIN' | 'END' | 'always' | { from: Expression; to: Expression | null };
  body: Statement | null;
  /** Whether the range is open. */
  open: boolean;
}

export interface Program {
  rules: Rule[];
  functions: Map<string, { parameters: string[]; body: Statement }>;
}

/** A program that cannot be read. */
export class AwkFault extends Error {}
