import type { Cursor } from './cursor.ts';

/**
 * Walks over a list in parentheses, clause by clause: `begin` takes as much of each as matters, the rest up to the next comma is
 * skipped, parentheses within it too. Nothing where there is no list.
 */
export function clauses(cursor: Cursor, begin: () => void): void {
  if (!cursor.acceptOp('(')) return;
  while (!cursor.done && !cursor.isOp(')')) {
    begin();
    for (let depth = 0; !cursor.done; cursor.take()) {
      if (cursor.isOp('(')) depth++;
      if (cursor.isOp(')') && --depth < 0) break;
      if (cursor.isOp(',') && depth === 0) break;
    }
    if (!cursor.acceptOp(',')) break;
  }
  cursor.expectOp(')');
}
