import { useState } from 'preact/hooks';
import type { Event, SourcePage } from '../answers.ts';
import { ask } from '../api.ts';
import { absolute, count, duration, plural } from '../words.ts';
import { Protocol } from './badge.tsx';
import { EventLine } from './event-line.tsx';
import { Hostile } from './hostile.tsx';
import { Fault } from './notice.tsx';
import { Ago } from './time.tsx';

/** Events asked for at once. */
const page = 300;
/** Sessions that are drawn open: the newest. */
const opened = 4;

/** All that a source did, by session, the newest first; within a session in order. */
export function Timeline({ ip, latest, total }: { ip: string; latest: readonly Event[]; total: number }) {
  const [older, setOlder] = useState<readonly Event[]>([]);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const all = new Map([...latest, ...older].map((event) => [event.id, event]));
  const sessions = bySession([...all.values()]);

  async function more(): Promise<void> {
    const last = older.at(-1) ?? latest.at(-1);
    if (!last) return;
    setBusy(true);
    setFault('');
    try {
      const query = new URLSearchParams({
        limit: String(page),
        before: String(last.time),
        beforeId: last.id,
      });
      const next = await ask<SourcePage>(`/sources/${encodeURIComponent(ip)}?${query}`);
      setOlder([...older, ...next.timeline]);
    } catch (error) {
      setFault((error as Error).message);
    }
    setBusy(false);
  }
  return (
    <div class="timeline">
      {sessions.map((events, i) => (
        <Session key={keyOf(events[0]!)} events={events} open={i < opened} />
      ))}
      {fault && <Fault text={fault} />}
      <p class="notice dim">
        {count(all.size)} of {count(Math.max(total, all.size))} events.{' '}
        {all.size < total && (
          <button type="button" disabled={busy} onClick={() => void more()}>
            {busy ? 'Loading …' : 'Older'}
          </button>
        )}
      </p>
    </div>
  );
}

function Session({ events, open }: { events: readonly Event[]; open: boolean }) {
  const first = events[0]!;
  const last = events.at(-1)!;
  return (
    <details class="card session" open={open}>
      <summary>
        <time class="num" dateTime={new Date(first.time).toISOString()}>
          {absolute(first.time)}
        </time>
        <Protocol name={first.protocol} port={first.dst.port} />
        <span class="dim">
          {first.decoy ? 'decoy' : 'host'} <Hostile text={first.sensor} limit={40} />
        </span>
        <span class="dim">{first.handshake === 'none' ? 'source may be forged' : first.handshake}</span>
        <span class="dim">
          {plural(events.length, 'event')} in {duration(last.time - first.time)}
        </span>
        <span class="dim right">
          <Ago time={first.time} />
        </span>
      </summary>
      <ul class="events">
        {events.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </ul>
    </details>
  );
}

const keyOf = (event: Event) => `${event.sensor} ${event.session}`;

/** Sessions with the newest first, each with its events in order. */
function bySession(events: readonly Event[]): Event[][] {
  const sessions = new Map<string, Event[]>();
  for (const event of events) {
    const list = sessions.get(keyOf(event));
    if (list) list.push(event);
    else sessions.set(keyOf(event), [event]);
  }
  for (const list of sessions.values()) list.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  return [...sessions.values()].sort((a, b) => b.at(-1)!.time - a.at(-1)!.time);
}
