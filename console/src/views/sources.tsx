import type { SourceRow } from '../answers.ts';
import { Evidence, Mode, Protocol } from '../parts/badge.tsx';
import { Link, SourceLink, toDecision } from '../parts/link.tsx';
import { Await, Empty } from '../parts/notice.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { Ago } from '../parts/time.tsx';
import { useLoad } from '../store/load.ts';
import { param } from '../store/place.ts';
import { count } from '../words.ts';

const hours = param('hours', '24');
const filter = param('q');
const sort = param('sort', 'last');

const ranges = [
  ['1', '1 h'],
  ['24', '24 h'],
  ['168', '7 d'],
  ['720', '30 d'],
  ['87840', 'All'],
] as const;

/** Columns that the lake can sort by, so that the first rows are the first of all. */
const columns = [
  ['events', 'Events'],
  ['sessions', 'Sessions'],
  ['logins', 'Logins'],
  ['commands', 'Commands'],
  ['requests', 'Requests'],
  ['payloads', 'Payloads'],
] as const;

const most = 500;

/** Who came, where from, what they did, and how sure we are. */
export function Sources() {
  const list = useLoad<SourceRow[]>(
    () =>
      `/sources?${new URLSearchParams({
        hours: hours.value,
        sort: sort.value,
        limit: String(most),
        ...(filter.value.trim() && { match: filter.value.trim() }),
      })}`,
    { everyMs: 10_000 },
  );
  return (
    <section class="page" aria-label="Sources">
      <div class="bar">
        <h1>Sources</h1>
        <Search
          label="Address, country, AS number or protocol"
          value={filter.value}
          onChange={(text) => (filter.value = text)}
        />
        <Choice
          label="Time range"
          value={hours.value}
          options={ranges}
          onChange={(to) => (hours.value = to)}
        />
      </div>
      <Await of={list} what="the sources">
        {(rows) =>
          rows.length === 0 ? (
            <Empty>Nobody matches in this time.</Empty>
          ) : (
            <div class="scroll">
              <table class="rows">
                <thead>
                  <tr>
                    <th scope="col">Source</th>
                    <th scope="col" class="num">
                      Network
                    </th>
                    <th scope="col">Protocols</th>
                    {columns.map(([of, name]) => (
                      <Sortable key={of} of={of} name={name} number />
                    ))}
                    <Sortable of="first" name="First seen" />
                    <Sortable of="last" name="Last seen" />
                    <th scope="col">How sure</th>
                    <th scope="col">Decision</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <Row key={row.ip} row={row} />
                  ))}
                </tbody>
              </table>
              {rows.length >= most && (
                <p class="notice dim">
                  These are the first {most}. The filter and the columns look through all.
                </p>
              )}
            </div>
          )
        }
      </Await>
    </section>
  );
}

function Sortable({ of, name, number = false }: { of: string; name: string; number?: boolean }) {
  const here = sort.value === of;
  return (
    <th scope="col" class={number ? 'num' : ''} aria-sort={here ? 'descending' : undefined}>
      <button type="button" class="sort" onClick={() => (sort.value = of)}>
        {name}
        {here ? ' ↓' : ''}
      </button>
    </th>
  );
}

function Row({ row }: { row: SourceRow }) {
  const { decision } = row;
  return (
    <tr>
      <td>
        <SourceLink ip={row.ip} country={row.country} />
      </td>
      <td class="num dim" title={row.asName}>
        {Number(row.asn) > 0 ? `AS${row.asn}` : '–'}
        {row.asName !== '' && <div class="as-name">{row.asName}</div>}
      </td>
      <td>
        <span class="protocols">
          {row.protocols.map((name) => (
            <Protocol key={name} name={name} />
          ))}
        </span>
      </td>
      {columns.map(([of]) => (
        <td key={of} class={Number(row[of]) === 0 ? 'num dim' : 'num'}>
          {count(row[of])}
        </td>
      ))}
      <td class="dim">
        <Ago time={Number(row.first)} />
      </td>
      <td>
        <Ago time={Number(row.last)} />
      </td>
      <td>
        {row.evidence ? (
          <Evidence of={row.evidence} words />
        ) : (
          <span class="dim">{Number(row.proven) ? 'no signal' : 'source may be forged'}</span>
        )}
      </td>
      <td>
        {decision ? (
          <Link to={toDecision(decision.id)} class="decision-cell">
            <Mode of={decision.mode} />{' '}
            <span class="dim">
              <Ago time={decision.until} />
            </span>
          </Link>
        ) : (
          <span class="dim">–</span>
        )}
      </td>
    </tr>
  );
}
