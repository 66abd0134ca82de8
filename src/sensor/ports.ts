import { z } from 'zod';

/** How many ports one sensor may listen on: each is an open file, and one more way to be told from a real machine. */
export const listenLimit = 1_024;

const port = z.int().min(0).max(65_535);
const range = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'a port, or a range such as 8000-8100')
  .refine((text) => {
    const [from = 0, to = 0] = text.split('-').map(Number);
    return from > 0 && from <= to && to <= 65_535 && to - from < listenLimit;
  }, `a range of ports from low to high, ${listenLimit} at most`);

/** Where a service listens: a port (0: any that is free), a range `8000-8100`, or a list of both. */
export const portsSchema = z.union([
  port,
  range,
  z
    .array(z.union([port, range]))
    .min(1)
    .max(64),
]);
export type Ports = z.infer<typeof portsSchema>;

/** Each port once, in the order named. */
export function portsOf(ports: Ports): number[] {
  const all = (Array.isArray(ports) ? ports : [ports]).flatMap((one) => {
    if (typeof one === 'number') return [one];
    const [from = 0, to = 0] = one.split('-').map(Number);
    return Array.from({ length: Math.max(0, Math.min(to - from + 1, listenLimit)) }, (_, i) => from + i);
  });
  return all.filter((one, i) => one === 0 || all.indexOf(one) === i);
}

/** Ports as a person reads them: `22`, `80, 8080`, `8000-8100`. */
export function portsText(ports: readonly number[]): string {
  const sorted = [...ports].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const one of sorted) {
    const last = runs.at(-1);
    if (last && one === last[1] + 1) last[1] = one;
    else runs.push([one, one]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}-${to}`))
    .join(', ');
}
