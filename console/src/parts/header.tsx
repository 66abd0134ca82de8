import type { ComponentChildren } from 'preact';
import { who } from '../api.ts';
import { link } from '../store/live.ts';
import { place } from '../store/place.ts';
import { signOut } from '../store/session.ts';
import { intakeRate, status, statusFault } from '../store/status.ts';
import { count } from '../words.ts';
import { Link } from './link.tsx';

export const views = [
  ['/', 'Live'],
  ['/sources', 'Sources'],
  ['/actors', 'Actors'],
  ['/decisions', 'Decisions'],
  ['/findings', 'Findings'],
  ['/domains', 'Domains'],
  ['/system', 'System'],
] as const;

/** Where one is, where one can go, and how the system does. */
export function Header() {
  const { path } = place.value;
  const now = status.value;
  return (
    <header class="top">
      <Link to="/" class="brand" aria-label="Caltrop, live view">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M16 3v12M16 16 5 26M16 16l11 10M16 16l8-7" />
          <circle cx="16" cy="16" r="3.4" />
        </svg>
        Caltrop
      </Link>
      <nav aria-label="Views">
        {views.map(([to, name], i) => (
          <Link
            key={to}
            to={to}
            aria-current={(to === '/' ? path === '/' : path.startsWith(to)) ? 'page' : undefined}
            title={`Key ${i + 1}`}
          >
            {name}
          </Link>
        ))}
      </nav>
      <ul class="pills">
        {now?.profile === 'lab' && <Pill class="lab">lab</Pill>}
        {now && <Pill class={now.mode}>{now.mode === 'enforce' ? 'enforcing' : 'simulating'}</Pill>}
        {now && (
          <Pill title="Decisions that stand, and of these enforced">
            <b>{count(now.decisions.standing)}</b> standing
          </Pill>
        )}
        {intakeRate.value !== null && (
          <Pill class="rate" title="Events taken in per second">
            <b>{intakeRate.value < 10 ? intakeRate.value.toFixed(1) : count(Math.round(intakeRate.value))}</b>{' '}
            ev/s
          </Pill>
        )}
        <Pill class={statusFault.value ? 'lost' : link.value} title="The live stream">
          <span class="dot" />
          {statusFault.value ? 'no answer, trying again …' : linkWords[link.value]}
        </Pill>
      </ul>
      <button type="button" class="quiet" onClick={() => void signOut()} title={`Signed in as ${who.value}`}>
        Sign out
      </button>
    </header>
  );
}

const linkWords = {
  connecting: 'connecting …',
  open: 'live',
  lost: 'stream lost, reconnecting …',
  refused: 'too many watchers',
};

function Pill({
  children,
  class: name = '',
  title,
}: {
  children: ComponentChildren;
  class?: string;
  title?: string;
}) {
  return (
    <li class={`pill ${name}`} title={title}>
      {children}
    </li>
  );
}
