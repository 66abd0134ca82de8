import type { StoredDecision } from '../answers.ts';
import { DecisionRows } from '../parts/decision-rows.tsx';
import { Await, Empty } from '../parts/notice.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { decided } from '../store/live.ts';
import { useLoad } from '../store/load.ts';
import { param } from '../store/place.ts';
import { scopeWords } from '../words.ts';

const show = param('show', 'standing');
const mode = param('mode', 'any');
const filter = param('q');
const most = 500;

/** What was decided, and what of it stands. */
export function Decisions() {
  const list = useLoad<StoredDecision[]>(
    () => `/decisions?limit=${most}${show.value === 'standing' ? '&standing=yes' : ''}`,
    { everyMs: 10_000, news: decided },
  );
  const words = filter.value.toLowerCase();
  const wanted = ({ decision }: StoredDecision) =>
    (mode.value === 'any' || decision.mode === mode.value) &&
    `${decision.scope.source} ${scopeWords(decision)} ${decision.policy} ${decision.evidence} ${decision.actor} ${decision.reason}`
      .toLowerCase()
      .includes(words);
  return (
    <section class="page" aria-label="Decisions">
      <div class="bar">
        <h1>Decisions</h1>
        <Search label="Filter" value={filter.value} onChange={(text) => (filter.value = text)} />
        <Choice
          label="Which"
          value={show.value}
          options={[
            ['standing', 'Standing'],
            ['all', 'All'],
          ]}
          onChange={(to) => (show.value = to)}
        />
        <Choice
          label="Mode"
          value={mode.value}
          options={[
            ['any', 'Any mode'],
            ['enforce', 'Enforced'],
            ['simulate', 'Simulated'],
          ]}
          onChange={(to) => (mode.value = to)}
        />
      </div>
      <Await of={list} what="the decisions">
        {(all) => {
          const shown = all.filter(wanted);
          return shown.length === 0 ? (
            <Empty>
              {all.length === 0 && show.value === 'standing' ? 'Nothing is denied.' : 'Nothing matches.'}
            </Empty>
          ) : (
            <div class="scroll">
              <DecisionRows list={shown} />
              {all.length >= most && <p class="notice dim">These are the latest {most}.</p>}
            </div>
          );
        }}
      </Await>
    </section>
  );
}
