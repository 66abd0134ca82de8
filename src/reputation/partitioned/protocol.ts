import { z } from 'zod';
import type { Topology } from '../../bus/index.ts';
import { partLimit } from './shares.ts';
import { precisions } from './slice.ts';

/** Orders and slices in one order for all: who reads a slice has read the order that it follows from. */
export const runSubject = 'propagation.run';
/** What workers tell the coordinator: that they live, how far they are, and what came out. */
export const reportSubject = 'propagation.reports';
export const coordinator = 'coordinator';

export const limits = {
  workers: 1_024,
  /** How often a worker that takes part says so, and after how long a silence its parts are given to others, in milliseconds. */
  beatMs: 2_000,
  deadMs: 15_000,
  /** How long workers are waited for at the start of a run. */
  gatherMs: 10_000,
  /** After how long without a new pass or slice a run is given up. */
  stallMs: 600_000,
  /** After how long without a new slice a worker says its own again. */
  againMs: 60_000,
  /** The pause before something is said again that a full bus did not take. */
  retryMs: 200,
  passes: 1_000,
};
export type PropagationLimits = typeof limits;

const name = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** What the coordinator says. Workers are known by name and life: one that was started again is another one. */
export const orderSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), run: z.uuid() }),
  z.strictObject({
    type: z.literal('run'),
    run: z.uuid(),
    /** Rises with each change of who has which part. */
    epoch: z.int().min(0),
    /** Which graph's parts are to be loaded. */
    graph: name,
    bounds: z
      .array(z.int().min(0).max(0xffff_ffff))
      .min(2)
      .max(partLimit + 1),
    eps: z.number(),
    passes: z.int().min(0).max(limits.passes),
    sliceLength: z.int().min(1),
    precision: z.enum(precisions),
    members: z.record(name, z.uuid()),
    /** The worker of each part. */
    owners: z.array(name).max(partLimit),
  }),
  z.strictObject({ type: z.literal('end'), run: z.uuid() }),
]);
export type Order = z.infer<typeof orderSchema>;
export type RunOrder = Extract<Order, { type: 'run' }>;

export const reportSchema = z.strictObject({
  type: z.enum(['here', 'beat', 'failed']),
  run: z.uuid(),
  worker: name,
  life: z.uuid(),
  /** The last pass of which it has every slice; -1 before the first. */
  pass: z.int().min(-1),
  /** Why it cannot go on. */
  why: z.string().max(500).optional(),
});
export type Report = z.infer<typeof reportSchema>;

/** The subjects of a run and who reads them. Throws a `RangeError` for names that no bus takes, or too many. */
export function propagationTopology(workers: readonly string[]): Topology {
  if (workers.length > limits.workers) throw new RangeError(`there are at most ${limits.workers} workers`);
  for (const worker of workers)
    if (!name.safeParse(worker).success || worker === coordinator)
      throw new RangeError(`${worker} is no name of a worker`);
  return { [runSubject]: workers, [reportSubject]: [coordinator] };
}

/** Null where the bytes are not JSON of this form. */
export function parsed<T>(schema: z.ZodType<T>, data: Uint8Array): T | null {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(data).toString())).data ?? null;
  } catch {
    return null;
  }
}
