import type { DomainRow } from '../answers.ts';
import { Hostile } from './hostile.tsx';
import { Link, toDomain } from './link.tsx';
import { Rows } from './rows.tsx';
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
    <Rows
      class="domains"
      list={names}
      keyOf={({ name }) => name}
      columns={[
        { head: 'Score', cell: (one) => <Score score={one.score} of={one.class} /> },
        {
          head: 'Name',
          cell: ({ name }) => (
            <Link to={toDomain(name)} class="mono" data-row>
              <Hostile text={name} limit={100} />
            </Link>
          ),
        },
        { head, class: 'dim', cell: says },
      ]}
    />
  );
}
