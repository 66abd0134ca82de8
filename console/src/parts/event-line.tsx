import type { Event } from '../answers.ts';
import { Deed } from './deed.tsx';
import { Fields } from './fields.tsx';
import { PayloadLink } from './payload.tsx';
import { Clock } from './time.tsx';

/** One event in a timeline. */
export function EventLine({ event }: { event: Event }) {
  const hash = event.kind === 'upload' || event.kind === 'data' ? event.sha256 : undefined;
  return (
    <li class="event" id={event.id}>
      <Clock time={event.time} />
      <div class="grow">
        <Deed event={event} limit={600} />
        {hash && (
          <>
            {' '}
            <PayloadLink sha256={hash} />
          </>
        )}
        <Fields event={event} />
      </div>
    </li>
  );
}
