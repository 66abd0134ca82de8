import type { Body } from '../model/event.ts';
import type { Wire } from './emulator.ts';
import type { Request } from './emulators/http-request.ts';

/**
 * Interfaces over HTTP in which a peer can prove that the words are its own: it says back what only a reader of an earlier
 * answer to the same address knows. docs/decisions/0009-answers-read.md has the reasons.
 */
const protocols: ReadonlySet<string> = new Set(['docker', 'mcp']);
const mark = 'echo';

/** A host by its address: a name could have been rebound to us, and then a page may read what we answer. */
const numeric = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?$/i;
/** Headers that no program but a browser sends, and that a page cannot take away (Fetch, forbidden request-header). */
const browsers = /^(?:origin|referer|sec-fetch-.*|sec-ch-ua.*)$/i;

/** Whether an echo in this request counts: it may not be that of a page which can read our answers. */
export function countsAsEcho({ headers }: Pick<Request, 'headers'>): boolean {
  const hosts = headers.filter(([name]) => name.toLowerCase() === 'host');
  if (hosts.length > 1 || hosts.some(([, value]) => !numeric.test(value.trim()))) return false;
  return !headers.some(([name]) => browsers.test(name));
}

/** The same wire, whose events say that their request held an echo. */
export function withEcho(wire: Wire): Wire {
  return {
    persona: wire.persona,
    memory: wire.memory,
    src: wire.src,
    dst: wire.dst,
    line: () => wire.line(),
    bytes: (size) => wire.bytes(size),
    read: () => wire.read(),
    unread: (bytes) => wire.unread(bytes),
    send: (data) => wire.send(data),
    startTls: () => wire.startTls(),
    emit: (body) => wire.emit({ ...body, detail: { ...body.detail, [mark]: true } }),
    keep: (bytes) => wire.keep(bytes),
    opaque: () => wire.opaque(),
    record: (way, bytes) => wire.record(way, bytes),
    deadline: (at) => wire.deadline(at),
    pause: (ms, options) => wire.pause(ms, options),
    random: () => wire.random(),
    now: () => wire.now(),
  };
}

/** Whether an event of a session in which HTTP was spoken is proven to be the peer's own. */
export function isEchoed(protocol: string, { detail }: Body): boolean {
  return protocols.has(protocol) && detail?.[mark] === true;
}
