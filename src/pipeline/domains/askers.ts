import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { writeAtomic } from '../../kit/atomic-file.ts';
import type { Lake } from '../../lake/index.ts';
import { groupOf } from '../../reputation/graph/client-groups.ts';
import { dayOf, networkOf } from '../../reputation/graph/places.ts';

const limits = {
  /** How far back it is looked, in milliseconds of event time. */
  windowMs: 90 * 86_400_000,
  /** Clients that are looked at, groups that are told, and how long the lake may take, in milliseconds. */
  clients: 50_000,
  groups: 20,
  timeout: 20_000,
};

/** Clients of one network, /24 or /48, that asked for a name: at least as many as may be told of. */
export interface AskerGroup {
  /** The same network is the same text, for whatever name; which network it is cannot be told from it. */
  group: string;
  clients: number;
  asked: number;
  firstDay: number;
  lastDay: number;
}

/** Who asked for a name, as far as it may be told. Days are counted since the epoch, and nothing is finer than a day. */
export interface Askers {
  /** Clients below this number are never told apart, nor counted. */
  least: number;
  /** Days of event time that were looked at. */
  days: number;
  /** Clients that are told of in all, in groups and beside them, and their questions. */
  clients: number;
  asked: number;
  /** Null where none is told of. */
  firstDay: number | null;
  lastDay: number | null;
  groups: AskerGroup[];
  /** There were others, too few to be told of. */
  fewer: boolean;
  /** Questions of which the log does not tell who asked. */
  untold: number;
  /** More clients than are looked at. */
  over: boolean;
}

/** One client's questions, as the lake counts them. Times are in milliseconds since the epoch. */
export interface Asker {
  ip: string;
  asked: number;
  first: number;
  last: number;
}

/**
 * The secret by which networks are hidden: drawn once and kept in a file that only its owner reads. Where two threads draw one at once,
 * both have the one that was there first.
 */
export function askersKey(path: string): Buffer {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const drawn = `${path}.${threadId}.new`;
    writeAtomic(drawn, randomBytes(32).toString('hex'));
    try {
      linkSync(drawn, path);
    } catch (cause) {
      if (!existsSync(path)) throw cause;
    } finally {
      rmSync(drawn, { force: true });
    }
  }
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
}

/** Who asked for a normal name, by what the lake holds. */
export async function askersOf(
  lake: Lake,
  name: string,
  { key, least, now }: { key: Buffer; least: number; now: number },
): Promise<Askers> {
  const found: Asker[] = [];
  let untold = 0;
  const params = { name, field: `"name":"${name}"`, since: now - limits.windowMs, limit: limits.clients + 1 };
  for await (const row of lake.rows({ sql: askersSql, params, timeout: limits.timeout })) {
    const ip = String(row.ip).replace(/^::ffff:(?=\d+\.)/, '');
    const asked = Number(row.asked);
    if (ip === '0.0.0.0' || ip === '::') untold += asked;
    else found.push({ ip, asked, first: Number(row.first_ms), last: Number(row.last_ms) });
  }
  const over = found.length > limits.clients;
  return { ...told(found, { key, least }), untold, over, days: limits.windowMs / 86_400_000 };
}

/**
 * What may be told of clients: networks with at least `least` of them, and the others together where they are as many. What is too few
 * is in no number either, or it would be what is missing between two.
 */
export function told(
  found: readonly Asker[],
  { key, least }: { key: Buffer; least: number },
): Omit<Askers, 'untold' | 'over' | 'days'> {
  const byNetwork = new Map<string, Asker[]>();
  for (const one of found) {
    const network = networkOf(one.ip);
    const others = byNetwork.get(network);
    if (others) others.push(one);
    else byNetwork.set(network, [one]);
  }
  const wide: [string, Asker[]][] = [];
  const rest: Asker[] = [];
  for (const [network, clients] of byNetwork)
    if (clients.length >= least) wide.push([network, clients]);
    else rest.push(...clients);
  const groups = wide
    .map(
      ([network, clients]): AskerGroup => ({
        ...{ group: groupOf(key, network), clients: clients.length },
        ...sum(clients),
      }),
    )
    .sort((a, b) => b.clients - a.clients || b.asked - a.asked || (a.group < b.group ? -1 : 1));
  const counted = [...wide.flatMap(([, clients]) => clients), ...(rest.length >= least ? rest : [])];
  return {
    ...{ least, clients: counted.length, groups: groups.slice(0, limits.groups) },
    ...(counted.length > 0 ? sum(counted) : { asked: 0, firstDay: null, lastDay: null }),
    fewer: rest.length > 0 && rest.length < least,
  };
}

function sum(clients: readonly Asker[]): { asked: number; firstDay: number; lastDay: number } {
  let [asked, first, last] = [0, Number.POSITIVE_INFINITY, 0];
  for (const one of clients) {
    asked += one.asked;
    first = Math.min(first, one.first);
    last = Math.max(last, one.last);
  }
  return { asked, firstDay: dayOf(first), lastDay: dayOf(last) };
}

// A name is written as it is in JSON, so that most rows are left out without being read as such.
const askersSql = `SELECT toString(src_ip) AS ip,
    toInt64(sum(if(JSONHas(rest, 'count'), JSONExtractUInt(rest, 'count'), 1))) AS asked,
    toInt64(min(if(JSONHas(rest, 'first'), JSONExtractInt(rest, 'first'), toUnixTimestamp64Milli(time)))) AS first_ms,
    toInt64(max(toUnixTimestamp64Milli(time))) AS last_ms
  FROM events
  WHERE kind = 'answer' AND time >= fromUnixTimestamp64Milli({since:Int64})
    AND position(rest, {field:String}) > 0 AND JSONExtractString(rest, 'name') = {name:String}
  GROUP BY src_ip ORDER BY asked DESC LIMIT {limit:UInt32}`;
