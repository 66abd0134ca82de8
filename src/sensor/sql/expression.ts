import type { Select } from './select.ts';

export type Value = null | string | number | boolean;

/** An expression as it was written. */
export type Expression =
  | { kind: 'value'; value: Value }
  | { kind: 'parameter'; index: number }
  | { kind: 'column'; path: string[]; at: number }
  | { kind: 'star'; path: string[] }
  | { kind: 'variable'; text: string }
  | { kind: 'assign'; name: string; value: Expression }
  | { kind: 'call'; name: string; args: Expression[]; distinct: boolean; at: number }
  | { kind: 'unary'; op: string; value: Expression }
  | { kind: 'binary'; op: string; left: Expression; right: Expression }
  | { kind: 'in'; not: boolean; value: Expression; list: Expression[] }
  | { kind: 'between'; not: boolean; value: Expression; low: Expression; high: Expression }
  | {
      kind: 'case';
      value: Expression | null;
      whens: [Expression, Expression][];
      otherwise: Expression | null;
    }
  | { kind: 'cast'; value: Expression; type: string }
  | { kind: 'select'; select: Select; exists: boolean };

/** What both servers call a column without a name of its own, where they agree. */
export interface Item {
  expression: Expression;
  alias: string | null;
  /** Its text as written: MySQL's name for it. */
  text: string;
}
