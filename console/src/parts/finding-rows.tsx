import type { Finding } from '../answers.ts';
import { count, terse } from '../words.ts';
import { Evidence, Severity } from './badge.tsx';
import { Hostile } from './hostile.tsx';
import { Link, SourceLink, toFinding } from './link.tsx';
import { Ago } from './time.tsx';

/** Findings as a table: what was seen, what was done, and why not more. */
export function FindingRows({ list, subject = true }: { list: readonly Finding[]; subject?: boolean }) {
  return (
    <table class="rows findings">
      <thead>
        <tr>
          <th scope="col">Severity</th>
          <th scope="col">Proof</th>
          {subject && <th scope="col">Subject</th>}
          <th scope="col">Finding</th>
          <th scope="col">What was done, or why nothing was</th>
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
            {subject && (
              <td>
                {one.subject.type === 'ip' ? (
                  <SourceLink ip={one.subject.value} />
                ) : (
                  <Hostile text={one.subject.value} limit={40} />
                )}
              </td>
            )}
            <td class="wide">
              <Link to={toFinding(one.id)} data-row>
                <Hostile text={terse(one.title, one.subject.value)} limit={160} />
              </Link>
            </td>
            <td class="wide">
              <Hostile text={terse(one.done, one.subject.value)} limit={130} />{' '}
              <span class="dim">
                <Hostile text={one.whyNot} limit={130} />
              </span>
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
