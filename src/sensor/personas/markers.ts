import { z } from 'zod';

/** The longest list that is taken, and the longest expression in it. */
const limits = { markers: 1_000, pattern: 200 } as const;

/** Traits that decoys are known by, each with whose it is and where that is told. */
export const markersSchema = z
  .array(
    z
      .strictObject({
        text: z.string().min(3).max(200).optional(),
        /** The text counts only where it stands by itself. */
        word: z.boolean().default(false),
        pattern: z.string().max(limits.pattern).optional(),
        of: z.string().min(1),
        source: z.string().min(1),
      })
      .refine(({ text, pattern }) => (text === undefined) !== (pattern === undefined), 'a text or a pattern'),
  )
  .max(limits.markers);
export type Marker = z.infer<typeof markersSchema>[number];

/** Which of them stand in a text, and what of it. */
export function markersIn(text: string, markers: readonly Marker[]): { of: string; found: string }[] {
  const small = text.toLowerCase();
  return markers.flatMap(({ text: wanted = '', word, pattern, of }) => {
    if (pattern !== undefined) {
      const found = new RegExp(pattern, 'i').exec(text)?.[0];
      return found === undefined ? [] : [{ of, found }];
    }
    const sought = wanted.toLowerCase();
    for (let at = small.indexOf(sought); at >= 0; at = small.indexOf(sought, at + 1)) {
      const beside = `${small[at - 1] ?? ' '}${small[at + sought.length] ?? ' '}`;
      if (!word || !/[a-z0-9]/.test(beside)) return [{ of, found: wanted }];
    }
    return [];
  });
}
