import type { Decision, Event, Finding } from './answers.ts';

/** A scope as people say it. */
export function scopeWords({ scope }: Pick<Decision, 'scope'>): string {
  const { ports, transport } = scope;
  if (ports.length === 0) return 'all ports';
  const shown = ports.slice(0, 6).join(', ');
  const more = ports.length > 6 ? ` and ${ports.length - 6} more` : '';
  return `${transport ?? 'tcp'} ${ports.length === 1 ? 'port' : 'ports'} ${shown}${more}`;
}

/** What an event was, in one or two words of ours. */
export function verb(event: Event): string {
  switch (event.kind) {
    case 'login':
      return event.ok ? 'logged in' : 'tried to log in';
    case 'command':
      return 'command';
    case 'request':
    case 'access':
      return 'request';
    case 'upload':
      return 'left a file';
    case 'download':
      return 'told us to fetch';
    case 'forward':
      return 'wanted through to';
    case 'fingerprint':
      return 'fingerprint';
    case 'data':
      return 'sent bytes';
    case 'connect':
      return 'connected';
    case 'close':
      return 'left';
    case 'flow':
      return `flow ${event.action}ed`;
    case 'answer':
      return 'DNS answer';
    case 'certificate':
      return 'certificate';
    case 'api':
      return 'cloud API';
  }
}

/** What the attacker said or did: text of theirs, to be shown by `Hostile` only. */
export function deed(event: Event): string {
  switch (event.kind) {
    case 'login':
      return `${event.user} / ${event.secret}`;
    case 'command':
      return event.input;
    case 'request':
    case 'access':
      return `${event.method} ${event.target}`;
    case 'upload':
      return event.name ?? '';
    case 'download':
      return event.url;
    case 'forward':
      return `${event.host}:${event.port}`;
    case 'fingerprint':
      return `${event.method} ${event.value} ${event.software ?? ''}`;
    case 'data':
      return event.raw ?? '';
    case 'answer':
      return `${event.name} ${event.type} ${event.answers.map(({ data }) => data).join(' ')}`;
    case 'certificate':
      return `${event.name ?? ''} ${event.names?.join(' ') ?? ''}`.trim();
    case 'api':
      return `${event.service} ${event.action} ${event.user ?? ''} ${event.error ?? ''}`;
    default:
      return '';
  }
}

/** What is known beside their words: sizes, answers of ours. */
export function aside(event: Event): string {
  switch (event.kind) {
    case 'request':
    case 'access':
      return `→ ${event.status}`;
    case 'upload':
    case 'data':
      return bytes(event.size);
    case 'download':
      return event.tool ? `by ${event.tool}` : '';
    case 'flow':
      return `${event.packets} packets, ${bytes(event.size)}`;
    case 'close': {
      const moved = event.received === undefined ? '' : `, ${bytes(event.received)} in`;
      const why = event.reason ? `, ended by ${event.reason}` : '';
      return `after ${duration(event.durationMs)}${moved}${why}`;
    }
    default:
      return '';
  }
}

/** A count of bytes in IEC units. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  let value = count;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

const steps: [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A length of time by its largest unit: `3 min`. */
export function duration(ms: number): string {
  for (const [size, unit] of steps) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return `${Math.round(ms)} ms`;
}

/** How long ago or until, at `now`. */
export function relative(time: number, now: number): string {
  const ms = time - now;
  if (Math.abs(ms) < 1_000) return 'now';
  return ms < 0 ? `${duration(-ms)} ago` : `in ${duration(ms)}`;
}

/** Times are UTC everywhere, as in logs: `2026-01-31 23:59:58`. */
export function absolute(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 19).replace('T', ' ') : '';
}

/** A reason or a deed of ours without what its row says already: until when, which decision, which address. */
export function terse(text: string, subject = ''): string {
  return text
    .replace(/,? until \d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
    .replace(/ \(decision [0-9a-f-]{36}\)/g, '')
    .replace(subject ? `${subject}: ` : '\0', '')
    .replace(subject ? ` ${subject} on` : '\0', '');
}

export function plural(value: number | string, one: string): string {
  return `${count(value)} ${Number(value) === 1 ? one : `${one}s`}`;
}

export function clockTime(time: number): string {
  return absolute(time).slice(11);
}

export function count(value: number | string): string {
  return Number(value).toLocaleString('en-GB');
}

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** The name of a country by its two letters. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code;
}

/** How good a proof is (`docs/evidence.md`). */
export const evidenceWords: Record<string, string> = {
  E0: 'hearsay',
  E1: 'source may be forged',
  E2: 'probable',
  E3: 'handshake-backed',
  E4: 'seen by a decoy, in their own words',
  E5: 'proof of exploitation',
};

/** A day counted since the epoch, as a date (UTC). */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The name that a finding is about: the one that was looked up, where what is registered is its subject. Null for other findings. */
export function domainOf({ subject, seen }: Pick<Finding, 'subject' | 'seen'>): string | null {
  if (subject.type !== 'domain' || /\s/.test(subject.value)) return null;
  const [first = ''] = seen.split(' ', 1);
  return first.endsWith(`.${subject.value}`) ? first : subject.value;
}

/** From one day to another, or on the one that both are. */
export function daysText(first: number, last: number): string {
  return first === last ? dayText(first) : `${dayText(first)} to ${dayText(last)}`;
}
