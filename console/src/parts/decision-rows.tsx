import type { StoredDecision } from '../answers.ts';
import { scopeWords, terse } from '../words.ts';
import { Evidence, Mode, Standing } from './badge.tsx';
import { Hostile } from './hostile.tsx';
import { Link, SourceLink, toDecision } from './link.tsx';
import { Ago } from './time.tsx';

/** Decisions as a table. */
export function DecisionRows({ list, source = true }: { list: readonly StoredDecision[]; source?: boolean }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Decided</th>
          {source && <th scope="col">Source</th>}
          <th scope="col">Decision</th>
          <th scope="col">State</th>
          <th scope="col">Until</th>
          <th scope="col">Mode</th>
          <th scope="col">Proof</th>
          <th scope="col">By</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {list.map((one) => {
          const { decision } = one;
          return (
            <tr key={decision.id}>
              <td class="dim">
                <Ago time={decision.time} />
              </td>
              {source && (
                <td>
                  <SourceLink ip={decision.scope.source} />
                </td>
              )}
              <td>
                <Link to={toDecision(decision.id)} data-row>
                  {decision.action} {scopeWords(decision)}
                </Link>
              </td>
              <td>
                <Standing of={one} />
              </td>
              <td>{one.ended ? <span class="dim">–</span> : <Ago time={decision.until} />}</td>
              <td>
                <Mode of={decision.mode} />
              </td>
              <td>
                <Evidence of={decision.evidence} />
              </td>
              <td>
                {decision.actor === 'policy' ? (
                  <span class="mono">{decision.policy}</span>
                ) : (
                  <Hostile text={decision.actor} limit={40} />
                )}
              </td>
              <td class="wide dim">
                <Hostile text={terse(decision.reason)} limit={110} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
