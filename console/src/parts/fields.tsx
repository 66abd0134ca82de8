import type { Event } from '../answers.ts';
import { Hostile } from './hostile.tsx';
import { Raw } from './raw.tsx';

/** What else an event holds: headers, body, details, the raw bytes. */
export function Fields({ event }: { event: Event }) {
  return (
    <div class="fields">
      {event.kind === 'request' && <Pairs of={event.headers} />}
      {event.kind === 'access' && (
        <Pairs
          of={[
            ['agent', event.agent ?? ''],
            ['referer', event.referer ?? ''],
          ]}
        />
      )}
      {event.detail && (
        <Pairs of={Object.entries(event.detail).map(([name, value]) => [name, String(value)] as const)} />
      )}
      {event.kind === 'request' && event.body && <Raw text={event.body} />}
      {event.raw !== undefined && <Raw text={event.raw} />}
    </div>
  );
}

/** Whether there is anything to show. */
export function hasFields(event: Event): boolean {
  return (
    event.raw !== undefined ||
    event.detail !== undefined ||
    event.kind === 'request' ||
    (event.kind === 'access' && Boolean(event.agent ?? event.referer))
  );
}

function Pairs({ of }: { of: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl class="pairs mono">
      {of.map(([name, value]) => (
        <div key={`${name} ${value}`}>
          <dt>
            <Hostile text={name} limit={80} />
          </dt>
          <dd>
            <Hostile text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
