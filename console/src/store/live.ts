import { computed, signal } from '@preact/signals';
import type { LiveMessage } from '../answers.ts';
import { ask, who } from '../api.ts';
import { locate } from './places.ts';

export type LiveRow = LiveMessage & { key: number; at: number };
export type Link = 'connecting' | 'open' | 'lost' | 'refused';

/** Rows that are kept, seconds that the chart shows, and how long messages gather before the page is drawn anew. */
export const limits = { rows: 500, seconds: 300, drawMs: 150, retryMs: 4_000 };

/** The latest of what happened, newest first. */
export const rows = signal<readonly LiveRow[]>([]);
export const link = signal<Link>('connecting');
export const paused = signal(false);
/** What came while paused, newest first, within the same bound. */
const held = signal<readonly LiveRow[]>([]);
export const heldCount = computed(() => held.value.length);
/** Decisions seen on the stream so far: lists reload when it moves. */
export const decided = signal(0);
export const found = signal(0);
/** Events in each second, by second since the epoch. */
export const perSecond = signal<ReadonlyMap<number, number>>(new Map());
export const alarm = signal<{ text: string; time: number } | null>(null);

let source: EventSource | null = null;
let fresh: LiveRow[] = [];
let drawing = false;
let lastBeat = 0;

/** Listens to the stream until nobody is signed in. A lost stream comes back by itself, from where it was. */
export function connect(): void {
  if (source || !who.peek()) return;
  link.value = 'connecting';
  source = new EventSource('/api/v1/stream');
  source.onopen = () => {
    link.value = 'open';
    lastBeat = Date.now();
  };
  source.onerror = () => {
    if (link.peek() !== 'refused') link.value = 'lost';
    // A closed source stays closed: the answer was an error, perhaps that our session ended.
    if (source?.readyState === EventSource.CLOSED) {
      disconnect();
      setTimeout(() => void ask('/session').then(connect, () => who.peek() && connect()), limits.retryMs);
    }
  };
  source.addEventListener('beat', () => {
    lastBeat = Date.now();
    link.value = 'open';
  });
  source.addEventListener('refused', () => {
    link.value = 'refused';
    disconnect();
    setTimeout(connect, limits.retryMs * 4);
  });
  for (const type of ['event', 'decision', 'finding', 'alarm']) source.addEventListener(type, take);
}

export function disconnect(): void {
  source?.close();
  source = null;
}

/** Holds what comes, or shows what was held. */
export function togglePause(): void {
  paused.value = !paused.value;
  if (paused.value) return;
  rows.value = [...held.value, ...rows.value].slice(0, limits.rows);
  held.value = [];
}

function take(message: MessageEvent<string>): void {
  lastBeat = Date.now();
  const parsed = JSON.parse(message.data) as LiveMessage;
  const key = Number(message.lastEventId);
  fresh.push({ ...parsed, key, at: timeOf(parsed) });
  if (fresh.length > limits.rows * 4) fresh.shift();
  if (drawing) return;
  drawing = true;
  setTimeout(draw, limits.drawMs);
}

function draw(): void {
  drawing = false;
  const more = fresh.reverse();
  fresh = [];
  const counts = new Map(perSecond.peek());
  for (const row of more) {
    if (row.type === 'event') {
      const second = Math.floor(row.at / 1_000);
      counts.set(second, (counts.get(second) ?? 0) + 1);
      locate(row.event.src.ip);
    } else if (row.type === 'decision') decided.value++;
    else if (row.type === 'finding') found.value++;
    else if (row.at > Date.now() - 60_000) alarm.value = { text: row.text, time: row.at };
  }
  const oldest = Math.floor(Date.now() / 1_000) - limits.seconds;
  for (const second of counts.keys()) if (second < oldest) counts.delete(second);
  perSecond.value = counts;
  const into = paused.peek() ? held : rows;
  into.value = [...more, ...into.peek()].slice(0, limits.rows);
}

function timeOf(message: LiveMessage): number {
  if (message.type === 'event') return message.event.time;
  if (message.type === 'decision') return message.ended ? Date.now() : message.decision.time;
  return message.type === 'finding' ? message.finding.last : message.time;
}

// The server beats every 15 s: a connection that died without a word is told by its silence.
setInterval(() => {
  if (source && link.peek() === 'open' && Date.now() - lastBeat > 40_000) {
    link.value = 'lost';
    disconnect();
    connect();
  }
}, 5_000);
