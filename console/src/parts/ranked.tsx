import type { DomainRow } from '../answers.ts';
import { Hostile } from './hostile.tsx';
import { Link, toDomain } from './link.tsx';
import { Score } from './score.tsx';

type Ranked = Pick<DomainRow, 'name' | 'score' | 'class'>;

/** Names with their scores, each leading to its page; `says` is what the last column, under `head`, tells of one. */
export function RankedNames<T extends Ranked>({
  names,
  head,
  says,
}: {
  names: readonly T[];
  head: string;
  says: (one: T) => string;
}) {
  return (
    <table class="rows domains">
      <thead>
        <tr>
          <th scope="col">Score</th>
          <th scope="col">Name</th>
          <th scope="col">{head}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((one) => (
          <tr key={one.name}>
            <td>
              <Score score={one.score} of={one.class} />
            </td>
            <td>
              <Link to={toDomain(one.name)} class="mono" data-row>
                <Hostile text={one.name} limit={100} />
              </Link>
            </td>
            <td class="dim">{says(one)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
