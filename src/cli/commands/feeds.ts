import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { openFeeds } from '../../pipeline/feeds.ts';
import { defineCommand } from '../command.ts';
import { at } from '../output.ts';

const hour = 3_600_000;

/** Reads the feeds' own folder: so it does the same on a system that runs and on one that does not. */
export const feeds = defineCommand({
  name: 'feeds',
  usage: '[list | fetch [NAME…] [--accept] | doubts]',
  summary:
    'Lists of names and addresses that others hold to be bad: how old, how large, how far to be believed.',
  options: {
    accept: {
      type: 'boolean',
      summary: 'fetch: take it over although it changed much: you have looked at it',
    },
  },
  async run({ args, options, configPath, data, out, client }) {
    const [verb = 'list', ...names] = args;
    const config = readConfig(configSchema, configPath, process.env).feeds;
    const now = Date.now();
    const feeds = openFeeds({ config, data, now: () => now });
    if (verb === 'list') {
      out.table(
        feeds.list().map((one) => ({ ...one, ageMs: one.taken === null ? null : now - one.taken })),
        [
          ['NAME', ({ name }) => name],
          ['TAKEN (UTC)', ({ taken }) => at(taken)],
          ['AGE', ({ ageMs }) => (ageMs === null ? '-' : `${Math.floor(ageMs / hour)} h`)],
          ['ENTRIES', ({ entries }) => entries],
          ['RELIABILITY', ({ reliability }) => (reliability ? reliability.weight.toFixed(2) : '-')],
          ['MET', ({ reliability }) => reliability?.confirmed ?? '-'],
          ['DOUBTED', ({ reliability }) => reliability?.refuted ?? '-'],
          ['FROM', ({ source }) => source],
          ['LAST PROBLEM', ({ problem }) => (problem ? `${at(problem.time)}: ${problem.says}` : '')],
        ],
        'No feeds: name some under feeds.lists in the configuration.',
      );
      return 0;
    }
    if (verb === 'fetch') {
      const asked = names.length > 0 ? names : feeds.list().map(({ name }) => name);
      const states = await feeds.refresh({ names: asked, accept: options.accept === true });
      for (const { name, entries, problem } of states)
        out.item({ name, entries, problem }, () =>
          problem ? `${name} was not taken over: ${problem.says}.` : `${name}: ${entries} entries.`,
        );
      return states.some(({ problem }) => problem) ? 1 : 0;
    }
    if (verb !== 'doubts') throw new Fault('usage', 'Say list, fetch or doubts.');
    const removed: { feed: string; type: string; value: string; why: string }[] = [];
    let more = 0;
    const api = await client();
    const neverBlock = (await api.ask<{ block: string; level: string }[]>('GET', '/api/v1/never-block'))
      .filter(({ level }) => level === 'hard')
      .map(({ block }) => block);
    const sifted = openFeeds({ config, data, now: () => now, neverBlock });
    for (const _ of sifted.believed(({ feed, entry: { type, value }, why }) => {
      if (removed.length < doubtLimit) removed.push({ feed, type, value, why });
      else more++;
    }));
    out.table(
      removed,
      [
        ['FEED', ({ feed }) => feed],
        ['TYPE', ({ type }) => type],
        ['VALUE', ({ value }) => value],
        ['WHY', ({ why }) => why],
      ],
      'No entry is likely a mistake.',
    );
    if (more > 0) out.note(`${more} more are not shown.`);
    return 0;
  },
});

/** Entries that `doubts` shows. */
const doubtLimit = 10_000;
