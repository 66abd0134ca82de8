import type { Proof, Signal } from '../answers.ts';
import { Evidence, Protocol, Techniques } from './badge.tsx';
import { EventLine } from './event-line.tsx';
import { Hostile } from './hostile.tsx';
import { SourceLink } from './link.tsx';
import { Ago } from './time.tsx';

/** Events of one signal that are drawn before it is asked for the rest. */
const shown = 6;

/** The chain under a verdict: each signal, and the events that it rests on, down to their bytes. */
export function Proofs({ signals, source = false }: { signals: readonly Proof[]; source?: boolean }) {
  return (
    <ol class="proofs">
      {signals.map((one) => (
        <li key={one.id} class="card">
          <SignalHead signal={one} source={source} />
          <ul class="events">{one.events.slice(0, shown).map(eventOrWord)}</ul>
          {one.events.length > shown && (
            <details class="rest">
              <summary>{one.events.length - shown} more events</summary>
              <ul class="events">{one.events.slice(shown).map(eventOrWord)}</ul>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

export function SignalHead({ signal, source = false }: { signal: Signal; source?: boolean }) {
  const [target] = signal.targets;
  return (
    <div class="signal">
      <p class="says">
        <Evidence of={signal.evidence} /> <Hostile text={signal.says} />
      </p>
      <p class="dim meta">
        <span class="mono">{signal.detector}</span>
        <span>confidence {Math.round(signal.confidence * 100)} %</span>
        {target && (
          <span>
            <Protocol name={target.protocol} port={target.port} /> {target.decoy ? 'decoy' : 'host'}{' '}
            {target.sensor}
          </span>
        )}
        {source && signal.subject.type === 'ip' && <SourceLink ip={signal.subject.value} />}
        <Ago time={signal.time} />
        <Techniques ids={signal.attack} />
      </p>
    </div>
  );
}

function eventOrWord(event: Proof['events'][number]) {
  if ('missing' in event) {
    return (
      <li key={event.id} class="event dim">
        {event.missing} <span class="mono">{event.id}</span>
      </li>
    );
  }
  return <EventLine key={event.id} event={event} />;
}
