import { z } from 'zod';
import type { Event } from '../model/event.ts';

/** What a rule may ask of an event. Closed: a misspelt field is an error at start, not a rule that never fires. */
const fields = {
  kind: (event) => event.kind,
  protocol: (event) => event.protocol,
  transport: (event) => event.transport,
  decoy: (event) => event.decoy,
  port: (event) => event.dst.port,
  user: (event) => ('user' in event ? event.user : undefined),
  secret: (event) => ('secret' in event ? event.secret : undefined),
  ok: (event) => ('ok' in event ? event.ok : undefined),
  method: (event) => ('method' in event ? event.method : undefined),
  input: (event) => ('input' in event ? event.input : undefined),
  target: (event) => ('target' in event ? event.target : undefined),
  status: (event) => ('status' in event ? event.status : undefined),
  body: (event) => ('body' in event ? event.body : undefined),
  agent: (event) =>
    event.kind === 'access'
      ? event.agent
      : event.kind === 'request'
        ? header(event.headers, 'user-agent')
        : undefined,
  url: (event) => ('url' in event ? event.url : undefined),
  name: (event) => ('name' in event ? event.name : undefined),
  sha256: (event) => ('sha256' in event ? event.sha256 : undefined),
  value: (event) => ('value' in event ? event.value : undefined),
  software: (event) => ('software' in event ? event.software : undefined),
  size: (event) => ('size' in event ? event.size : undefined),
  action: (event) => ('action' in event ? event.action : undefined),
  error: (event) => ('error' in event ? event.error : undefined),
} satisfies Record<string, (event: Event) => string | number | boolean | undefined>;

export type Field = keyof typeof fields;
export const fieldSchema = z.enum(Object.keys(fields) as [Field, ...Field[]]);

export function fieldOf(field: Field): (event: Event) => string | number | boolean | undefined {
  return fields[field];
}

function header(headers: [string, string][], wanted: string): string | undefined {
  for (const [name, value] of headers)
    if (name.length === wanted.length && name.toLowerCase() === wanted) return value;
  return undefined;
}

const value = z.union([z.string().max(1_024), z.number(), z.boolean()]);
const text = z.string().min(1).max(1_024);
const texts = z.union([text, z.array(text).min(1).max(2_000)]);

const comparison = z
  .strictObject({
    field: fieldSchema,
    equals: value.optional(),
    in: z.array(value).min(1).max(2_000).optional(),
    contains: texts.optional(),
    startsWith: texts.optional(),
    endsWith: texts.optional(),
    /** The whole text, `*` standing for any characters. No regular expressions: their cost is in attackers' hands. */
    like: texts.optional(),
    above: z.number().optional(),
    below: z.number().optional(),
    anyCase: z.boolean().optional(),
  })
  .refine((one) => Object.keys(one).some((key) => key !== 'field' && key !== 'anyCase'), {
    message: 'a field and at least one of equals, in, contains, startsWith, endsWith, like, above, below',
  });

export type Condition =
  | z.infer<typeof comparison>
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

/** Comparisons joined by `all`, `any` and `not`. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    comparison,
    z.strictObject({ all: z.array(conditionSchema).min(1).max(64) }),
    z.strictObject({ any: z.array(conditionSchema).min(1).max(64) }),
    z.strictObject({ not: conditionSchema }),
  ]),
);

/** Characters of a field that are compared. */
const limit = 16_384;

/** A condition made ready to ask. */
export function compile(condition: Condition): (event: Event) => boolean {
  if ('all' in condition) {
    const parts = condition.all.map(compile);
    return (event) => parts.every((part) => part(event));
  }
  if ('any' in condition) {
    const parts = condition.any.map(compile);
    return (event) => parts.some((part) => part(event));
  }
  if ('not' in condition) {
    const part = compile(condition.not);
    return (event) => !part(event);
  }
  return compare(condition);
}

function compare(one: z.infer<typeof comparison>): (event: Event) => boolean {
  const read = fields[one.field];
  const fold = one.anyCase === true;
  const folded = (given: string) => (fold ? given.toLowerCase() : given);
  const tests: ((given: string | number | boolean) => boolean)[] = [];
  const textual = (
    wanted: string | string[] | undefined,
    test: (given: string, wanted: string) => boolean,
  ) => {
    if (wanted === undefined) return;
    const all = [wanted].flat().map(folded);
    tests.push((given) => typeof given === 'string' && all.some((each) => test(given, each)));
  };
  const same = (values: (string | number | boolean)[]) => {
    const set = new Set(values.map((each) => (typeof each === 'string' ? folded(each) : each)));
    tests.push((given) => set.has(given));
  };
  if (one.equals !== undefined) same([one.equals]);
  if (one.in !== undefined) same(one.in);
  textual(one.contains, (given, wanted) => given.includes(wanted));
  textual(one.startsWith, (given, wanted) => given.startsWith(wanted));
  textual(one.endsWith, (given, wanted) => given.endsWith(wanted));
  textual(one.like, like);
  const { above, below } = one;
  if (above !== undefined) tests.push((given) => typeof given === 'number' && given > above);
  if (below !== undefined) tests.push((given) => typeof given === 'number' && given < below);
  return (event) => {
    let given = read(event);
    if (given === undefined) return false;
    if (typeof given === 'string') given = folded(given.length > limit ? given.slice(0, limit) : given);
    for (const test of tests) if (!test(given)) return false;
    return true;
  };
}

/** Whether a text fits a pattern in which `*` stands for any characters. Each part is sought once, from left to right. */
export function like(given: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0]!;
  if (parts.length === 1) return given === pattern;
  const last = parts[parts.length - 1]!;
  if (!given.startsWith(first) || !given.endsWith(last) || given.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= given.length;
}
