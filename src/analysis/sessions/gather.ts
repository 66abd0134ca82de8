import type { Named } from './dropper/indicators.ts';
import type { Session } from './session.ts';
import { publicKey } from './traces.ts';

/** An address or a file that a session gave away. */
export interface Indicator {
  type: Named['type'] | 'hash' | 'ssh-key';
  value: string;
  says: string;
  /** Ids of the events that it rests on. */
  because: string[];
}

/** Indicators of one session, and events that one is said to rest on. */
const indicatorLimit = 128;
const because = 16;

/** What a session gave away: in each of its texts, and in what its commands come to together. */
export function gather(session: Session, named: (text: string) => readonly Named[]): Indicator[] {
  const found = new Map<string, Indicator>();
  const add = (type: Indicator['type'], value: string, says: string, ids: readonly string[]) => {
    const key = `${type} ${value}`;
    const known = found.get(key);
    if (known) {
      for (const id of ids)
        if (known.because.length < because && !known.because.includes(id)) known.because.push(id);
    } else if (found.size < indicatorLimit)
      found.set(key, { type, value, says, because: ids.slice(0, because) });
  };
  const lines: string[] = [];
  const ids: string[] = [];
  for (const event of session.events) {
    for (const text of textsOf(event))
      for (const one of named(text)) add(one.type, one.value, one.says, [event.id]);
    if (event.kind === 'upload' && event.sha256 !== '')
      add('hash', event.sha256, 'is a file that it left', [event.id]);
    const sha256 = event.kind === 'download' ? event.detail?.sha256 : undefined;
    if (typeof sha256 === 'string' && sha256 !== '')
      add('hash', sha256, 'is a file that it fetched', [event.id]);
    if (event.kind === 'fingerprint' && event.method === 'ssh-key' && event.value !== '')
      add('ssh-key', event.value, 'is a key that it came with', [event.id]);
    if (event.kind === 'command') {
      if (event.input.includes('AAAA'))
        for (const [, key] of event.input.matchAll(publicKey))
          add('ssh-key', key!, 'is a key that it left', [event.id]);
      lines.push(event.input);
      ids.push(event.id);
    }
  }
  // A program written in pieces, a here-document, a variable set on another line.
  if (lines.length > 1 && pieced(lines))
    for (const text of [lines.join('\n'), filesOf(lines)])
      for (const one of named(text)) add(one.type, one.value, one.says, ids);
  return [...found.values()];
}

/** Whether one line goes on in another: a here-document, two pieces of a file, a variable. */
function pieced(lines: readonly string[]): boolean {
  const files = new Set<string>();
  for (const line of lines) {
    if (line.includes('<<') || setsVariable.test(line)) return true;
    if (!line.includes('>') || !writes.test(line)) continue;
    const file = />\s{0,4}([\w./~-]{1,128})/.exec(line)?.[1];
    if (file === undefined || file === '/dev/null') continue;
    if (files.has(file)) return true;
    files.add(file);
  }
  return false;
}

const setsVariable = /(?:^|[;&|]\s?)(?:export )?[A-Za-z_]\w{0,31}=["']?[\w:/.+]{4}/;
const writes = /\b(?:echo|printf)\b/;

function textsOf(event: Session['events'][number]): string[] {
  switch (event.kind) {
    case 'command':
      return [event.input];
    case 'request':
      return [
        plain(event.target),
        ...(event.body ? [plain(event.body)] : []),
        ...event.headers.flatMap(([name, value]) => (ours.test(name) ? [] : [value])),
      ];
    case 'download':
      return [event.url];
    case 'data':
      return event.raw ? [event.raw] : [];
    default:
      return [];
  }
}

/** Headers that name us, or who calls, and no dropper. */
const ours =
  /^(?:host|referer|origin|user-agent|accept.*|connection|content-.*|cookie|via|cache-control|from|contact|to)$/i;

/** A target or a body with its percent escapes undone and blanks for `+` before an option or a path. */
function plain(text: string): string {
  return text
    .slice(0, 65_536)
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\+(?=[-/\w])/g, ' ');
}

/** What is written piece by piece with `echo` or `printf` and `>>`, put together. */
function filesOf(lines: readonly string[]): string {
  const files = new Map<string, string>();
  for (const line of lines)
    for (const [, text, file] of line.matchAll(
      /\b(?:echo|printf)\s{1,4}(?:-\w{1,3}\s{1,4})?["']?([^"'>\n]{1,4096})["']?\s{0,4}>{1,2}\s{0,4}([\w./~-]{1,128})/g,
    )) {
      if (!files.has(file!) && files.size >= 16) continue;
      const before = files.get(file!) ?? '';
      if (before.length < 65_536) files.set(file!, before + text!);
    }
  return [...files.values()].join('\n');
}
