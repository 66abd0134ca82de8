import { z } from 'zod';
import { normalName } from '../../kit/domain-name.ts';
import { Fault } from '../../kit/fault.ts';
import { canonicalIp, neighbourhood } from '../../kit/ip.ts';
import { uuidTime } from '../../kit/uuid.ts';
import { collect } from '../../lake/index.ts';
import { ownedDomain } from '../../model/registered-domain.ts';
import { eventOf } from '../../pipeline/warm.ts';
import type { Pipeline } from '../../pipeline.ts';
import { hostScores } from '../host-scores.ts';
import type { Route } from './index.ts';
import { sessionEvents } from './sessions.ts';

/** The evidence under a subject, decision, finding, signal or event: down to the raw bytes. */
export const why: Route = (app, pipeline) => {
  app.get('/api/v1/why/:what', async (c) => c.json(await explain(pipeline, c.req.param('what'))));
};

async function explain(pipeline: Pipeline, what: string) {
  const { store, sessions } = pipeline;
  const ip = canonicalIp(what);
  if (ip) {
    const decisions = await store.decisions({ subject: neighbourhood(ip), limit: 20 });
    const findings = await store.findings({ subject: ip, limit: 20 });
    const signals = await store.signals({ subject: ip, limit: 20 });
    const visits = await sessions.sessions({ src: ip, limit: 20 });
    const hosts = await hostScores(pipeline, [
      { type: 'ip', value: ip },
      ...visits.flatMap(({ indicators }) => indicators),
    ]);
    if (decisions.length + findings.length + signals.length + visits.length + hosts.length === 0) {
      throw new Fault('not-found', 'Nothing is known against this address.');
    }
    return {
      ...{ what, kind: 'source', decisions, findings, visits, hosts },
      signals: await withEvents(pipeline, signals),
    };
  }
  if (/^actor-[0-9a-f]{12}$/.test(what)) {
    const [actor] = await sessions.actors({ id: what });
    if (!actor) throw new Fault('not-found', 'There is no such actor.');
    return { what, kind: 'actor', actor, visits: await sessions.sessions({ actor: what, limit: 20 }) };
  }
  const id = z.uuid().safeParse(what);
  if (!id.success) return explainName(pipeline, what);
  const [decision] = await store.decisions({ id: id.data });
  if (decision) {
    const signals = await store.signals({ ids: decision.decision.because });
    const receipts = await store.receipts(id.data);
    return { what, kind: 'decision', ...decision, receipts, signals: await withEvents(pipeline, signals) };
  }
  const [finding] = await store.findings({ id: id.data });
  if (finding) {
    const signals = await store.signals({ ids: finding.because });
    const visits = await sessions.sessions({ ids: finding.because });
    return { what, kind: 'finding', finding, visits, signals: await withEvents(pipeline, signals) };
  }
  const [visit] = await sessions.sessions({ ids: [id.data] });
  if (visit) return { what, kind: 'session', visits: [visit], events: await sessionEvents(pipeline, visit) };
  const signals = await store.signals({ ids: [id.data] });
  if (signals.length > 0) return { what, kind: 'signal', signals: await withEvents(pipeline, signals) };
  const events = await eventsOf(pipeline, [id.data]);
  if (events.length > 0) return { what, kind: 'event', events };
  throw new Fault('not-found', 'Nothing has this id.');
}

/** Why a name stands where it does, and what was told of it. */
async function explainName({ domains, store }: Pipeline, what: string) {
  const name = what.includes('.') ? normalName(what) : null;
  if (name === null)
    throw new Fault(
      'invalid',
      'Ask about an address, a domain name, or the id of a decision, finding, signal, session, actor or event.',
    );
  const standing = await domains.show(name);
  const findings = await store.findings({ subject: ownedDomain(name) ?? name, limit: 20 });
  if (!standing && findings.length === 0)
    throw new Fault('not-found', 'Nobody was seen to ask for this name.');
  return { what: name, kind: 'domain', findings, ...(standing && { standing }) };
}

async function withEvents(pipeline: Pipeline, signals: Awaited<ReturnType<Pipeline['store']['signals']>>) {
  const events = new Map(
    (
      await eventsOf(
        pipeline,
        signals.flatMap(({ because }) => because),
      )
    ).map((event) => [event.id, event]),
  );
  return signals.map((signal) => ({
    ...signal,
    events: signal.because.map(
      (id) => events.get(id) ?? { id, missing: 'The lake does not hold this event (any more, or not yet).' },
    ),
  }));
}

/** Events by id. Their ids begin with their times, which keeps the search short. */
async function eventsOf({ lake }: Pipeline, ids: string[]) {
  if (ids.length === 0) return [];
  const times = ids.map(uuidTime);
  const rows = await collect(
    lake.rows({
      sql: `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms FROM events
        WHERE time BETWEEN fromUnixTimestamp64Milli({from:Int64}) AND fromUnixTimestamp64Milli({to:Int64})
          AND id IN (SELECT toUUID(arrayJoin({ids:Array(String)}))) ORDER BY time, toString(id) LIMIT 5000`,
      params: { from: Math.min(...times), to: Math.max(...times) + 1, ids: [...new Set(ids)] },
    }),
  );
  return rows.map((row) => ({ ...eventOf(row), run: row.run, asn: row.asn, country: row.country }));
}
