import type { SessionPage } from '../answers.ts';
import { Evidence, Techniques } from '../parts/badge.tsx';
import { EventLine } from '../parts/event-line.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { Link, SourceLink, toActor } from '../parts/link.tsx';
import { Await } from '../parts/notice.tsx';
import { HostScores } from '../parts/score.tsx';
import { Kind, Labels } from '../parts/session-rows.tsx';
import { When } from '../parts/time.tsx';
import { useLoad } from '../store/load.ts';
import { plural } from '../words.ts';

/** One session: what it was, why it is thought so, what it gave away, and each thing that was done. */
export function SessionView({ id }: { id: string }) {
  const page = useLoad<SessionPage>(() => `/sessions/${encodeURIComponent(id)}`);
  return (
    <section class="page one" aria-label="Session">
      <Await of={page} what="the session">
        {(session) => (
          <div class="scroll">
            <div class="title">
              <h1>
                Session of <SourceLink ip={session.src} />
              </h1>
              <Labels of={session} />
              <Kind of={session} />
            </div>
            <Summary session={session} />
            <h2>Events</h2>
            <ol class="events">
              {session.events.map((event) => (
                <EventLine key={event.id} event={event} />
              ))}
            </ol>
          </div>
        )}
      </Await>
    </section>
  );
}

function Summary({ session }: { session: SessionPage }) {
  return (
    <Facts>
      <Fact name="Began">
        <When time={session.start} />
      </Fact>
      <Fact name="Seen by">
        <Hostile text={`${session.sensor}, ${session.protocol} on port ${session.port}`} />
      </Fact>
      <Fact name="Evidence">
        <Evidence of={session.evidence} words />
      </Fact>
      <Fact name="Kind of actor">
        {session.kind}
        <ul class="list">
          {session.kindReasons.map((reason) => (
            <li key={reason}>
              <Hostile text={reason} />
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name="How common">
        {session.scope}; the same from {plural(session.sources, 'address')} at{' '}
        {plural(session.sensors, 'sensor')} in {plural(session.sessions, 'session')}{' '}
        <Hostile text={session.scopeReasons.join(' ')} />
      </Fact>
      <Fact name="Tool">
        <Hostile text={[session.tool, session.campaign, session.intent].filter(Boolean).join(', ') || '–'} />
      </Fact>
      <Fact name="ATT&CK">
        <Hostile text={session.tactics.join(', ')} /> <Techniques ids={session.techniques} />
      </Fact>
      {session.actor && (
        <Fact name="Actor">
          <Link to={toActor(session.actor)} class="mono">
            {session.actor}
          </Link>
        </Fact>
      )}
      {session.fingerprints.length > 0 && (
        <Fact name="Client">
          <span class="list">
            {session.fingerprints.map(({ method, value }) => (
              <span key={`${method} ${value}`}>
                <span class="dim">{method}</span> <Hostile text={value} limit={80} />
              </span>
            ))}
          </span>
        </Fact>
      )}
      {session.indicators.length > 0 && (
        <Fact name="Gave away">
          <span class="list">
            {session.indicators.map(({ type, value }) => (
              <span key={`${type} ${value}`}>
                <span class="dim">{type}</span> <Hostile text={value} limit={120} />
              </span>
            ))}
          </span>
        </Fact>
      )}
      {session.hosts.length > 0 && (
        <Fact name="By what resolvers answered">
          <HostScores list={session.hosts} />
        </Fact>
      )}
    </Facts>
  );
}
