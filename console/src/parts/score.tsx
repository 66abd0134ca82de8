import type { HostStanding } from '../answers.ts';
import { Hostile } from './hostile.tsx';
import { Link, toDomain, toSource } from './link.tsx';

/** Where a name or an address stands, from 0 (good) to 100 (bad), and what that makes of it. */
export function Score({ score, of, title }: { score: number; of: string; title?: string }) {
  return (
    <span class={`badge score ${of.toLowerCase()}`} title={title}>
      {score.toFixed(1)} <span class="words">{of}</span>
    </span>
  );
}

/** Hosts with their scores and why; each leads to its own page. */
export function HostScores({ list }: { list: readonly HostStanding[] }) {
  return (
    <ul class="hosts">
      {list.map(({ host, score, class: kind, reason, company }) => (
        <li key={host}>
          <Score score={score} of={kind} />{' '}
          <Link to={/^[\d.]+$|:/.test(host) ? toSource(host) : toDomain(host)} class="mono">
            <Hostile text={host} limit={100} />
          </Link>{' '}
          <span class="dim">
            <Hostile text={reason} limit={160} />
            {company !== undefined && `; ${company}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
