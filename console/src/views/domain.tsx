import type { DomainPage } from '../answers.ts';
import { Fact, Facts } from '../parts/facts.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { Neighbourhood } from '../parts/neighbourhood.tsx';
import { Await } from '../parts/notice.tsx';
import { useLoad } from '../store/load.ts';
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
            </div>
            <Facts>
              <Fact name="Score">
                {domain.score.toFixed(1)} of 100, {domain.class}
              </Fact>
              <Fact name="Seen">
                {dayText(domain.firstDay)} to {dayText(domain.lastDay)}
              </Fact>
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
            <h2>Around it</h2>
            <div class="inset">
              <Neighbourhood near={domain.near} />
            </div>
          </div>
        )}
      </Await>
    </section>
  );
}

function Reasons({ of }: { of: DomainPage }) {
  const rows = [{ says: 'of every name, before anything is known of it', points: of.base }, ...of.reasons];
  return (
    <table class="rows">
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
