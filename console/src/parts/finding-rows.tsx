import type { Finding } from '../answers.ts';
import { count } from '../words.ts';
import { Evidence, Severity } from './badge.tsx';
import { Hostile } from './hostile.tsx';
import { Link, toFinding } from './link.tsx';
import { Ago } from './time.tsx';

/** Findings as a table: what was seen, what was done, and why not more. */
export function FindingRows({ list }: { list: readonly Finding[] }) {
  return (
    <table class="rows findings">
      <thead>
        <tr>
          <th scope="col">Severity</th>
          <th scope="col">Proof</th>
          <th scope="col">Finding</th>
          <th scope="col">What was done</th>
          <th scope="col">Why no block</th>
          <th scope="col" class="num">
            Times
          </th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {list.map((one) => (
          <tr key={one.id}>
            <td>
              <Severity of={one.severity} />
            </td>
            <td>
              <Evidence of={one.evidence} />
            </td>
            <td class="wide">
              <Link to={toFinding(one.id)} data-row>
                <Hostile text={one.title} limit={160} />
              </Link>
            </td>
            <td class="wide">
              <Hostile text={withoutId(one.done)} limit={130} />
            </td>
            <td class="wide dim">
              <Hostile text={one.whyNot || '–'} limit={130} />
            </td>
            <td class="num">{count(one.count)}</td>
            <td class="dim">
              <Ago time={one.last} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The id of the decision says nothing in a list: the finding's page links to it. */
function withoutId(text: string): string {
  return text.replace(/ \(decision [0-9a-f-]{36}\)/g, '');
}
