import type { StoredDecision } from '../answers.ts';
import { scopeWords, terse } from '../words.ts';
import { Evidence, Mode, Standing } from './badge.tsx';
import { Hostile } from './hostile.tsx';
import { Link, SourceLink, toDecision } from './link.tsx';
import { type Column, Rows } from './rows.tsx';
import { Ago } from './time.tsx';

/** Decisions as a table. */
export function DecisionRows({ list, source = true }: { list: readonly StoredDecision[]; source?: boolean }) {
  const columns: Column<StoredDecision>[] = [
    { head: 'Decided', class: 'dim', cell: ({ decision }) => <Ago time={decision.time} /> },
    source && { head: 'Source', cell: ({ decision }) => <SourceLink ip={decision.scope.source} /> },
    {
      head: 'Decision',
      cell: ({ decision }) => (
        <Link to={toDecision(decision.id)} data-row>
          {decision.action} {scopeWords(decision)}
        </Link>
      ),
    },
    { head: 'State', cell: (one) => <Standing of={one} /> },
    {
      head: 'Until',
      cell: ({ ended, decision }) => (ended ? <span class="dim">–</span> : <Ago time={decision.until} />),
    },
    { head: 'Mode', cell: ({ decision }) => <Mode of={decision.mode} /> },
    { head: 'Proof', cell: ({ decision }) => <Evidence of={decision.evidence} /> },
    {
      head: 'By',
      cell: ({ decision }) =>
        decision.actor === 'policy' ? (
          <span class="mono">{decision.policy}</span>
        ) : (
          <Hostile text={decision.actor} limit={40} />
        ),
    },
    {
      head: 'Why',
      class: 'wide dim',
      cell: ({ decision }) => <Hostile text={terse(decision.reason)} limit={110} />,
    },
  ];
  return <Rows list={list} keyOf={({ decision }) => decision.id} columns={columns} />;
}
