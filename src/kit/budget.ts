import { z } from 'zod';

const day = 86_400_000;

/** The settings of a store that grows: how long it keeps what it holds, in milliseconds, and the disk it may take, in bytes. */
export const budget = (days: number, gibibytes: number) => ({
  retentionMs: z
    .int()
    .positive()
    .default(days * day),
  diskBytes: z
    .int()
    .positive()
    .default(gibibytes * 1024 ** 3),
});
