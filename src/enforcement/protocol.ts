import { z } from 'zod';

/** The longest line either side takes, in bytes: 10,000 elements are under 1 MB. */
export const maxLine = 8 * 1024 * 1024;
/** Elements of a read-back in one line, so that neither side is busy for long. */
export const perLine = 5_000;

const key = z.string().max(128);
const id = z.int().min(1);
const standing = z.tuple([key, z.number()]);

/** What the helper is asked, one JSON object a line; `start` comes first. */
export const requestSchema = z.discriminatedUnion('op', [
  z.strictObject({
    id,
    op: z.literal('start'),
    enforcer: z.string().max(64),
    options: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ id, op: z.literal('prepare') }),
  z.strictObject({
    id,
    op: z.literal('protect'),
    blocks: z.array(z.string().max(64)).max(100_000),
    readAt: z.number(),
  }),
  z.strictObject({
    id,
    op: z.literal('apply'),
    add: z.array(standing).max(20_000),
    remove: z.array(key).max(20_000),
  }),
  z.strictObject({ id, op: z.literal('read'), part: z.string().max(16) }),
  z.strictObject({ id, op: z.literal('clear') }),
]);
export type Request = z.infer<typeof requestSchema>;
/** A request without its number. */
export type Ask = Request extends infer One ? (One extends Request ? Omit<One, 'id'> : never) : never;

/** What it answers. A read-back comes in several lines; the last has `done`. */
export const answerSchema = z.strictObject({
  id,
  done: z.boolean(),
  error: z.string().optional(),
  standing: z.array(standing).optional(),
  refused: z.array(key).optional(),
});
export type Answer = z.infer<typeof answerSchema>;
