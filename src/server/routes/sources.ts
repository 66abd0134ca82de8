import { z } from 'zod';
import { Fault } from '../../kit/fault.ts';
import { canonicalIp, neighbourhood } from '../../kit/ip.ts';
import { collect } from '../../lake/index.ts';
import { eventOf } from '../../pipeline/warm.ts';
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
});
const timelineQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
  before: z.coerce.number().int().positive().optional(),
});

/** Who came: by address, with where from, what they did, and how sure we are. */
export const sources: Route = (app, { lake, store, clock, neverBlock }) => {
  app.get('/api/v1/sources', async (c) => {
    const { hours, limit } = query(c, listQuery);
    const rows = await collect(
      lake.rows({
        sql: `SELECT replaceRegexpOne(toString(src_ip), '^::ffff:', '') AS ip, any(asn) AS asn, any(country) AS country,
            count() AS events, uniqExact(session) AS sessions, groupUniqArray(12)(protocol) AS protocols,
            countIf(kind = 'login') AS logins, countIf(kind = 'command') AS commands, countIf(kind IN ('request', 'access')) AS requests,
            countIf(kind IN ('upload', 'download')) AS payloads, max(handshake != 'none') AS proven,
            toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last
          FROM events WHERE time > fromUnixTimestamp64Milli({from:Int64})
          GROUP BY src_ip ORDER BY last DESC LIMIT {limit:UInt32}`,
        params: { from: Math.round(clock.now() - hours * 3_600_000), limit },
      }),
    );
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
          decision: decision
            ? { id: decision.id, mode: decision.mode, evidence: decision.evidence, until: decision.until }
            : null,
        };
      }),
    );
  });

  app.get('/api/v1/sources/:ip', async (c) => {
    const ip = canonicalIp(c.req.param('ip'));
    if (!ip) throw new Fault('invalid', 'A source is an address.');
    const { limit, before } = query(c, timelineQuery);
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
          WHERE src_ip = toIPv6({ip:String}) AND time < fromUnixTimestamp64Milli({before:Int64})
          ORDER BY src_ip DESC, time DESC, id DESC LIMIT {limit:UInt32}`,
        params: { ip, before: before ?? 9_000_000_000_000, limit },
      }),
    );
    const at = neighbourhood(ip);
    return c.json({
      ip,
      ...summary,
      neverBlock: neverBlock.check(ip, clock.now()),
      signals: await store.signals({ subject: ip, limit: 100 }),
      decisions: await store.decisions({ subject: at, limit: 100 }),
      findings: await store.findings({ subject: ip, limit: 100 }),
      timeline: rows.map(eventOf),
    });
  });
};
