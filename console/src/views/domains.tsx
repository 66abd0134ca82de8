import type { DomainRow } from '../answers.ts';
import { Await, Empty } from '../parts/notice.tsx';
import { RankedNames } from '../parts/ranked.tsx';
import { Search } from '../parts/search.tsx';
import { useLoad } from '../store/load.ts';
import { param } from '../store/place.ts';
import { dayText } from '../words.ts';

const filter = param('q');
const fresh = param('new');
const most = 500;

/** Names that were looked up, the worst first; or those that became bad today. */
export function Domains() {
  const today = fresh.value === '1';
  const list = useLoad<DomainRow[]>(() => `/domains?limit=${most}${fresh.value === '1' ? '&new=1' : ''}`, {
    everyMs: 60_000,
  });
  const words = filter.value.toLowerCase();
  return (
    <section class="page" aria-label="Domains">
      <div class="bar">
        <h1>Domains</h1>
        <label class="check">
          <input type="checkbox" checked={today} onChange={() => (fresh.value = today ? '' : '1')} /> New
          today
        </label>
        <Search label="Filter" value={filter.value} onChange={(text) => (filter.value = text)} />
      </div>
      <Await of={list} what="the domains">
        {(all) => {
          const shown = all.filter(({ name, class: kind }) =>
            `${name} ${kind}`.toLowerCase().includes(words),
          );
          return shown.length === 0 ? (
            <Empty>{emptyText(all.length, today)}</Empty>
          ) : (
            <div class="scroll">
              <RankedNames
                names={shown}
                head="Malicious since"
                says={({ since }) => (since === null ? '' : dayText(since))}
              />
            </div>
          );
        }}
      </Await>
    </section>
  );
}

function emptyText(all: number, today: boolean): string {
  if (all > 0) return 'Nothing matches.';
  return today ? 'No name came to the threshold today.' : 'No answers of resolvers were taken in yet.';
}
