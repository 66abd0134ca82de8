/** How sure what is known from elsewhere is at most, in logits. */
export const seedLogit = 4;
/** How far a name alone may be believed. */
const nameLogit = 2.5;

/** What letters say, in logits, as far as that is believed. */
export function bounded(letters: number): number {
  return Math.max(-nameLogit, Math.min(nameLogit, letters));
}
