import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Fault, type Remedy } from '../kit/fault.ts';
import type { Event } from '../model/event.ts';
import type { AnyDetector } from './analysis.ts';
import { compile, fieldOf } from './conditions.ts';
import type { Claim, Ref } from './detector.ts';
import { Distinct } from './distinct.ts';
import { Episode } from './episode.ts';
import { hash } from './hash.ts';
import { Recent } from './recent.ts';
import { Retelling } from './retelling.ts';
import { type Rule, ruleSchema } from './rule-schema.ts';
import { Sequence } from './sequence.ts';
import { weakestOf } from './strongest.ts';

const fileLimit = 256 * 1_024;
const ruleLimit = 1_000;

/** The rules of a folder, each in a file of its own (`<name>.yaml`). Throws a `Fault` that names all that is wrong. */
export function loadRules(folder: string): AnyDetector[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return compileRules(
    files.map((file) => ({ path: join(folder, file), text: readFileSync(join(folder, file), 'utf8') })),
  );
}

/** Rules from their texts. */
export function compileRules(files: readonly { path: string; text: string }[]): AnyDetector[] {
  const remedies: Remedy[] = [];
  const rules: Rule[] = [];
  const names = new Map<string, string>();
  if (files.length > ruleLimit) remedies.push({ path: 'rules', expected: `at most ${ruleLimit} files` });
  for (const { path, text } of files.slice(0, ruleLimit)) {
    if (text.length > fileLimit) {
      remedies.push({ path, expected: `at most ${fileLimit} characters` });
      continue;
    }
    const document = parseDocument(text, { uniqueKeys: true });
    if (document.errors.length > 0) {
      for (const { message } of document.errors)
        remedies.push({ path, expected: 'YAML', remedy: message.split('\n')[0]! });
      continue;
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 0 });
    } catch {
      remedies.push({ path, expected: 'YAML without aliases', remedy: 'Write the value out in each place.' });
      continue;
    }
    const parsed = ruleSchema.safeParse(value);
    if (!parsed.success) {
      for (const issue of parsed.error.issues)
        remedies.push({ path: `${path}: ${issue.path.join('.')}`, expected: explain(issue) });
      continue;
    }
    const { name } = parsed.data;
    const other = names.get(name);
    if (other !== undefined)
      remedies.push({ path: `${path}: name`, expected: `a name that ${other} does not have` });
    names.set(name, path);
    rules.push(parsed.data);
  }
  if (remedies.length > 0) throw new Fault('config', 'Rules cannot be read.', { remedies });
  return rules.map(detectorOf);
}

/** Of a union's failures, those of the branch that got the furthest say what is wrong. */
function explain(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue.message;
  const depth = (branch: z.core.$ZodIssue[]) => Math.max(0, ...branch.map(({ path }) => path.length));
  const misfits = (branch: z.core.$ZodIssue[]) =>
    branch.filter(({ code }) => code === 'unrecognized_keys').length;
  const [best = []] = [...issue.errors].sort(
    (a, b) => depth(b) - depth(a) || misfits(a) - misfits(b) || a.length - b.length,
  );
  return best.map((one) => [one.path.join('.'), explain(one)].filter(Boolean).join(': ')).join('; ');
}

/** What follows a rule's events: the events to tell by, where it is time to tell. */
type Follow = (event: Event, ref: () => Ref) => Ref[] | undefined;

function detectorOf(rule: Rule): AnyDetector {
  const { name, summary, on } = rule;
  return {
    name,
    summary,
    on,
    options: z.strictObject({}),
    start() {
      const where = rule.where === undefined ? () => true : compile(rule.where);
      const follow = follower(rule);
      return (event: Event, ref: () => Ref): Claim | undefined => {
        if (!where(event)) return undefined;
        const because = follow(event, ref);
        if (because === undefined) return undefined;
        const { confidence, attack, says } = rule;
        return { subject: { type: 'ip', value: event.src.ip }, confidence, attack, says, because };
      };
    },
  };
}

function follower(rule: Rule): Follow {
  const of = <V>(states: Recent<V>, key: string, time: number, fresh: () => V): V => {
    let state = states.get(key, time);
    if (state === undefined) {
      state = fresh();
      states.set(key, state);
    }
    return state;
  };
  switch (rule.type) {
    case 'trigger': {
      const told = thrifty(rule);
      return (event, ref) => told(event, [ref()]);
    }
    case 'leaky': {
      const states = new Recent<Episode>(
        rule.sources,
        Math.max(rule.againMs, 2 * rule.capacity * rule.leakMs),
      );
      return (event, ref) => {
        const key =
          rule.by === 'service' ? `${event.src.ip} ${event.dst.port} ${event.sensor}` : event.src.ip;
        return of(states, key, event.time, () => new Episode(event.time)).add(event.time, ref(), rule);
      };
    }
    case 'distinct': {
      const states = new Recent<Distinct>(rule.sources, Math.max(rule.againMs, rule.withinMs));
      const read = fieldOf(rule.field);
      return (event, ref) => {
        const value = read(event);
        if (value === undefined) return undefined;
        return of(states, event.src.ip, event.time, () => new Distinct()).add(
          hash(String(value)),
          event.time,
          ref,
          rule,
        );
      };
    }
    case 'sequence': {
      const sequence = new Sequence<Event>(rule.steps.map(compile), rule.withinMs, rule.sources);
      const told = thrifty(rule);
      return (event, ref) => {
        const key = rule.by === 'source' ? event.src.ip : `${event.session}\n${event.sensor}`;
        const because = sequence.add(key, event.time, event, ref);
        return because === undefined ? undefined : told(event, because);
      };
    }
  }
}

/** Tells what a source does over and over a few times. */
function thrifty(rule: Rule): (event: Event, because: Ref[]) => Ref[] | undefined {
  const sources = new Recent<{ times: number; retelling: Retelling }>(rule.sources, rule.againMs);
  return (event, because) => {
    let source = sources.get(event.src.ip, event.time);
    if (source === undefined) {
      source = { times: 0, retelling: new Retelling() };
      sources.set(event.src.ip, source);
    }
    source.times++;
    return source.retelling.due(source.times, event.time, weakestOf(because), rule) ? because : undefined;
  };
}
