import { Bounded } from '../../kit/bounded.ts';
import type { Event } from '../../model/event.ts';
import { type Session, type SessionLimits, sessionLimits } from './session.ts';

/** How many times in the time of idleness it is looked for sessions that are over. */
const lookEvery = 20;

/**
 * Joins events to sessions and hands each on, once, when it ends: by its close, by ten minutes of event time without a word,
 * by the limits, or by `end`. Lines of logs (flows, DNS answers, API records) belong to no session and pass by.
 */
export class SessionBuilder {
  /** By sensor and session, in the order in which they began. */
  readonly #open = new Map<string, Session>();
  readonly #ended: Bounded<string, true>;
  readonly #limits: SessionLimits;
  readonly #done: (session: Session) => void;
  #bytes = 0;
  #now = Number.NEGATIVE_INFINITY;
  /** When it was last looked for sessions that are over, in event time. */
  #looked = Number.NEGATIVE_INFINITY;
  /** Events that came after their session's close. */
  late = 0;

  constructor(done: (session: Session) => void, limits: Partial<SessionLimits> = {}) {
    this.#limits = { ...sessionLimits, ...limits };
    this.#ended = new Bounded(this.#limits.ended);
    this.#done = done;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Where the first event of the session stands that has been open for longest; none where none is. */
  get oldest(): number | undefined {
    for (const { at } of this.#open.values()) return at;
    return undefined;
  }

  /** `at` is where the event stands in its stream. */
  push(event: Event, at = 0): void {
    const { kind } = event;
    if (kind === 'flow' || kind === 'answer' || kind === 'certificate' || kind === 'api') return;
    const key = `${event.session}\n${event.sensor}`;
    if (event.time > this.#now) {
      this.#now = event.time;
      if (event.time - this.#looked >= this.#limits.idleMs / lookEvery) this.#expire();
    }
    let open = this.#open.get(key);
    if (open === undefined) {
      if (kind !== 'connect' && this.#ended.has(key)) {
        this.late++;
        return;
      }
      open = begin(event, at);
      this.#open.set(key, open);
    }
    this.#add(open, event);
    if (kind === 'close') this.#finish(key, open, 'closed');
    while (this.#open.size > this.#limits.open || this.#bytes > this.#limits.allBytes) {
      const [[oldest, quiet]] = this.#open.entries() as unknown as [[string, Session]];
      this.#finish(oldest, quiet, 'limit');
    }
  }

  /** Nothing more of before `now` will come: what was silent for long enough is over. */
  quiet(now: number): void {
    if (now <= this.#now) return;
    this.#now = now;
    this.#expire();
  }

  /** The input is over: so are all sessions. */
  end(): void {
    for (const [key, open] of this.#open) this.#finish(key, open, 'input-end');
  }

  #add(session: Session, event: Event): void {
    if (event.time > session.end) session.end = event.time;
    if (event.time < session.start) session.start = event.time;
    const size = sizeOf(event);
    if (session.events.length >= this.#limits.events || session.bytes + size > this.#limits.bytes) {
      session.cut++;
      return;
    }
    session.bytes += size;
    this.#bytes += size;
    session.events.push(event);
  }

  #expire(): void {
    this.#looked = this.#now;
    const before = this.#now - this.#limits.idleMs;
    for (const [key, open] of this.#open) if (open.end < before) this.#finish(key, open, 'idle');
  }

  #finish(key: string, open: Session, ended: Session['ended']): void {
    this.#open.delete(key);
    this.#bytes -= open.bytes;
    if (ended === 'closed') this.#ended.set(key, true);
    open.ended = ended;
    this.#done(open);
  }
}

function begin({ sensor, session, protocol, src, dst, decoy, time }: Event, at: number): Session {
  return {
    sensor,
    session,
    protocol,
    src,
    dst,
    decoy,
    start: time,
    end: time,
    ended: 'input-end',
    at,
    events: [],
    bytes: 0,
    cut: 0,
  };
}

/** What an event is taken to hold: its text, and something for the rest. */
function sizeOf(event: Event): number {
  let size = 256 + (event.raw?.length ?? 0);
  switch (event.kind) {
    case 'command':
      return size + event.input.length;
    case 'login':
      return size + event.user.length + event.secret.length;
    case 'request':
      for (const [name, value] of event.headers) size += name.length + value.length;
      return size + event.target.length + (event.body?.length ?? 0);
    case 'access':
      return size + event.target.length;
    default:
      return size;
  }
}
