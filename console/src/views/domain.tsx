import type { DomainPage } from '../answers.ts';
import { AskersList } from '../parts/askers.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { Neighbourhood } from '../parts/neighbourhood.tsx';
import { Await } from '../parts/notice.tsx';
import { Score } from '../parts/score.tsx';
import { ScoreHistory } from '../parts/score-history.tsx';
import { useLoad } from '../store/load.ts';
import { now } from '../store/now.ts';
import { dayText } from '../words.ts';

/** One name: its score and why, how what is known leads to it, and what stands around it. */
export function DomainView({ name }: { name: string }) {
  const page = useLoad<DomainPage>(() => `/domains/${encodeURIComponent(name)}`, { everyMs: 60_000 });
  return (
    <section class="page one" aria-label="Domain">
      <Await of={page} what="the domain">
        {(domain) => (
          <div class="scroll">
            <div class="title">
              <h1 class="mono">
                <Hostile text={domain.name} />
              </h1>
              <Score score={domain.score} of={domain.class} />
            </div>
            <Facts>
              <Fact name="First seen">{dayText(domain.firstDay)}</Fact>
              <Fact name="Last seen">{dayText(domain.lastDay)}</Fact>
              {domain.family !== null && (
                <Fact name="Family">
                  <Hostile text={domain.family} limit={80} />
                </Fact>
              )}
              {domain.host && (
                <Fact name={hostWords[domain.host.kind]}>
                  <Hostile text={domain.host.who} limit={80} />
                </Fact>
              )}
              {domain.since !== null && <Fact name="Malicious since">{dayText(domain.since)}</Fact>}
              {domain.listed && (
                <Fact name="On a list since">
                  {dayText(domain.listed.day)}, <Hostile text={domain.listed.feed} limit={64} />
                </Fact>
              )}
              {domain.without && (
                <Fact name="Without">
                  <Hostile text={domain.without.what} limit={80} /> it would be{' '}
                  {domain.without.score.toFixed(1)}
                </Fact>
              )}
            </Facts>
            <h2>Why</h2>
            <div class="inset">
              <Reasons of={domain} />
            </div>
            {domain.paths.length > 0 && (
              <>
                <h2>How what is known leads here</h2>
                <div class="inset">
                  <ul class="paths">
                    {domain.paths.map(({ steps, says }, n) => (
                      <li key={n}>
                        <Hostile text={steps.join(' → ')} /> <span class="dim">{says}</span>
                      </li>
                    ))}
                  </ul>
                </div>
              </>
            )}
            <h2>Over time</h2>
            <div class="inset">
              <ScoreHistory points={domain.history} today={Math.floor(now.value / 86_400_000)} />
            </div>
            <h2>Who asked</h2>
            <div class="inset">
              <AskersList of={domain.askers} />
            </div>
            <h2>Around it</h2>
            <div class="inset">
              <Neighbourhood near={domain.near} least={domain.askers?.least} />
            </div>
          </div>
        )}
      </Await>
    </section>
  );
}

/** Points that are told of: less is nothing as it is written. */
const least = 0.05;
/** What is said of hosts that have everybody's names. */
const hostWords = {
  sinkhole: 'Taken over by a sinkhole of',
  parking: 'Parked with',
  shared: 'On shared hosts of',
} as const;

function Reasons({ of }: { of: DomainPage }) {
  const rows = [
    { says: 'of every name, before anything is known of it', points: of.base },
    ...of.reasons.filter(({ points }) => Math.abs(points) >= least),
  ];
  return (
    <table class="rows reasons">
      <tbody>
        {rows.map(({ says, points }, n) => (
          <tr key={n}>
            <td class="num">
              {points < 0 ? '−' : '+'}
              {Math.abs(points).toFixed(1)}
            </td>
            <td class="wide">
              <Hostile text={says} limit={160} />
            </td>
          </tr>
        ))}
        <tr>
          <td class="num">{of.score.toFixed(1)}</td>
          <td class="dim">in all</td>
        </tr>
      </tbody>
    </table>
  );
}
