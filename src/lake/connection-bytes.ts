import type { Event } from '../model/event.ts';

/** Connections remembered, by the port of the source. A power of two. */
const slots = 1_024;
/** Bytes that are kept of one. */
const room = 256;

/**
 * The columns that all events of a connection share, as they were written for its last event: readers hand out the same `src` and
 * `dst` for all readings of a session. A connection that another pushed out is only written anew.
 */
export class ConnectionBytes {
  readonly #events = new Array<Event | undefined>(slots);
  readonly #bytes = new Uint8Array(slots * room);
  readonly #sizes = new Uint16Array(slots);

  keep(event: Event, bytes: Uint8Array, from: number, to: number): void {
    if (to - from > room) return;
    const slot = event.src.port & (slots - 1);
    this.#events[slot] = event;
    this.#bytes.set(bytes.subarray(from, to), slot * room);
    this.#sizes[slot] = to - from;
  }

  /** Writes them, where this event's are known. Returns how many bytes these are, or 0. */
  copy(event: Event, into: Uint8Array, at: number): number {
    const slot = event.src.port & (slots - 1);
    const known = this.#events[slot];
    if (
      known?.src !== event.src ||
      known.dst !== event.dst ||
      known.handshake !== event.handshake ||
      known.session !== event.session ||
      known.sensor !== event.sensor ||
      known.protocol !== event.protocol ||
      known.transport !== event.transport ||
      known.decoy !== event.decoy
    )
      return 0;
    const bytes = this.#bytes;
    const from = slot * room;
    const size = this.#sizes[slot]!;
    for (let i = 0; i < size; i++) into[at + i] = bytes[from + i]!;
    return size;
  }
}
