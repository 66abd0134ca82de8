import type { Actor } from '../answers.ts';
import { Hostile } from '../parts/hostile.tsx';
import { Link, toActor } from '../parts/link.tsx';
import { Await, Empty } from '../parts/notice.tsx';
import { Search } from '../parts/search.tsx';
import { Ago } from '../parts/time.tsx';
import { useLoad } from '../store/load.ts';
import { param } from '../store/place.ts';
import { count } from '../words.ts';

const filter = param('q');
const most = 500;

/** Who is behind several addresses. */
export function Actors() {
  const list = useLoad<Actor[]>(() => `/actors?limit=${most}`, { everyMs: 15_000 });
  const words = filter.value.toLowerCase();
  return (
    <section class="page" aria-label="Actors">
      <div class="bar">
        <h1>Actors</h1>
        <Search label="Filter" value={filter.value} onChange={(text) => (filter.value = text)} />
      </div>
      <Await of={list} what="the actors">
        {(all) => {
          const shown = all.filter((one) => textOf(one).includes(words));
          return shown.length === 0 ? (
            <Empty>{all.length === 0 ? 'Nobody is known by two addresses yet.' : 'Nothing matches.'}</Empty>
          ) : (
            <div class="scroll">
              <table class="rows actors">
                <thead>
                  <tr>
                    <th scope="col">Actor</th>
                    <th scope="col" class="num">
                      Addresses
                    </th>
                    <th scope="col" class="num">
                      Sessions
                    </th>
                    <th scope="col">Labels</th>
                    <th scope="col">Kind</th>
                    <th scope="col">Tools</th>
                    <th scope="col">Joined by</th>
                    <th scope="col">Last seen</th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((one) => (
                    <tr key={one.id}>
                      <td>
                        <Link to={toActor(one.id)} class="mono" data-row>
                          {one.id}
                        </Link>
                      </td>
                      <td class="num">{count(one.addresses)}</td>
                      <td class="num">{count(one.sessions)}</td>
                      <td>
                        <Hostile text={mostOf(one.labels)} />
                      </td>
                      <td>
                        <Hostile text={mostOf(one.kinds)} />
                      </td>
                      <td>
                        <Hostile text={mostOf(one.tools)} limit={60} />
                      </td>
                      <td>{[...new Set(one.joins.map(({ by }) => by))].join(', ')}</td>
                      <td class="dim">
                        <Ago time={one.last} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Await>
    </section>
  );
}

function textOf(one: Actor): string {
  const shared = one.joins.map(({ by, a, b }) => `${by} ${a} ${b}`).join(' ');
  return `${one.id} ${mostOf(one.labels)} ${mostOf(one.kinds)} ${mostOf(one.tools)} ${shared}`.toLowerCase();
}

function mostOf(tally: Record<string, number>): string {
  return Object.entries(tally)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([name]) => name)
    .join(', ');
}
