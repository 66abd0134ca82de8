import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { caltrop, json } from '../../test/setup/commands.ts';
import { seeded } from '../kit/seeded.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A made world: names of both kinds look alike, and their hosts are as crowded, but most are among their like. */
const draw = seeded(6);
const word = () => Array.from({ length: 7 }, () => 'abcdefghijklmnop'[Math.floor(draw() * 16)]).join('');
const edges = ['domain\tip'];
const labels = ['name,label'];
const asked: { name: string; bad: boolean }[] = [];
for (let n = 0; n < 400; n++) {
  const bad = n % 2 === 0;
  const name = `${word()}.${n % 3 ? 'com' : 'net'}`;
  const elsewhere = draw() < 0.15;
  for (let k = 0; k < 2; k++)
    edges.push(`${name}\t${bad !== elsewhere ? '192.0.2' : '198.51.100'}.${Math.floor(draw() * 12)}`);
  if (n < 320) labels.push(`${name},${bad ? 'malicious' : 'benign'}`);
  else asked.push({ name, bad });
}
const write = (name: string, lines: readonly string[]) => {
  const file = join(folder, name);
  const text = `${lines.join('\n')}\n`;
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
};
const graph = write('edges.tsv.gz', edges);
const taught = write('labels.csv', [...labels, 'strange.example,perhaps']);
const names = write(
  'names.txt',
  asked.map(({ name }) => name),
);

it('teaches a model that scores as the labels themselves do, and the same files give the same bytes', async () => {
  const [first, second] = [join(folder, 'first.model'), join(folder, 'second.model')];
  const ran = await caltrop(
    ...['domains', 'train', '--graph', graph, '--labels', taught, '--out', first, '--json'],
  );
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  const [told] = json(ran) as { bad: number; good: number; held_out: Record<string, number | null> }[];
  expect(told).toMatchObject({ model: first, bad: 160, good: 160, names: 400, bytes: expect.any(Number) });
  expect(told).toMatchObject({ refused: { 'a seed is a name and a label: malicious or benign': 1 } });
  expect(told!.held_out.auc).toBeGreaterThan(0.75);
  // 160 good names set no rate of one in a hundred.
  expect(told!.held_out.tpr_at_1pct).toBeNull();
  const shuffled = write('shuffled.csv', [...labels].reverse());
  const again = await caltrop('domains', 'train', '--graph', graph, '--labels', shuffled, '--out', second);
  expect(again.out).toMatch(/taught with 160 bad and 160 good names among 400, and \d+ edges/);
  expect(readFileSync(second).equals(readFileSync(first))).toBe(true);

  const score = ['domains', 'score', '--edges', graph, '--names', names, '--json'];
  const byModel = json(await caltrop(...score, '--model', first)) as { name: string; score: number }[];
  const byLabels = json(await caltrop(...score, '--seeds', taught));
  expect(byModel).toEqual(byLabels);
  expect(byModel.map(({ name }) => name)).toEqual(asked.map(({ name }) => name));
  const right = asked.filter(({ bad }, n) => byModel[n]!.score > 50 === bad).length;
  expect(right / asked.length).toBeGreaterThan(0.7);

  // What is labelled besides is heard: an address of which the model knew nothing.
  const strangers = Array.from({ length: 30 }, () => `${word()}.com`);
  const fresh = [...edges, ...strangers.flatMap((name) => [`${name}\t203.0.113.7`, `${name}\t203.0.113.8`])];
  const [target, ...others] = strangers;
  const more = write('more.tsv', fresh);
  const one = write('one.txt', [target!]);
  const scoredWith = async (label: string) => {
    const seeds = write(
      `${label}.tsv`,
      others.map((name) => `${name}\t${label}`),
    );
    const ran = await caltrop(
      ...['domains', 'score', '--edges', more, '--names', one, '--json', '--model', first, '--seeds', seeds],
    );
    return (json(ran)[0] as { score: number }).score;
  };
  expect(await scoredWith('malicious')).toBeGreaterThan(await scoredWith('benign'));

  const damaged = readFileSync(first);
  damaged[damaged.length >> 1]! ^= 1;
  writeFileSync(second, damaged);
  const refused = await caltrop(...score, '--model', second);
  expect(refused.code).toBe(64);
  expect(refused.out).toContain('its checksum does not fit its bytes');
}, 240_000);

it('says all that is wrong at once, with the place and the remedy, and writes nothing', async () => {
  const few = write('few.csv', ['a.example,bad']);
  const nowhere = join(folder, 'none/at/all.model');
  const args = ['domains', 'train', '--graph', join(folder, 'none.tsv'), '--labels', few, '--out', nowhere];
  const ran = await caltrop(...args, '--json');
  expect(ran.code).toBe(64);
  const [{ remedies }] = json(ran) as [{ remedies: { path: string; remedy: string }[] }];
  expect(remedies.map(({ path }) => path)).toEqual([
    `--graph ${join(folder, 'none.tsv')}`,
    `--labels ${few}`,
    `--labels ${few}`,
    `--out ${nowhere}`,
  ]);
  for (const { remedy } of remedies) expect(remedy).not.toBe('');
  expect(remedies[1]!.remedy).toContain('Label 49 more');
  expect((await caltrop(...args)).err).toContain('Make the folder, or name another');
  expect(existsSync(nowhere)).toBe(false);

  const bare = await caltrop('domains', 'train');
  expect(bare.code).toBe(64);
  expect(bare.err).toContain('--graph');
  expect(bare.err).toContain('--labels');
  const empty = write('empty.tsv', ['# nothing']);
  const target = ['--labels', taught, '--out', join(folder, 'x.model')];
  const none = await caltrop('domains', 'train', '--graph', empty, ...target);
  expect(none.err).toContain('expected an edge at least');
  const toFolder = await caltrop('domains', 'train', '--graph', graph, '--labels', taught, '--out', folder);
  expect(toFolder.err).toContain('It is a folder');
  expect(existsSync(join(folder, 'x.model'))).toBe(false);
});
