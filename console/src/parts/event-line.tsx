import { useState } from 'preact/hooks';
import type { Event } from '../answers.ts';
import { bytes } from '../words.ts';
import { Deed } from './deed.tsx';
import { Fields, hasFields } from './fields.tsx';
import { PayloadLink } from './payload.tsx';
import { Clock } from './time.tsx';

/** One event in a timeline; what else it holds, down to its raw bytes, opens below. */
export function EventLine({ event }: { event: Event }) {
  const [open, setOpen] = useState(false);
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
        {open && <Fields event={event} />}
      </div>
      {hasFields(event) && (
        <button type="button" class="quiet small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {event.raw === undefined ? 'details' : `raw ${bytes(event.raw.length)}`}
        </button>
      )}
    </li>
  );
}
