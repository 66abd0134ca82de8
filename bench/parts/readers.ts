import { examples } from '../../src/intake/readers/examples.ts';
import { lineReaders } from '../../src/intake/readers/index.ts';
import { cowrieLines } from './cowrie-lines.ts';

/** Nanoseconds a line of each reader, and of `JSON.parse` alone where the format is JSON. */
const lines: Record<string, string[]> = Object.fromEntries(
  Object.entries(examples).map(([name, few]) => [
    name,
    Array.from({ length: 14_000 }, (_, n) => few[n % few.length]!),
  ]),
);
lines.cowrie = cowrieLines(2_000, 256);

for (const reader of lineReaders) {
  const given = lines[reader.name];
  if (given === undefined) continue;
  let best = Number.POSITIVE_INFINITY;
  let parse = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round++) {
    const read = reader.start({ source: 'bench', now: () => 1_760_000_000_000 });
    let from = process.hrtime.bigint();
    for (const line of given) read(line);
    best = Math.min(best, Number(process.hrtime.bigint() - from) / given.length);
    from = process.hrtime.bigint();
    if (given[0]!.startsWith('{')) for (const line of given) JSON.parse(line);
    parse = Math.min(parse, Number(process.hrtime.bigint() - from) / given.length);
  }
  console.log(
    JSON.stringify({ reader: reader.name, ns_per_line: Math.round(best), json_parse_ns: Math.round(parse) }),
  );
}
