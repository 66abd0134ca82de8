import type { Finding, StoredDecision } from '../answers.ts';
import { Evidence, Severity } from '../parts/badge.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { Link, SourceLink, toDecision, toFinding } from '../parts/link.tsx';
import { Ago } from '../parts/time.tsx';
import { decided, found, rows } from '../store/live.ts';
import { useLoad } from '../store/load.ts';
import { origins } from '../store/places.ts';
import { count, scopeWords, terse } from '../words.ts';

/** Beside the stream: what it came to. */
export function Now() {
  const standing = useLoad<StoredDecision[]>(() => '/decisions?standing=yes&limit=8', {
    everyMs: 10_000,
    news: decided,
  });
  const findings = useLoad<Finding[]>(() => '/findings?limit=8', { everyMs: 10_000, news: found });
  return (
    <>
      <section>
        <h2>
          <Link to="/decisions">Standing decisions</Link>
        </h2>
        <ul class="brief">
          {standing.data.value?.map(({ decision }) => (
            <li key={decision.id}>
              <Evidence of={decision.evidence} />
              <Link to={toDecision(decision.id)} class="grow">
                <span class="ip">{decision.scope.source}</span>{' '}
                <span class="dim">{scopeWords(decision)}</span>
              </Link>
              <span class="dim">
                <Ago time={decision.until} />
              </span>
            </li>
          ))}
          {standing.data.value?.length === 0 && <li class="dim">Nothing is denied.</li>}
        </ul>
      </section>
      <section>
        <h2>
          <Link to="/findings">Latest findings</Link>
        </h2>
        <ul class="brief">
          {findings.data.value?.map((finding) => (
            <li key={finding.id}>
              <Severity of={finding.severity} />
              <Link to={toFinding(finding.id)} class="grow">
                <Hostile text={finding.subject.value} limit={45} />{' '}
                <span class="dim">
                  <Hostile text={terse(finding.title, finding.subject.value)} limit={90} />
                </span>
              </Link>
              <span class="dim">
                <Ago time={finding.last} />
              </span>
            </li>
          ))}
          {findings.data.value?.length === 0 && <li class="dim">No findings.</li>}
        </ul>
      </section>
      <section>
        <h2>Most active in the stream</h2>
        <ul class="brief">
          {busiest().map(([ip, events, share]) => (
            <li key={ip}>
              <SourceLink ip={ip} country={origins.value.get(ip)?.country ?? ''} />
              <meter class="grow" min={0} max={1} value={share} aria-label={`${events} events`} />
              <span class="num dim">{count(events)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function busiest(): [ip: string, events: number, share: number][] {
  const counts = new Map<string, number>();
  for (const row of rows.value) {
    if (row.type === 'event') counts.set(row.event.src.ip, (counts.get(row.event.src.ip) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
  const most = sorted[0]?.[1] ?? 1;
  return sorted.map(([ip, events]) => [ip, events, events / most]);
}
