import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { normalName } from '../src/kit/domain-name.ts';
import { Fault } from '../src/kit/fault.ts';
import { canonicalIp } from '../src/kit/ip.ts';
import { ownedDomain, registeredDomain } from '../src/model/registered-domain.ts';
import { dayOf } from '../src/reputation/graph/places.ts';
import { openNameModel } from '../src/reputation/names/name-model.ts';
import { type Lead, leadOf } from '../src/reputation/track/lead.ts';
import { packageFolder } from '../src/version.ts';
import type { Eval } from './eval.ts';
import { readData, rounded } from './labelled.ts';
import { type UnseenNames, unseenNames } from './lead-names.ts';
import {
  groups,
  type Others,
  type Replayed,
  replay,
  type Threshold,
  type Trails,
  thresholds,
  weight,
} from './lead-replay.ts';

/** What a reader of the figures has to know: printed with them. */
const notShown = [
  'The data says when a name was listed, not when it led to its address: each name is taken to have led there from the first day on, after none of the bad ones there, so leads and shares are upper bounds.',
  'An analyst found many of these names because of their address: that others there are found is no surprise. See the figures without vt_ip_relation.',
  'Every name in the list was listed in the end. Of others the data holds few addresses: the queries of one network in 2018 (seen), at least one address of which stands in the reports that the list quotes, popular names without an address (popular), and popular names put at the addresses of names that were listed later (placed), of which the letters alone can tell them apart. How often a good name comes to such an address in the field nothing here says.',
  'The control, as many names picked by chance on the same days, tells what of the lead is only that the list is slow.',
  'Letters are left out, where the keys do not begin with letters_: the model of names that ships was taught with this list. With letters_, they are those of a model taught without any registered domain that was listed later and without half of the good names.',
  'The history of the list begins with its whole stock on one day: what was listed on it has no date of its own and is only what is known.',
];

/**
 * Replays a dated list in the order of time: on each day only what was listed by then is known, and each name that comes over a threshold
 * is held against the day on which the list had it.
 */
export const lead: Eval = {
  name: 'lead',
  summary:
    "how long before a dated list names would cross (an upper bound); --data PATH of maltrail's folder",
  async run({ data, full, say }) {
    const began = performance.now();
    const folder = folderOf(data);
    const trails = readTrails(folder);
    const shipped = openNameModel(readFileSync(packageFolder('models/names.model')));
    const root = dirname(folder);
    const whole = more.every((path) => existsSync(join(root, path)));
    if (!whole)
      say(
        `without ${more.join(', ')} beside it nothing is said of letters nor of names that were never listed`,
      );
    const unseen = whole ? unseenNames(root, trails.later) : null;
    if (unseen) say(`letters: learnt from ${unseen.learnt} names, none of them listed later`);
    const others: Others = { seen: whole ? seenNames(root) : new Map(), popular: unseen?.popular ?? [] };
    const metrics: Record<string, number | null> = {};
    for (const [letters, model] of lettersOf(unseen))
      for (const [edges, kinds] of [
        ['', ['vt_ip_relation', 'same_report']],
        ['without_vt_', ['same_report']],
      ] as const) {
        // What an analyst found by its address is left to a longer run here.
        if (letters !== '' && edges === '' && !full) continue;
        const prefix = `${letters}${edges}`;
        const told = replay(trails, kinds, others, model ?? shipped, model !== null);
        metrics[`${prefix}names`] = told.names;
        for (const group of groups) metrics[`${prefix}${group}_names`] = told.controls[group];
        for (const key of Object.keys(thresholds) as Threshold[]) figures(metrics, prefix, key, told);
        say(`${prefix || 'all edges'}: ${told.names} names that were listed later, ${told.days} days`);
      }
    for (const line of notShown) say(line);
    metrics.seconds = rounded((performance.now() - began) / 1_000, 1);
    const hash = createHash('sha256');
    for (const name of files) hash.update(readFileSync(join(folder, name)));
    return {
      metrics,
      params: { weight, thresholds, letters: unseen?.learnt ?? 0, does_not_show: notShown },
      input: {
        sha256: hash.digest('hex'),
        rows_in: trails.rows,
        rows_stored: trails.edges.length,
        rejected: 0,
      },
    };
  },
};

const lettersOf = (unseen: UnseenNames | null) =>
  unseen
    ? ([
        ['', null],
        ['letters_', unseen.model],
      ] as const)
    : ([['', null]] as const);

