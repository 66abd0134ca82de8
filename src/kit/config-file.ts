import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { Fault, type Remedy } from './fault.ts';

/** A configuration larger than this is not one. */
const sizeLimit = 1024 * 1024;

/**
 * Reads a YAML file against a strict schema. An absent or empty file is all defaults. `${NAME}` in a value is the environment's,
 * and must be set. Throws one fault that names everything that is wrong, each with its path.
 */
export function readConfig<S extends z.ZodType>(
  schema: S,
  path: string | undefined,
  environment: Record<string, string | undefined>,
): z.infer<S> {
  const text = path === undefined ? '' : read(path);
  const remedies: Remedy[] = [];
  const document = parseDocument(text, { prettyErrors: false, maxAliasCount: 0 } as object);
  for (const error of [...document.errors, ...document.warnings]) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    remedies.push({ path: `${path}:${line}`, expected: 'YAML 1.2', remedy: error.message });
  }
  let value: unknown;
  if (remedies.length === 0) {
    try {
      value = fill(document.toJS({ maxAliasCount: 0 }) ?? {}, [], environment, remedies);
    } catch (error) {
      remedies.push({ path: path ?? '', expected: 'YAML without aliases', remedy: (error as Error).message });
    }
  }
  if (remedies.length === 0) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) remedies.push(...remediesOf(issue));
  }
  throw new Fault('config', '', { remedies });
}

function read(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > sizeLimit) throw new Fault('config', `${path} is over 1 MiB.`);
    return bytes.toString('utf8');
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const remedy = `Make the file readable, or leave --config out: ${(cause as Error).message}`;
    throw new Fault('config', '', { cause, remedies: [{ path, expected: 'a readable file', remedy }] });
  }
}

function fill(
  value: unknown,
  path: (string | number)[],
  environment: Record<string, string | undefined>,
  remedies: Remedy[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = environment[name];
      if (found === undefined) {
        remedies.push({
          path: path.join('.'),
          expected: `the environment variable ${name}`,
          remedy: `Set ${name} or write the value.`,
        });
      }
      return found ?? '';
    });
  }
  if (Array.isArray(value)) return value.map((one, i) => fill(one, [...path, i], environment, remedies));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, fill(one, [...path, key], environment, remedies)]),
    );
  }
  return value;
}

function remediesOf(issue: z.core.$ZodIssue): Remedy[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      expected: 'a known setting',
      remedy: 'Remove it, or correct its name: `caltrop config show` lists all settings.',
    }));
  }
  return [{ path: path || '(the file)', expected: issue.message }];
}
