import { type Origin, type RowLine, RowWriter } from '../lake/index.ts';
import type { Event } from '../model/event.ts';
import type { Signal } from '../model/signal.ts';
import type { Journal, Positions, Sealed } from './journal.ts';
import { type Reading, Reject } from './reader.ts';

/** How far an event's time may lie ahead of its arrival, in milliseconds; more is a wrong clock, or a lie. */
const aheadLimit = 5 * 60_000;
/** The earliest time that is taken for real: before it, clocks were not set. */
const earliest = Date.UTC(1995, 0);

export interface IntakeParts {
  /** Names what brings the events: `live`, or an import's id. */
  run: string;
  /** The number of the first event in the order of the run (default 1). */
  firstSeq?: number;
  journal: Journal;
  origin(ip: string): Origin;
  /** `name` gives the event its id, where it has none yet: to be called before anything rests on it. */
  analyse(event: Event, name: () => void): Signal[];
}

/** The line that an event was read from, and the id that names the event by it. */
interface Line extends RowLine {
  id: RowLine['id'] & { text(): string };
}

const ahead = new Reject('its time is ahead of its arrival');
const ancient = new Reject('its time is before any clock was set');

/** Takes events in: journal, origin and analysis, in this order for each batch. One run, one order: a replay is exact. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #rows: RowWriter;
  #signals: Signal[] = [];
  #from = Number.POSITIVE_INFINITY;
  #to = 0;
  #event: Event | undefined;
  #line: Line | undefined;
  readonly #name = () => {
    if (this.#event?.id === '') this.#event.id = this.#line!.id.text();
  };
  /** Events taken since the start. */
  events = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#rows = new RowWriter(parts.run, parts.firstSeq);
  }

  /** Bytes that wait for the next commit. */
  get pending(): number {
    return this.#rows.size;
  }

  /**
   * Takes one event. Read from a line, it may come without an id: its bytes are stored, and its text is made where something
   * rests on it. Throws `Reject` where its time cannot be.
   */
  take(event: Event, line?: Line): void {
    const { time } = event;
    if (time > event.arrived + aheadLimit) throw ahead;
    if (time < earliest) throw ancient;
    this.#event = event;
    this.#line = line;
    this.#rows.write(event, this.#parts.origin, line);
    if (time < this.#from) this.#from = time;
    if (time > this.#to) this.#to = time;
    this.events++;
    const signals = this.#parts.analyse(event, this.#name);
    for (let i = 0; i < signals.length; i++) this.#signals.push(signals[i]!);
  }

  /**
   * Writes what was taken into the journal, with the positions that hold from then on. With `durable`, it is on disk when this
   * returns. Gives the signals that were raised since: they are handed on only now, so that nothing is decided on what a
   * crash could lose. Throws where the disk refuses; then nothing is lost, and the next commit tries again.
   */
  commit(positions: Positions, durable: boolean): Signal[] {
    const { journal } = this.#parts;
    const { rows } = this.#rows;
    if (rows > 0) journal.append(this.#rows.peek(), rows, this.#from, this.#to, positions);
    else journal.note(positions);
    // From here on the journal has them; where it threw, all of it waits for the next commit.
    this.#rows.clear();
    if (durable) journal.sync();
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = 0;
    const signals = this.#signals;
    this.#signals = [];
    return signals;
  }

  seal(): Sealed | null {
    return this.#parts.journal.seal();
  }
}

/** A reading with what only the intake can add. */
export function complete(reading: Reading, id: string, arrived: number, sensor: string): Event {
  const event = reading as Event;
  event.id ??= id;
  event.arrived = arrived;
  event.sensor ??= sensor;
  return event;
}
