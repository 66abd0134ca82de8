import type { SessionRecord } from '../answers.ts';
import { Evidence, Protocol } from './badge.tsx';
import { Hostile } from './hostile.tsx';
import { Link, SourceLink, toActor, toSession } from './link.tsx';
import { type Column, Rows } from './rows.tsx';
import { Ago } from './time.tsx';

/** Sessions as a table: what each was, what did it, who seems to be behind it, and why it is thought so. */
export function SessionRows({ list, source = false }: { list: readonly SessionRecord[]; source?: boolean }) {
  const columns: Column<SessionRecord>[] = [
    {
      head: 'When',
      cell: (one) => (
        <Link to={toSession(one.id)} data-row>
          <Ago time={one.start} />
        </Link>
      ),
    },
    source && { head: 'Source', cell: (one) => <SourceLink ip={one.src} /> },
    {
      head: 'Where',
      cell: (one) => (
        <>
          <Protocol name={one.protocol} /> <Hostile text={one.sensor} limit={40} />
        </>
      ),
    },
    { head: 'Labels', cell: (one) => <Labels of={one} /> },
    { head: 'Tool', cell: (one) => <Hostile text={one.tool ?? '–'} limit={40} /> },
    { head: 'Kind', cell: (one) => <Kind of={one} /> },
    {
      head: 'Why',
      class: 'wide dim',
      cell: (one) => <Hostile text={[...one.scopeReasons, ...one.kindReasons].join(' ')} limit={160} />,
    },
    {
      head: 'Actor',
      cell: (one) =>
        one.actor && (
          <Link to={toActor(one.actor)} class="mono">
            {one.actor.slice(6)}
          </Link>
        ),
    },
    { head: 'Proof', cell: (one) => <Evidence of={one.evidence} /> },
  ];
  return <Rows class="sessions" list={list} keyOf={({ id }) => id} columns={columns} />;
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
