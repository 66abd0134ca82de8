import type { SessionRecord } from '../answers.ts';
import { Evidence, Protocol } from './badge.tsx';
import { Hostile } from './hostile.tsx';
import { Link, SourceLink, toActor, toSession } from './link.tsx';
import { Ago } from './time.tsx';

/** Sessions as a table: what each was, what did it, who seems to be behind it, and why it is thought so. */
export function SessionRows({ list, source = false }: { list: readonly SessionRecord[]; source?: boolean }) {
  return (
    <table class="rows sessions">
      <thead>
        <tr>
          <th scope="col">When</th>
          {source && <th scope="col">Source</th>}
          <th scope="col">Where</th>
          <th scope="col">Labels</th>
          <th scope="col">Tool</th>
          <th scope="col">Kind</th>
          <th scope="col">Why</th>
          <th scope="col">Actor</th>
          <th scope="col">Proof</th>
        </tr>
      </thead>
      <tbody>
        {list.map((one) => (
          <tr key={one.id}>
            <td>
              <Link to={toSession(one.id)} data-row>
                <Ago time={one.start} />
              </Link>
            </td>
            {source && (
              <td>
                <SourceLink ip={one.src} />
              </td>
            )}
            <td>
              <Protocol name={one.protocol} /> <Hostile text={one.sensor} limit={40} />
            </td>
            <td>
              <Labels of={one} />
            </td>
            <td>
              <Hostile text={one.tool ?? '–'} limit={40} />
            </td>
            <td>
              <Kind of={one} />
            </td>
            <td class="wide dim">
              <Hostile text={[...one.scopeReasons, ...one.kindReasons].join(' ')} limit={160} />
            </td>
            <td>
              {one.actor && (
                <Link to={toActor(one.actor)} class="mono">
                  {one.actor.slice(6)}
                </Link>
              )}
            </td>
            <td>
              <Evidence of={one.evidence} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Behaviours that a session shows; the rest of each on hover. */
export function Labels({ of }: { of: SessionRecord }) {
  if (of.labels.length === 0) return <span class="dim">–</span>;
  return (
    <span class="techniques">
      {of.behaviours.map(({ name, label, confidence }) => (
        <span key={name} class="badge technique" title={`${name}, confidence ${confidence}`}>
          {label}
        </span>
      ))}
    </span>
  );
}

/** The kind of actor, and whether it means us. */
export function Kind({ of }: { of: Pick<SessionRecord, 'kind' | 'scope'> }) {
  return (
    <>
      <span class={`badge kind ${of.kind}`}>{of.kind}</span>
      {of.scope !== 'unclassified' && (
        <>
          {' '}
          <span class={`badge scope ${of.scope}`}>{of.scope}</span>
        </>
      )}
    </>
  );
}
