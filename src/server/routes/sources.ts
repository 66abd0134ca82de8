import { z } from 'zod';
import { createAsNames } from '../../intake/index.ts';
import { Fault } from '../../kit/fault.ts';
import { canonicalIp, neighbourhood } from '../../kit/ip.ts';
import { collect } from '../../lake/index.ts';
import { eventOf } from '../../pipeline/warm.ts';
import { hostScores } from '../host-scores.ts';
import { query } from '../input.ts';
import type { Route } from './index.ts';

const listQuery = z.strictObject({
  /** Hours back from now. */
  hours: z.coerce
    .number()
    .positive()
    .max(24 * 3_660)
    .default(24),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  sort: z
    .enum(['last', 'first', 'events', 'sessions', 'logins', 'commands', 'payloads', 'requests'])
    .default('last'),
  /** The beginning of an address, a country's two letters, `AS` and a number, or a protocol. */
  match: z.string().max(128).default(''),
});
const originsQuery = z.strictObject({ ips: z.string().max(8_192) });
const originsLimit = 100;
const timelineQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
  /** Goes on before the event of this time, and of this id where several have it. */
  before: z.coerce.number().int().positive().default(9_000_000_000_000),
  beforeId: z.uuid().default('00000000-0000-0000-0000-000000000000'),
});

/** Who came: by address, with where from, what they did, and how sure we are. */
export const sources: Route = (app, pipeline) => {
  const { lake, store, sessions, clock, neverBlock } = pipeline;
  const asName = createAsNames();
  app.get('/api/v1/sources', async (c) => {
    const { hours, limit, sort, match } = query(c, listQuery);
    const rows = await collect(
      lake.rows({
        sql: `SELECT replaceRegexpOne(toString(src_ip), '^::ffff:', '') AS ip, any(asn) AS asn, any(country) AS country,
            count() AS events, uniqExact(session) AS sessions, groupUniqArray(12)(protocol) AS protocols,
            countIf(kind = 'login') AS logins, countIf(kind = 'command') AS commands, countIf(kind IN ('request', 'access')) AS requests,
            countIf(kind IN ('upload', 'download')) AS payloads, max(handshake != 'none') AS proven,
            toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last
          FROM events WHERE time > fromUnixTimestamp64Milli({from:Int64})
          GROUP BY src_ip
          HAVING {match:String} = '' OR startsWith(ip, {match:String}) OR country = upper({match:String})
            OR concat('AS', toString(asn)) = upper({match:String}) OR has(protocols, lower({match:String}))
          ORDER BY ${sort} DESC, src_ip LIMIT {limit:UInt32}`,
        params: { from: Math.round(clock.now() - hours * 3_600_000), limit, match },
      }),
    );
    const proofs = await store.strongest(rows.map(({ ip }) => String(ip)));
    const standing = new Map(
      (await store.decisions({ standing: clock.now(), limit: 10_000 })).map(({ decision }) => [
        decision.scope.source,
        decision,
      ]),
    );
    return c.json(
      rows.map((row) => {
        const decision = standing.get(neighbourhood(String(row.ip)));
        return {
          ...row,
          asName: asName(Number(row.asn)),
          evidence: proofs.get(String(row.ip)) ?? null,
          decision: decision
            ? { id: decision.id, mode: decision.mode, evidence: decision.evidence, until: decision.until }
            : null,
        };
      }),
    );
  });

  /** Country and network of up to a hundred addresses, separated by commas. */
  app.get('/api/v1/origins', async (c) => {
    const ips = query(c, originsQuery)
      .ips.split(',')
      .slice(0, originsLimit)
      .flatMap((one) => canonicalIp(one) ?? []);
    const rows = await collect(
      lake.rows({
        sql: `SELECT replaceRegexpOne(toString(src_ip), '^::ffff:', '') AS ip, any(asn) AS asn, any(country) AS country
          FROM events WHERE src_ip IN (SELECT toIPv6(arrayJoin({ips:Array(String)}))) GROUP BY src_ip`,
        params: { ips },
      }),
    );
    return c.json(rows);
  });

  app.get('/api/v1/sources/:ip', async (c) => {
    const ip = canonicalIp(c.req.param('ip'));
    if (!ip) throw new Fault('invalid', 'A source is an address.');
    const { limit, before, beforeId } = query(c, timelineQuery);
    const [summary] = await collect(
      lake.rows({
        sql: `SELECT any(asn) AS asn, any(country) AS country, count() AS events, uniqExact(session) AS sessions,
            groupUniqArray(32)(protocol) AS protocols, groupUniqArray(32)(sensor) AS sensors,
            groupUniqArrayIf(64)(user, user != '') AS users, groupUniqArrayIf(64)(sha256, sha256 != '') AS payloads,
            groupUniqArrayIf(64)(url, url != '') AS urls,
            toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last
          FROM events WHERE src_ip = toIPv6({ip:String})`,
        params: { ip },
      }),
    );
    if (!summary || Number(summary.events) === 0)
      throw new Fault('not-found', 'Nothing was seen of this address.');
    const rows = await collect(
      lake.rows({
        sql: `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms FROM events
          WHERE src_ip = toIPv6({ip:String}) AND (time, toString(id)) < (fromUnixTimestamp64Milli({before:Int64}), {beforeId:String})
          ORDER BY src_ip DESC, time DESC, toString(id) DESC LIMIT {limit:UInt32}`,
        params: { ip, before, beforeId, limit },
      }),
    );
    const at = neighbourhood(ip);
    const visits = await sessions.sessions({ src: ip, limit: 100 });
    const urls = Array.isArray(summary.urls) ? summary.urls.map(String) : [];
    return c.json({
      ip,
      ...summary,
      hosts: await hostScores(pipeline, [
        { type: 'ip', value: ip },
        ...urls.map((value) => ({ type: 'url', value })),
        ...visits.flatMap(({ indicators }) => indicators),
      ]),
      asName: asName(Number(summary.asn)),
      neverBlock: neverBlock.check(ip, clock.now()),
      signals: await store.signals({ subject: ip, limit: 100 }),
      decisions: await store.decisions({ subject: at, limit: 100 }),
      findings: await store.findings({ subject: ip, limit: 100 }),
      visits,
      timeline: rows.map(eventOf),
    });
  });
};
