import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { Fault, type Remedy } from '../../kit/fault.ts';
import { type Behaviour, behaviourSchema, type Technique, techniquesSchema } from './behaviour-schema.ts';

const fileLimit = 256 * 1_024;
const filesLimit = 1_000;

/** What sessions are known by. */
export interface Library {
  behaviours: readonly Behaviour[];
  techniques: readonly Technique[];
}

/** The behaviours of folders (`<name>.yaml`) and the techniques of the first one (`attack/techniques.yaml`). Throws a `Fault` that names all that is wrong. */
export function loadLibrary(folders: readonly string[]): Library {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => join(folder, file)),
  );
  const table = join(folders[0]!, 'attack', 'techniques.yaml');
  const read = (path: string) => ({
    path,
    text: statSync(path).size > fileLimit ? '' : readFileSync(path, 'utf8'),
  });
  return compileLibrary(files.slice(0, filesLimit).map(read), read(table));
}

/** The same from texts. */
export function compileLibrary(
  files: readonly { path: string; text: string }[],
  table: { path: string; text: string },
): Library {
  const remedies: Remedy[] = [];
  const behaviours: Behaviour[] = [];
  for (const file of files) {
    const behaviour = parse(file, behaviourSchema, remedies);
    if (behaviour === undefined) continue;
    if (behaviours.some(({ name }) => name === behaviour.name))
      remedies.push({ path: `${file.path}: name`, expected: 'a name that no other file has' });
    behaviours.push(behaviour);
  }
  const techniques = parse(table, techniquesSchema, remedies) ?? [];
  if (remedies.length > 0) throw new Fault('config', 'Behaviours cannot be read.', { remedies });
  return { behaviours, techniques };
}

function parse<T extends z.ZodType>(
  { path, text }: { path: string; text: string },
  schema: T,
  remedies: Remedy[],
): z.infer<T> | undefined {
  if (text === '') {
    remedies.push({ path, expected: `from 1 to ${fileLimit} bytes` });
    return undefined;
  }
  const document = parseDocument(text, { uniqueKeys: true });
  for (const { message } of document.errors)
    remedies.push({ path, expected: 'YAML', remedy: message.split('\n')[0]! });
  if (document.errors.length > 0) return undefined;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    remedies.push({ path, expected: 'YAML without aliases', remedy: 'Write the value out in each place.' });
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    remedies.push({ path: `${path}: ${issue.path.join('.')}`, expected: issue.message });
  return undefined;
}
