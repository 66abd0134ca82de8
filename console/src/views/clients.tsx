import type { GroupPage } from '../answers.ts';
import { Hostile } from '../parts/hostile.tsx';
import { Await } from '../parts/notice.tsx';
import { RankedNames } from '../parts/ranked.tsx';
import { useLoad } from '../store/load.ts';
import { count, daysText } from '../words.ts';

/** A group of clients: what enough of them asked for on one day, the worst first. Which network it is nobody can tell. */
export function ClientsView({ group }: { group: string }) {
  const page = useLoad<GroupPage>(() => `/domain-clients/${encodeURIComponent(group)}`, { everyMs: 60_000 });
  return (
    <section class="page one" aria-label="Clients">
      <Await of={page} what="the group of clients">
        {({ least, names, more }) => (
          <div class="scroll">
            <div class="title">
              <h1 class="mono">
                clients <Hostile text={group} limit={40} />
              </h1>
            </div>
            <p class="notice">
              Clients of one network, hidden behind a key. Each name here was asked for by at least {least} of
              them on one day; the days are the first and the last on which that was so.
            </p>
            <RankedNames
              names={names}
              head="Asked for"
              says={({ firstDay, lastDay }) => daysText(firstDay, lastDay)}
            />
            {more > 0 && <p class="notice dim">And {count(more)} more.</p>}
          </div>
        )}
      </Await>
    </section>
  );
}
