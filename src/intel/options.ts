import { z } from 'zod';
import { formats } from './feeds/formats/index.ts';
import { defaultGuard } from './feeds/take-over.ts';

/** Feeds at the most. */
const feedLimit = 64;
const absolute = z.string().regex(/^\/.{1,4095}$/, 'an absolute path');

/** A list of names and addresses that others hold to be bad. */
const feed = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes, 63 at most'),
    path: absolute.optional(),
    url: z
      .url({ protocol: /^https?$/, error: 'a URL of http or https' })
      .max(2_048)
      .optional(),
    format: z.enum(['auto', ...formats.map((format) => format.name)]).default('auto'),
    /** CSV: the title of the column with the value, or its number from 1. */
    column: z.string().min(1).max(64).optional(),
    everyMinutes: z.int().min(5).max(10_080).default(360),
  })
  .refine(({ path, url }) => (path === undefined) !== (url === undefined), 'either a path or a url');

/** Which feeds there are, and what is known besides. */
export const feedsOptions = z.strictObject({
  lists: z
    .array(feed)
    .max(feedLimit)
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'each name once')
    .default([]),
  /** Files of warning lists, as MISP writes them: what stands there is likely no indicator. */
  warningLists: z.array(absolute).max(256).default([]),
  /** A file of popular names, the most popular first. */
  popular: absolute.optional(),
  /** By how much a list may change at once: `src/intel/feeds/take-over.ts` says what each means. */
  guard: z
    .strictObject({
      shrink: z.number().min(0).max(1).default(defaultGuard.shrink),
      grow: z.number().min(1).default(defaultGuard.grow),
      few: z.int().min(0).default(defaultGuard.few),
      refused: z.number().min(0).max(1).default(defaultGuard.refused),
    })
    .prefault({}),
});

export type FeedsOptions = z.infer<typeof feedsOptions>;
