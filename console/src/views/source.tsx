import type { SourcePage } from '../answers.ts';
import { Protocol } from '../parts/badge.tsx';
import { DecisionRows } from '../parts/decision-rows.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { FindingRows } from '../parts/finding-rows.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { Await } from '../parts/notice.tsx';
import { PayloadLink } from '../parts/payload.tsx';
import { SignalHead } from '../parts/proofs.tsx';
import { HostScores } from '../parts/score.tsx';
import { SessionRows } from '../parts/session-rows.tsx';
import { When } from '../parts/time.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { Verdict } from '../parts/verdict.tsx';
import { useLoad } from '../store/load.ts';
import { countryName, plural } from '../words.ts';

/** One source: who it is, how sure we are, what was done about it, and all that it did. */
export function SourceView({ ip }: { ip: string }) {
  const page = useLoad<SourcePage>(() => `/sources/${encodeURIComponent(ip)}?limit=300`, { everyMs: 10_000 });
  return (
    <section class="page one" aria-label="Source">
      <Await of={page} what="the source">
        {(source) => (
          <div class="scroll">
            <div class="title">
              <h1 class="mono">{source.ip}</h1>
              <Verdict of={source.neverBlock} />
            </div>
            <Summary source={source} />
            {source.decisions.length > 0 && (
              <>
                <h2>Decisions</h2>
                <div class="inset">
                  <DecisionRows list={source.decisions} source={false} />
                </div>
              </>
            )}
            {source.findings.length > 0 && (
              <>
                <h2>Findings</h2>
                <div class="inset">
                  <FindingRows list={source.findings} subject={false} />
                </div>
              </>
            )}
            {source.visits.length > 0 && (
              <>
                <h2>Sessions</h2>
                <div class="inset">
                  <SessionRows list={source.visits} />
                </div>
              </>
            )}
            {source.signals.length > 0 && (
              <>
                <h2>Signals</h2>
                <ol class="proofs">
                  {source.signals.map((one) => (
                    <li key={one.id} class="card">
                      <SignalHead signal={one} />
                    </li>
                  ))}
                </ol>
              </>
            )}
            <h2>Timeline</h2>
            <Timeline ip={source.ip} latest={source.timeline} total={Number(source.events)} />
          </div>
        )}
      </Await>
    </section>
  );
}

function Summary({ source }: { source: SourcePage }) {
  return (
    <Facts>
      <Fact name="Where">
        {source.country ? countryName(source.country) : 'no country known'}
        {Number(source.asn) > 0 && (
          <span class="dim">
            {' · '}AS{source.asn} <Hostile text={source.asName} />
          </span>
        )}
      </Fact>
      <Fact name="First seen">
        <When time={Number(source.first)} />
      </Fact>
      <Fact name="Last seen">
        <When time={Number(source.last)} />
      </Fact>
      <Fact name="Seen">
        {plural(source.events, 'event')} in {plural(source.sessions, 'session')}
      </Fact>
      <Fact name="Protocols">
        <span class="protocols">
          {source.protocols.map((name) => (
            <Protocol key={name} name={name} />
          ))}
        </span>
      </Fact>
      <Fact name="Seen by">
        <Hostile text={source.sensors.join(', ')} />
      </Fact>
      {source.users.length > 0 && (
        <Fact name="Users tried">
          <span class="list">
            {source.users.map((name) => (
              <Hostile key={name} text={name} limit={60} />
            ))}
          </span>
        </Fact>
      )}
      {source.urls.length > 0 && (
        <Fact name="Told us to fetch">
          <span class="list">
            {source.urls.map((url) => (
              <Hostile key={url} text={url} />
            ))}
          </span>
        </Fact>
      )}
      {source.hosts.length > 0 && (
        <Fact name="By what resolvers answered">
          <HostScores list={source.hosts} />
        </Fact>
      )}
      {source.payloads.length > 0 && (
        <Fact name="Payloads">
          <span class="list">
            {source.payloads.map((hash) => (
              <PayloadLink key={hash} sha256={hash} />
            ))}
          </span>
        </Fact>
      )}
    </Facts>
  );
}
