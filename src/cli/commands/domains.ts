import { normalName } from '../../kit/domain-name.ts';
import { Fault } from '../../kit/fault.ts';
import { printable } from '../../kit/printable.ts';
import type { Askers } from '../../pipeline/domains/askers.ts';
import type { Ranked, Shown } from '../../pipeline/domains/domains.ts';
import { exportDefaults, nameExports, selectNames } from '../../reputation/exports/index.ts';
import type { AskedBy } from '../../reputation/rank/asked-by.ts';
import type { Lead } from '../../reputation/track/lead.ts';
import { type Context, defineCommand } from '../command.ts';
import { hostWords } from '../host-words.ts';
import { scoreDomains, trainDomains } from '../learn-domains.ts';
import { whole } from '../number.ts';

/** Days of a name's past that `show` tells: the latest. */
const historyShown = 30;

export const domains = defineCommand({
  name: 'domains',
  usage:
    'rank | new | show NAME | clients GROUP | lead | export --format FORM | train --graph FILE --labels FILE | score --edges FILE --names FILE (--model FILE | --seeds FILE)',
  summary: 'Names that were looked up, the worst first, and why; or those of files.',
  options: {
    limit: { type: 'string', value: 'N', summary: 'at most so many (default 50)' },
    match: { type: 'string', value: 'TEXT', summary: 'only with this in the name' },
    days: { type: 'string', value: 'N', summary: 'new: within so many days (default 1)' },
    format: {
      type: 'string',
      value: 'FORM',
      summary: `export: ${nameExports.map(({ name }) => name).join(', ')}`,
    },
    confidence: {
      type: 'string',
      value: 'P',
      summary: 'export: names of at least this confidence (default 0.9)',
    },
    allow: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      summary: 'export: never this name, nor what is under it',
    },
    edges: {
      type: 'string',
      value: 'FILE',
      summary: 'score: name, tab, address or name; one a line; gz works',
    },
    seeds: { type: 'string', value: 'FILE', summary: 'score: name, tab, malicious or benign; one a line' },
    names: { type: 'string', value: 'FILE', summary: 'score: names, one a line' },
    model: { type: 'string', value: 'FILE', summary: 'score: by what train wrote, seeds or none besides' },
    threads: { type: 'string', value: 'N', summary: 'score: by so many threads (default: one a processor)' },
    graph: { type: 'string', value: 'FILE', summary: 'train: edges, as for score' },
    labels: {
      type: 'string',
      value: 'FILE',
      summary: 'train: name, comma or tab, malicious or benign; one a line',
    },
    out: { type: 'string', value: 'FILE', summary: 'train: where the model goes (default graph.model)' },
  },
  async run(context) {
    const [verb] = context.args;
    if (verb === 'score') return scoreDomains(context);
    if (verb === 'train') return trainDomains(context);
    if (verb === 'rank' || verb === 'new') return rank(context, verb === 'new');
    if (verb === 'show') return show(context);
    if (verb === 'clients') return clients(context);
    if (verb === 'lead') return lead(context);
    if (verb === 'export') return exportNames(context);
    throw new Fault('usage', 'Say what: domains rank, new, show, clients, lead, export, train or score.');
  },
});

async function rank({ options, client, out }: Context, fresh: boolean): Promise<number> {
  const search = new URLSearchParams({ limit: String(whole('--limit', options.limit ?? 50)) });
  if (options.match) search.set('match', String(options.match));
  if (fresh) search.set('new', String(whole('--days', options.days ?? 1)));
  const api = await client();
  out.table(
    await api.ask<Ranked[]>('GET', `/api/v1/domains?${search}`),
    [
      ['SCORE', ({ score: value }) => value.toFixed(1)],
      ['CLASS', ({ class: kind }) => kind],
      ['NAME', ({ name }) => name],
      ['SINCE', ({ since }) => (since === null ? '' : dayText(since))],
    ],
    fresh ? 'No name came to the threshold.' : 'Nobody was seen to look up a name.',
  );
  return 0;
}

async function show({ args, client, out }: Context): Promise<number> {
  const name = args[1];
  if (name === undefined) throw new Fault('usage', 'Say which: domains show NAME.');
  const api = await client();
  const one = await api.ask<Shown & { askers: Askers | null }>(
    'GET',
    `/api/v1/domains/${encodeURIComponent(name)}`,
  );
  out.item(one, () => [
    `${printable(one.name, 253)}: ${one.score.toFixed(1)} of 100, ${one.class}`,
    `seen from ${dayText(one.firstDay)} to ${dayText(one.lastDay)}`,
    ...(one.family === null
      ? []
      : [`belongs to ${printable(one.family, 128)}, as most of what is known tells`]),
    ...(one.host ? [`on ${hostWords[one.host.kind]} ${printable(one.host.who, 256)}`] : []),
    ...(one.since === null ? [] : [`at the threshold since ${dayText(one.since)}`]),
    ...(one.listed ? [`on the list ${printable(one.listed.feed, 64)} since ${dayText(one.listed.day)}`] : []),
    '',
    `${points(one.base)}  of every name, before anything is known of it`,
    ...one.reasons.map(({ points: some, says }) => `${points(some)}  ${printable(says, 160)}`),
    ...(one.paths.length > 0 ? ['', 'what is known, and how it leads here:'] : []),
    ...one.paths.map(
      ({ steps, says }) =>
        `  ${steps.map((step) => printable(step, 80)).join(' → ')} (${printable(says, 120)})`,
    ),
    ...(one.without
      ? ['', `without ${printable(one.without.what, 80)} it would be ${one.without.score.toFixed(1)}`]
      : []),
    ...(one.askers ? ['', ...whoAsked(one.askers)] : []),
    ...(one.history.length > 0 ? ['', 'where it stood:'] : []),
    ...one.history
      .slice(-historyShown)
      .map(
        ({ day, score: value, class: kind }) => `  ${dayText(day)}  ${value.toFixed(1).padStart(5)}  ${kind}`,
      ),
  ]);
  return 0;
}

