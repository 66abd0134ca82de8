import type { Event } from '../answers.ts';
import { aside, deed, verb } from '../words.ts';
import { Hostile } from './hostile.tsx';

/** What an event was: our verb, their words, and what we know beside. */
export function Deed({ event, limit }: { event: Event; limit?: number }) {
  const words = deed(event);
  const more = aside(event);
  return (
    <span class={`deed k-${event.kind}${event.kind === 'login' && event.ok ? ' ok' : ''}`}>
      <span class="verb">{verb(event)}</span>
      {words !== '' && <Hostile text={words} limit={limit} />}
      {more && <span class="dim"> {more}</span>}
    </span>
  );
}
