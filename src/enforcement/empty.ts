import type { Enforcer } from './enforcer.ts';
import { within } from './within.ts';

/**
 * Empties an enforcer and reads every part back, again and again until all are empty, for at most `ms` milliseconds.
 * Null once the empty set was read back; else why it was not.
 */
export async function emptyAndProve(enforcer: Enforcer, ms: number): Promise<string | null> {
  const deadline = performance.now() + ms;
  const left = () => Math.max(1, deadline - performance.now());
  let why = 'there was no time';
  while (performance.now() < deadline) {
    try {
      await within(left(), enforcer.clear(), 'emptying');
      let count = 0;
      for (const part of enforcer.parts)
        count += (await within(left(), enforcer.read(part), 'reading back')).length;
      if (count === 0) return null;
      why = `${count} elements still stand`;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
      await new Promise((resolve) => setTimeout(resolve, Math.min(50, left())));
    }
  }
  return why;
}
