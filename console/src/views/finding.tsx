import type { FindingPage } from '../answers.ts';
import { Evidence, Severity, Techniques } from '../parts/badge.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { Link, SourceLink, toActor, toDecision, toDomain } from '../parts/link.tsx';
import { Await, Empty } from '../parts/notice.tsx';
import { Proofs } from '../parts/proofs.tsx';
import { SessionRows } from '../parts/session-rows.tsx';
import { When } from '../parts/time.tsx';
import { found as news } from '../store/live.ts';
import { useLoad } from '../store/load.ts';
import { count, domainOf, plural } from '../words.ts';

/** One finding: what was seen, what was and was not done, and the proof. */
export function FindingView({ id }: { id: string }) {
  const page = useLoad<FindingPage>(() => `/why/${encodeURIComponent(id)}`, { everyMs: 15_000, news });
  return (
    <section class="page one" aria-label="Finding">
      <Await of={page} what="the finding">
        {({ finding, signals, visits = [] }) => {
          if (!finding) return <Empty>There is no such finding.</Empty>;
          const known = new Set([...signals, ...visits].map((one) => one.id));
          const domain = domainOf(finding);
          const decisions = finding.because.filter((one) => !known.has(one));
          return (
            <div class="scroll">
              <div class="title">
                <Severity of={finding.severity} />
                <h1>
                  <Hostile text={finding.title} />
                </h1>
              </div>
              <div class="cards said">
                <Said name="What was seen" text={finding.seen} />
                <Said name="What was done" text={finding.done} />
                {finding.whyNot && <Said name="Why no block" text={finding.whyNot} />}
              </div>
              <Facts>
                <Fact name="Subject">
                  {finding.subject.type === 'ip' ? (
                    <SourceLink ip={finding.subject.value} />
                  ) : finding.subject.type === 'actor' ? (
                    <Link to={toActor(finding.subject.value)} class="mono">
                      {finding.subject.value}
                    </Link>
                  ) : domain !== null ? (
                    <Link to={toDomain(domain)} class="mono">
                      <Hostile text={finding.subject.value} />
                    </Link>
                  ) : (
                    <Hostile text={finding.subject.value} />
                  )}
                </Fact>
                <Fact name="Evidence">
                  <Evidence of={finding.evidence} words />
                </Fact>
                <Fact name="ATT&CK">
                  {finding.attack.length > 0 ? (
                    <Techniques ids={finding.attack} />
                  ) : (
                    <span class="dim">–</span>
                  )}
                </Fact>
                <Fact name="First seen">
                  <When time={finding.first} />
                </Fact>
                <Fact name="Last seen">
                  <When time={finding.last} /> <span class="dim">· {count(finding.count)} ×</span>
                </Fact>
                <Fact name="Rests on">
                  {domain === null &&
                    decisions.map((one) => (
                      <Link key={one} to={toDecision(one)} class="mono">
                        decision {one.slice(0, 13)}…{' '}
                      </Link>
                    ))}
                  <span class="dim">{plural(signals.length, 'signal')}</span>
                </Fact>
                <Fact name="Id">
                  <code>{finding.id}</code>
                </Fact>
              </Facts>
              <h2>Because</h2>
              {visits.length > 0 && (
                <div class="inset">
                  <SessionRows list={visits} source />
                </div>
              )}
              <Proofs signals={signals} source={finding.subject.type !== 'ip'} />
            </div>
          );
        }}
      </Await>
    </section>
  );
}

function Said({ name, text }: { name: string; text: string }) {
  return (
    <section class="card">
      <h3>{name}</h3>
      <p>
        <Hostile text={text} limit={2_048} />
      </p>
    </section>
  );
}
