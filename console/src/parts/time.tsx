import { now } from '../store/now.ts';
import { absolute, clockTime, relative } from '../words.ts';

/** How long ago, or until; the full time on hover. */
export function Ago({ time }: { time: number }) {
  return (
    <time class="num" dateTime={iso(time)} title={`${absolute(time)} UTC`}>
      {relative(Number(time), now.value)}
    </time>
  );
}

/** The time of day, in UTC; the full time on hover. */
export function Clock({ time }: { time: number }) {
  return (
    <time class="num" dateTime={iso(time)} title={`${absolute(time)} UTC`}>
      {clockTime(time)}
    </time>
  );
}

/** The full time, and how long ago or until. */
export function When({ time }: { time: number }) {
  return (
    <time class="num" dateTime={iso(time)}>
      {absolute(Number(time))} UTC <span class="dim">({relative(Number(time), now.value)})</span>
    </time>
  );
}

function iso(time: number): string {
  return new Date(Number(time)).toISOString();
}
