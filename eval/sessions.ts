import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Classified,
  createClassifier,
  createSessionStream,
  loadLibrary,
} from '../src/analysis/sessions/index.ts';
import { bytesOf, readEvents, readerNamed } from '../src/cli/classify-events.ts';
import { Fault } from '../src/kit/fault.ts';
import { packageFolder } from '../src/version.ts';
import type { Eval } from './eval.ts';
import { makeLog } from './sessions-made.ts';

/** What stands in a label file for a session that nothing should be said of. */
const none = new Set(['', '-', 'none', 'benign', 'unknown', 'unclassified', 'unlabelled', 'unlabeled', '0']);
/** Sessions that are shown where they went wrong. */
const shownLimit = 20;

interface Source {
  name: string;
  bytes: AsyncIterable<Buffer>;
  format: string | undefined;
}

/** Labels of whole sessions, against the true ones: of variants that are made here, or of a Cowrie log with a label file. */
export const sessions: Eval = {
  name: 'sessions',
  summary: 'labels of sessions: variants of each behaviour, or --data a log with a TSV of session and label',
  async run({ data, full, say }) {
    const { sources, labels, seed } = data === undefined ? made(full) : await given(data);
    const classifier = createClassifier(loadLibrary([packageFolder('behaviours')]));
    const told = new Map<string, Classified>();
    const stream = createSessionStream(classifier, (session) => {
      if (labels.has(session.session)) told.set(session.session, session);
    });
    const hash = createHash('sha256');
    let rows = 0;
    let rejected = 0;
    const began = performance.now();
    for (const { name, bytes, format } of sources) {
      const hashed = (async function* () {
        for await (const chunk of bytes) {
          hash.update(chunk);
          yield chunk;
        }
      })();
      const counts = await readEvents(name, hashed, readerNamed(format), Date.now(), stream.push);
      rows += counts.lines;
      rejected += counts.rejected;
    }
    stream.end();
    const seconds = (performance.now() - began) / 1_000;
    const { metrics, byLabel, wrong } = score(labels, told);
    for (const line of wrong.slice(0, shownLimit)) say(line);
    for (const [label, { of, found }] of Object.entries(byLabel)) say(`${label}: ${found} of ${of}`);
    return {
      metrics: { ...metrics, seconds: Math.round(seconds * 10) / 10 },
      params: { full, seed, sessions: labels.size, by_label: byLabel },
      input: { sha256: hash.digest('hex'), rows_in: rows, rows_stored: rows - rejected, rejected },
    };
  },
};

/** Recall: true labels that are told. Precision: told labels that are true. Forced: unlabelled sessions that were given a label. */
function score(labels: ReadonlyMap<string, string>, told: ReadonlyMap<string, Classified>) {
  const byLabel: Record<string, { of: number; found: number; recall: number }> = {};
  const wrong: string[] = [];
  const count = { true: 0, found: 0, given: 0, right: 0, none: 0, forced: 0 };
  const kinds: Record<string, number> = {};
  for (const [session, text] of labels) {
    const one = told.get(session);
    const wanted = text
      .split(/[,; ]+/)
      .map((label) => label.toUpperCase())
      .filter((label) => !none.has(label.toLowerCase()));
    const given = one?.labels ?? [];
    const says = () =>
      `${session}: ${wanted.join(' ') || '-'} told as ${given.join(' ') || '-'} (${one?.behaviours.map(({ name }) => name).join(' ') ?? 'not there'})`;
    if (one) kinds[one.actorKind] = (kinds[one.actorKind] ?? 0) + 1;
    count.given += given.length;
    count.right += given.filter((label) => wanted.includes(label)).length;
    if (given.some((label) => !wanted.includes(label)) || wanted.some((label) => !given.includes(label)))
      wrong.push(says());
    if (wanted.length === 0) {
      count.none++;
      if (given.length > 0) count.forced++;
    }
    for (const label of wanted) {
      byLabel[label] ??= { of: 0, found: 0, recall: 0 };
      const of = byLabel[label];
      of.of++;
      count.true++;
      if (!given.includes(label)) continue;
      of.found++;
      count.found++;
    }
  }
  for (const of of Object.values(byLabel)) of.recall = share(of.found, of.of) ?? 0;
  const bar = ['S1', 'S2', 'T1', 'A1', 'R1', 'W1'].flatMap((label) => byLabel[label]?.recall ?? []);
  return {
    metrics: {
      recall: share(count.found, count.true),
      precision: share(count.right, count.given),
      forced_share: share(count.forced, count.none),
      recall_least_of_six: bar.length > 0 ? Math.min(...bar) : null,
    },
    byLabel: Object.fromEntries(Object.entries(byLabel).sort(([a], [b]) => (a < b ? -1 : 1))),
    wrong,
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

function made(full: boolean): { sources: Source[]; labels: Map<string, string>; seed: number } {
  const seed = 20_260_401;
  const { cowrie, events, labels } = makeLog(full ? 200_000 : 20_000, seed);
  const whole = async function* (text: string) {
    yield Buffer.from(text);
  };
  return {
    sources: [
      { name: 'made-cowrie.json', bytes: whole(cowrie), format: 'cowrie' },
      { name: 'made-events.jsonl', bytes: whole(events), format: 'caltrop' },
    ],
    labels,
    seed,
  };
}

/** A log and its label file: a folder that holds both, or a log with `.tsv` beside it. */
async function given(path: string): Promise<{ sources: Source[]; labels: Map<string, string>; seed: null }> {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const names = folder
    ? readdirSync(path)
        .sort()
        .map((name) => join(path, name))
    : [path];
  const logs = names.filter((name) => /\.(?:jsonl?|log)(?:\.\d+)?(?:\.gz)?$/.test(name));
  const tables = folder
    ? names.filter((name) => name.endsWith('.tsv'))
    : [`${path}.tsv`, path.replace(/\.\w+(?:\.gz)?$/, '.tsv')].filter((name) => existsSync(name)).slice(0, 1);
  if (logs.length === 0 || tables.length === 0)
    throw new Fault('not-found', `${path} has no log (.json, .jsonl) with a label file (.tsv).`);
  const labels = new Map<string, string>();
  for (const table of tables)
    for (const line of readFileSync(table, 'utf8').split(/\r?\n/)) {
      const [session = '', label = ''] = line.split('\t');
      if (session === '' || session === 'session' || session.startsWith('#')) continue;
      const before = labels.get(session);
      labels.set(session, before === undefined ? label.trim() : `${before},${label.trim()}`);
    }
  return {
    sources: logs.map((name) => ({ name, bytes: bytesOf(name), format: undefined })),
    labels,
    seed: null,
  };
}
