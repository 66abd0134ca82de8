import type { FeedRow } from '../answers.ts';
import { useLoad } from '../store/load.ts';
import { count, plural } from '../words.ts';
import { Hostile } from './hostile.tsx';
import { Await } from './notice.tsx';
import { Rows } from './rows.tsx';
import { Ago } from './time.tsx';

/** The lists of others: how old, how large, how far each is believed, and what for. */
export function Feeds() {
  const list = useLoad<FeedRow[]>(() => '/feeds', { everyMs: 60_000 });
  return (
    <div class="inset">
      <Await of={list} what="the feeds">
        {(all) =>
          all.length === 0 ? (
            <p class="notice">None is named under feeds.lists.</p>
          ) : (
            <Rows
              class="feeds"
              list={all}
              keyOf={({ name }) => name}
              columns={[
                { head: 'List', cell: (one) => <Name of={one} /> },
                {
                  head: 'Entries',
                  class: 'num',
                  headClass: 'num',
                  cell: ({ taken, entries }) => (taken === null ? '' : count(entries)),
                },
                {
                  head: 'Fetched',
                  class: 'dim',
                  cell: ({ taken }) => (taken === null ? 'never' : <Ago time={taken} />),
                },
                { head: 'Reliability', cell: ({ reliability }) => <Reliability of={reliability} /> },
                {
                  head: 'Why',
                  class: 'wide',
                  cell: ({ reliability }) => reliability && <Hostile text={why(reliability)} limit={160} />,
                },
              ]}
            />
          )
        }
      </Await>
    </div>
  );
}

function Name({ of: { name, source, problem } }: { of: FeedRow }) {
  return (
    <>
      <Hostile text={name} limit={64} />{' '}
      <span class="dim">
        <Hostile text={source} limit={60} />
      </span>
      {problem && (
        <p class="bad">
          <Hostile text={problem.says} limit={160} /> (<Ago time={problem.time} />)
        </p>
      )}
    </>
  );
}

function Reliability({ of }: { of: FeedRow['reliability'] }) {
  if (!of) return <span class="dim">not weighed yet</span>;
  const number = of.weight.toFixed(2);
  return (
    <span class="weighed" title={of.says.join(' ')}>
      <span class="num">{number}</span>
      <meter min={0} max={1} value={of.weight} aria-label={`Reliability ${number} of 1`} />
    </span>
  );
}

/** In a word or two, what moved it. */
function why({ agreed, confirmed, ahead, refuted, copies }: NonNullable<FeedRow['reliability']>): string {
  const parts = [
    confirmed > 0 && `decoys met ${count(confirmed)}`,
    agreed >= 0.5 && `others agree on ${count(Math.round(agreed))}`,
    ahead > 0 && `first to list ${count(ahead)}`,
    refuted > 0 && plural(refuted, 'mistake'),
    copies.length > 0 && `much the same as ${copies.join(', ')}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(' · ') : 'nothing speaks for it or against it';
}
