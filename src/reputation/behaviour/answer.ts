/** What the counters need of one DNS answer. Times are milliseconds since the epoch, the event's own. */
export interface Seen {
  time: number;
  /** A normal name (`normalName`). */
  name: string;
}