function whoAsked({
  least,
  clients,
  asked,
  firstDay,
  lastDay,
  groups,
  fewer,
  untold,
  over,
  days,
}: Askers): string[] {
  const lines: string[] = [];
  if (clients > 0 && firstDay !== null && lastDay !== null)
    lines.push(
      `${over ? 'at least ' : ''}${clients} clients asked for it ${asked} times from ${dayText(firstDay)} to ${dayText(lastDay)}${
        fewer ? `, and fewer than ${least} others` : ''
      }`,
    );
  else if (fewer) lines.push(`fewer than ${least} clients asked for it`);
  for (const one of groups)
    lines.push(
      `  network ${one.group}: ${one.clients} clients, ${one.asked} times from ${dayText(one.firstDay)} to ${dayText(one.lastDay)}`,
    );
  if (groups.length > 0) lines.push('what else one of them asked for: caltrop domains clients NETWORK');
  if (untold > 0) lines.push(`of ${untold} questions the logs do not tell who asked`);
  return lines.length > 0 ? lines : [`nobody was seen to ask for it within ${days} days`];
}

/** What a group of clients asked for. */
async function clients({ args, client, out }: Context): Promise<number> {
  const group = args[1];
  if (group === undefined)
    throw new Fault('usage', 'Say which: domains clients GROUP, as domains show tells it.');
  const api = await client();
  const one = await api.ask<AskedBy & { least: number }>(
    'GET',
    `/api/v1/domain-clients/${encodeURIComponent(group)}`,
  );
  out.item(one, () => [
    `network ${one.group}: of its clients at least ${one.least} asked on one day for each of`,
    ...one.names.map(
      ({ name, score: value, class: kind, firstDay, lastDay }) =>
        `  ${value.toFixed(1).padStart(5)}  ${kind.padEnd(10)}  ${printable(name, 253)}  ${dayText(firstDay)} to ${dayText(lastDay)}`,
    ),
    ...(one.more > 0 ? [`  and ${one.more} more`] : []),
  ]);
  return 0;
}

/** How long before lists names came to the threshold. */
async function lead({ client, out }: Context): Promise<number> {
  const api = await client();
  const one = await api.ask<Lead>('GET', '/api/v1/domain-lead');
  const few = (count: number, what: string) =>
    `no figure of ${count} ${what}: at least ${one.least} are needed to say anything of the others`;
  out.item(one, () => [
    `${one.crossed} names came to the threshold and were in no list then; ${one.listed} are in one now, ${one.waiting} are in none`,
    ...(one.before > 0 ? [`of ${one.before} the list says itself that it had them before`] : []),
    one.listedShare === null
      ? few(one.crossed, 'names that crossed')
      : `listed later: ${percent(one.listedShare)}`,
    ...(one.median === null || one.over === null
      ? [few(one.listed, 'names that are listed')]
      : [
          `of those listed: lead ${one.median} days (median); ${one.over
            .map(({ days, share }) => `${percent(share)} over ${days}`)
            .join(', ')} days`,
        ]),
    ...(one.untilListed === null
      ? []
      : [
          `those that wait counted as waiting (Kaplan-Meier): half are listed ${
            one.untilListed.median === null
              ? 'not within what was watched'
              : `within ${one.untilListed.median} days`
          }${one.untilListed.within.map(({ days, share }) => `; ${percent(share)} within ${days}`).join('')}`,
        ]),
  ]);
  return 0;
}
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The confident ones, as resolvers and firewalls take them. */
async function exportNames({ options, client, out }: Context): Promise<number> {
  const form = nameExports.find(({ name }) => name === options.format);
  if (!form)
    throw new Fault('usage', `--format is one of ${nameExports.map(({ name }) => name).join(', ')}.`);
  const confidence = Number(options.confidence ?? 0.9);
  if (!(confidence >= 0 && confidence <= 1)) throw new Fault('usage', '--confidence is from 0 to 1.');
  const allowed = [options.allow ?? []].flat().map((text) => {
    const name = normalName(String(text));
    if (name === null) throw new Fault('usage', `--allow ${printable(String(text), 80)} is no domain name.`);
    return name;
  });
  const api = await client();
  const rows = await api.ask<Ranked[]>('GET', '/api/v1/domains?limit=100000');
  const how = { ...exportDefaults, time: Date.now() };
  const chosen = selectNames(
    rows.map((row) => ({ ...row, confidence: Math.abs(row.score / 50 - 1) })),
    { confidence, allowed },
  );
  const { names, left } = form.fit?.(chosen, how) ?? chosen;
  out.item({ format: form.name, names, left: left.filter(({ why }) => why !== notMalicious) }, () =>
    [...form.write(names, how)].flatMap((piece) => piece.replace(/\n$/, '').split('\n')),
  );
  const reasons = new Map<string, number>();
  for (const { why } of left) if (why !== notMalicious) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  const said = [...reasons].map(([why, count]) => `; ${count} ${why}`).join('');
  out.note(`${names.length} names exported${said}`);
  return 0;
}
const notMalicious = 'not of the class Malicious';

const points = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`.padStart(7);
const dayText = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
