import type { DomainPage } from '../answers.ts';
import { count, daysText, plural } from '../words.ts';
import { Link, toClients } from './link.tsx';

/** Who asked for a name, as far as it may be told: networks are hidden behind a key, and few clients are not told of. */
export function AskersList({ of }: { of: DomainPage['askers'] }) {
  if (!of) return <p class="notice dim">The lake cannot say at the moment.</p>;
  const { least, clients, asked, firstDay, lastDay, groups, fewer, untold, over, days } = of;
  const known = clients > 0 && firstDay !== null && lastDay !== null;
  return (
    <>
      <p class="notice">
        {known
          ? `${over ? 'At least ' : ''}${plural(clients, 'client')} asked ${plural(asked, 'time')} ${firstDay === lastDay ? 'on' : 'from'} ${daysText(firstDay, lastDay)}${fewer ? `, and fewer than ${least} others.` : '.'}`
          : fewer
            ? `Fewer than ${least} clients asked for it.`
            : untold > 0
              ? ''
              : `Nobody was seen to ask for it within ${days} days.`}{' '}
        {untold > 0 && `Of ${plural(untold, 'question')} the logs do not tell who asked.`}
      </p>
      {groups.length > 0 && (
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Network</th>
              <th scope="col" class="num">
                Clients
              </th>
              <th scope="col" class="num">
                Times
              </th>
              <th scope="col">Seen</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((one) => (
              <tr key={one.group}>
                <td>
                  <Link to={toClients(one.group)} class="mono">
                    {one.group}
                  </Link>
                </td>
                <td class="num">{count(one.clients)}</td>
                <td class="num">{count(one.asked)}</td>
                <td class="dim num left">{daysText(one.firstDay, one.lastDay)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
