import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const all = files('src');
const source = all.filter(
  (path) => !path.endsWith('.test.ts') && !/\/(fixture|event-fixture)\.ts$/.test(path),
);

/** What each folder may see besides itself. `*` sees all: they wire the stages together. */
const sees: Record<string, string[]> = {
  model: ['kit'],
  kit: [],
  sensor: ['model', 'kit'],
  intake: ['model', 'kit', 'lake'],
  lake: ['model', 'kit'],
  state: ['model', 'kit'],
  analysis: ['model', 'kit'],
  intel: ['model', 'kit'],
  // The bus: a partitioned propagation exchanges beliefs between hosts, pass by pass, which no other stage has a part in.
  reputation: ['model', 'kit', 'bus'],
  decision: ['model', 'kit'],
  enforcement: ['model', 'kit'],
  findings: ['model', 'kit'],
  fleet: ['model', 'kit'],
  bus: ['kit'],
  pipeline: ['*'],
  server: ['*'],
  cli: ['*'],
};

const importPattern = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

test('stages import only what the architecture lets them see', () => {
  const wrong: string[] = [];
  for (const path of source) {
    const [, stage = ''] = path.split('/');
    const allowed = sees[stage];
    // Files right under src/ wire the stages.
    if (stage.endsWith('.ts')) continue;
    expect(allowed, `src/${stage} is not in the plan`).toBeDefined();
    for (const [, target = ''] of readFileSync(join(root, path), 'utf8').matchAll(importPattern)) {
      const other = relative(join(root, 'src'), join(root, path, '..', target)).split('/')[0]!;
      if (other === stage || allowed!.includes(other) || allowed!.includes('*')) continue;
      wrong.push(`${path} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** How a plugin is told in each of these folders; its parts lie beside it, and are covered by its test. */
const plugins: Record<string, RegExp> = {
  'src/sensor/emulators': /defineEmulator\(/,
  'src/sensor/personas': /= defineKind\(/,
  'src/intake/readers': /defineReader\(/,
  'src/analysis/detectors': /defineDetector\(/,
  'src/enforcement/enforcers': /defineEnforcer\(/,
  'src/intel/feeds/formats': /defineFormat\(/,
  'src/cli/commands': /defineCommand\(/,
};

test.each(Object.entries(plugins))(
  'every plugin of %s has a test beside it and its line in the list',
  (folder, pattern) => {
    const made = source.filter(
      (path) => path.startsWith(`${folder}/`) && pattern.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(made.length).toBeGreaterThan(0);
    expect(made.filter((path) => !all.includes(path.replace(/\.ts$/, '.test.ts')))).toEqual([]);
    const list = readFileSync(join(root, folder, 'index.ts'), 'utf8');
    expect(made.filter((path) => !list.includes(`'./${relative(folder, path)}'`))).toEqual([]);
  },
);

test.each(['rules', 'behaviours'])('everything in %s has a replay beside it', (folder) => {
  const names = readdirSync(join(root, folder));
  const rules = names.filter((name) => name.endsWith('.yaml'));
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter((name) => !names.includes(name.replace('.yaml', '.replay.jsonl')))).toEqual([]);
});

test('what faces attackers runs nothing and dials nobody', () => {
  const wrong = source
    .filter((path) => path.startsWith('src/sensor/') && !/\/(supervise|isolation)\.ts$/.test(path))
    .filter((path) =>
      /node:child_process|node:vm|node:worker_threads|\beval\(|new Function|\bconnect\(\{|createConnection/.test(
        readFileSync(join(root, path), 'utf8'),
      ),
    );
  expect(wrong).toEqual([]);
});

test('files stay small: over 300 lines only with a reason in the first line, none over 500', () => {
  const long = source
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .map(({ path, text }) => ({
      path,
      lines: text.trimEnd().split('\n').length,
      reason: text.startsWith('//'),
    }))
    .filter(({ lines, reason }) => lines > 500 || (lines > 300 && !reason));
  expect(long).toEqual([]);
});

test('the sensor needs no database package', () => {
  const allowed = /^(node:|zod|yaml|\.)/;
  const wrong = source
    .filter((path) => path.startsWith('src/sensor/') || path.startsWith('src/kit/'))
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/from '([^']+)'/g)].map(
        ([, name]) => `${path}: ${name}`,
      ),
    )
    .filter((line) => !allowed.test(line.split(': ')[1]!));
  expect(wrong).toEqual([]);
});

test('each stage tells what goes in and out', () => {
  const stages = Object.keys(sees).filter((stage) => statSync(join(root, 'src', stage)).isDirectory());
  const missing = stages.filter((stage) => !readdirSync(join(root, 'src', stage)).includes('README.md'));
  expect(missing).toEqual([]);
});
