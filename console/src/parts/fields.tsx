import type { Event } from '../answers.ts';
import { bytes } from '../words.ts';
import { Hostile } from './hostile.tsx';
import { Raw } from './raw.tsx';

/** What else an event holds, below its line: headers, body, details, the raw bytes. */
export function Fields({ event }: { event: Event }) {
  const { detail, raw } = event;
  const shown =
    raw !== undefined || detail !== undefined || event.kind === 'request' || event.kind === 'access';
  if (!shown) return null;
  return (
    <details class="fields">
      <summary>{raw === undefined ? 'Details' : `Raw, ${bytes(raw.length)}`}</summary>
      {event.kind === 'request' && (
        <dl class="pairs mono">
          {event.headers.map(([name, value]) => (
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
      )}
      {event.kind === 'access' && (
        <dl class="pairs mono">
          <Pair name="agent" text={event.agent ?? ''} />
          <Pair name="referer" text={event.referer ?? ''} />
        </dl>
      )}
      {detail && (
        <dl class="pairs mono">
          {Object.entries(detail).map(([name, value]) => (
            <Pair key={name} name={name} text={String(value)} />
          ))}
        </dl>
      )}
      {event.kind === 'request' && event.body && <Raw text={event.body} />}
      {raw !== undefined && <Raw text={raw} />}
    </details>
  );
}

function Pair({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Hostile text={text} />
      </dd>
    </div>
  );
}