/** What else is needed of the data, for names that were never listed and for letters. */
const more = [
  'zed-sample/dns.log.gz',
  'opendns/top_10k.txt',
  'opendns/random_half.txt',
  'warninglists/warninglists.jsonl.gz',
];

/** Names that were asked for in the queries of one network, and their addresses (Zeek's columns). */
function seenNames(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let columns: string[] = [];
  for (const line of readData(root, more[0]!).lines) {
    if (line.startsWith('#fields')) columns = line.split('\t').slice(1);
    if (line.startsWith('#')) continue;
    const cells = line.split('\t');
    const name = normalName(cells[columns.indexOf('query')] ?? '');
    if (name === null || registeredDomain(name) === null) continue;
    const ips = (cells[columns.indexOf('answers')] ?? '')
      .split(',')
      .flatMap((text) => canonicalIp(text) ?? []);
    if (ips.length > 0) found.set(name, [...new Set([...(found.get(name) ?? []), ...ips])]);
  }
  return found;
}

const files = ['edges_domain_ip.tsv.gz', 'indicators.tsv.gz'];

function folderOf(data: string | undefined): string {
  const root = data ?? process.env.CALTROP_TEST_DATA ?? packageFolder('../shared/data');
  const folder = existsSync(join(root, 'maltrail')) ? join(root, 'maltrail') : root;
  for (const name of files)
    if (!existsSync(join(folder, name)))
      throw new Fault('usage', `${join(folder, name)} is not there: --data names the folder of maltrail.`);
  return folder;
}

/** Also the registered domains of which a name was listed after the first day. */
function readTrails(folder: string): Trails & { later: Set<string> } {
  const read = (name: string) =>
    gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .trimEnd()
      .split('\n')
      .slice(1);
  const edges: Trails['edges'] = [];
  const listed = new Map<string, number>();
  const list = (host: string, time: string) => {
    const day = dayOf(Date.parse(time));
    if (Number.isFinite(day)) listed.set(host, Math.min(day, listed.get(host) ?? day));
  };
  const lines = read('edges_domain_ip.tsv.gz');
  const hosts = new Set<string>();
  for (const line of lines) {
    const [domain = '', ip = '', , kind = '', , first = ''] = line.split('\t');
    const name = normalName(domain);
    if (name === null) continue;
    edges.push({ name, ip, kind });
    list(name, first);
    hosts.add(ip).add(ownedDomain(name) ?? name);
  }
  const days: [string, number][] = [];
  for (const line of read('indicators.tsv.gz')) {
    const [indicator = '', type = '', , , first = ''] = line.split('\t');
    const host = type === 'ip:port' ? indicator.replace(/:\d+$/, '') : indicator;
    if ((type === 'ip' || type === 'ip:port' || type === 'domain') && hosts.has(host)) list(host, first);
    const name = type === 'domain' ? normalName(host) : null;
    if (name !== null) days.push([registeredDomain(name) ?? name, dayOf(Date.parse(first))]);
  }
  const start = [...listed.values()].reduce((a, b) => Math.min(a, b));
  const later = new Set<string>();
  for (const [domain, day] of days) if (day > start) later.add(domain);
  for (const [host, day] of listed) if (day > start) later.add(registeredDomain(host) ?? host);
  return { edges, listed, start, later, rows: lines.length };
}

function figures(
  metrics: Record<string, number | null>,
  prefix: string,
  threshold: Threshold,
  told: Replayed,
): void {
  const { crossings, control, alarms } = told.found[threshold];
  const key = `${prefix}${threshold}`;
  const found: Lead = leadOf(crossings, told.end);
  const share = (count: number, of: number) => (of >= found.least ? rounded(count / of) : null);
  metrics[`${key}_crossed`] = found.crossed;
  metrics[`${key}_crossed_share`] = share(found.crossed, told.names);
  metrics[`${key}_lead_median_days`] = found.median;
  for (const days of [0, 1, 7])
    metrics[`${key}_lead_over_${days}`] = rounded(found.over?.find((one) => one.days === days)?.share);
  metrics[`${key}_control_median_days`] = leadOf(control, told.end).median;
  for (const group of groups) {
    metrics[`${key}_${group}_crossed`] = alarms[group];
    // A rate that fewer alarms set is none.
    metrics[`${key}_${group}_crossed_share`] =
      alarms[group] >= found.least ? share(alarms[group], told.controls[group]) : null;
  }
  // As many alarms over names drawn by chance from all of them, but those that were placed.
  const all = told.names + told.controls.seen + told.controls.popular;
  metrics[`${key}_random_share`] = share(found.crossed + alarms.seen + alarms.popular, all);
}
