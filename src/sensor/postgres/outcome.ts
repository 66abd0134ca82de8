import type { Table } from '../sql/catalogue.ts';
import type { Value } from '../sql/expression.ts';
import type { Complaint, Field } from './messages.ts';

/** What one statement gives: rows, what it is told to have done, and what is said before. */
export interface Outcome {
  tag: string;
  fields?: Field[];
  rows?: Value[][];
  notice?: Complaint;
  status?: [string, string];
  /** COPY ... FROM STDIN: where the rows go. */
  copyInto?: Table | null;
  columns?: number;
}

/** Nothing but its tag. */
export const done = (tag: string): Outcome => ({ tag });
