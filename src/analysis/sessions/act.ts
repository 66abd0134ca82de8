import type { Event } from '../../model/event.ts';
import { plainWeb } from '../web-text.ts';
import type { Technique } from './behaviour-schema.ts';
import { canonical, fold, program, shape, split } from './command-text.ts';
import { decodedLayers } from './dropper/layers.ts';
import type { Session } from './session.ts';

/**
 * What was done, in the form that behaviours are compared with: an event whose text is canonical (`command-text.ts`); a command
 * has `name` (its program) and `value` (its shape) besides its `input`. Equal commands share one.
 */
export interface Deed {
  readonly event: Event;
  readonly shape: string;
  /** What it was found to be; filled in once, by the one matcher and the one table that a `createActs` serves. */
  steps?: readonly number[];
  techniques?: readonly Technique[];
  /** The ids of these techniques, and their tactics. */
  told?: { techniques: string[]; tactics: string[] };
}

/** One thing that was done in a session, and the event that tells of it. */
export interface Act {
  readonly event: Event;
  readonly deed: Deed;
}

/** Acts of one session that are looked at. */
const actLimit = 1_024;

/** What protocols say in commands of their own, which are no shell's. */
const whole = new Set(['redis', 'sip', 'mysql', 'postgres', 'mongodb', 'smtp', 'ftp', 'memcached']);

/** Commands whose deeds are remembered, and characters of one up to which it is: attackers' scripts repeat themselves. */
const remembered = 16_384;
const inputLimit = 1_024;

/**
 * Makes a function that gives the acts of a session in their order. Each simple command of a line is one; so is each in what a
 * line decodes. What it remembers changes nothing of what it gives.
 */
export function createActs(): (session: Session) => Act[] {
  /** By protocol and port, by input. */
  let memory = new Map<string, Map<string, readonly Deed[]>>();
  let size = 0;
  const deedsOf = (event: Event): readonly Deed[] => {
    if (event.kind !== 'command' || event.detail?.exploit !== undefined || event.input.length > inputLimit)
      return deeds(event);
    const service = `${event.protocol} ${event.dst.port}`;
    let known = memory.get(service);
    const found = known?.get(event.input);
    if (found !== undefined) return found;
    if (size++ >= remembered) {
      memory = new Map();
      size = 0;
      known = undefined;
    }
    if (known === undefined) {
      known = new Map();
      memory.set(service, known);
    }
    const made = deeds(event);
    known.set(event.input, made);
    return made;
  };
  return ({ events }) => {
    const acts: Act[] = [];
    for (const event of events) {
      if (event.kind === 'connect' || event.kind === 'close') continue;
      for (const deed of deedsOf(event)) {
        if (acts.length >= actLimit) return acts;
        acts.push({ event, deed });
      }
    }
    return acts;
  };
}

function deeds(event: Event): Deed[] {
  const into: Deed[] = [];
  addDeeds(event, into);
  return into;
}

function addDeeds(event: Event, into: Deed[]): void {
  switch (event.kind) {
    case 'command': {
      const exploit = event.detail?.exploit;
      if (typeof exploit === 'string')
        into.push(
          deed(event, { value: exploit.toLowerCase(), input: canonical(event.input), name: 'exploit' }),
        );
      const web = requestLine.exec(event.input);
      if (web)
        into.push(
          deed(event, { target: plainWeb(web[2]!), method: web[1]!, input: fold(plainWeb(event.input)) }),
        );
      const stripped = event.input.replace(/^(?:shell|exec)(?:,[\w,]{1,32})?:/, '');
      addCommands(event, stripped, into);
      if (encoded.test(stripped))
        for (const layer of decodedLayers(stripped)) addCommands(event, layer, into);
      return;
    }
    case 'request': {
      const target = plainWeb(event.target);
      const body = plainWeb(event.body ?? '');
      const headers = event.headers.map(([name, value]) => `${name}: ${value}`.slice(0, 1_024)).join('\n');
      const input = fold(`${event.method} ${target}\n${plainWeb(headers)}\n\n${body}`);
      into.push(
        deed(event, { target, body, input, name: event.method.toLowerCase(), value: webShape(target) }),
      );
      return;
    }
    case 'access': {
      const target = plainWeb(event.target);
      into.push(deed(event, { target, input: fold(`${event.method} ${target}`), value: webShape(target) }));
      return;
    }
    case 'forward': {
      const input = `forward ${event.host.toLowerCase()}:${event.port}`;
      into.push(deed(event, { input, value: 'forward', name: 'forward' }));
      return;
    }
    case 'data': {
      const raw = event.raw ?? '';
      const web = requestLine.exec(raw);
      const input = fold(web ? plainWeb(raw) : raw);
      const error = event.detail?.module;
      into.push(
        deed(event, {
          input: typeof error === 'string' ? `module load ${error.toLowerCase()}` : input,
          ...(web && { target: plainWeb(web[2]!), method: web[1]! }),
        }),
      );
      return;
    }
    case 'upload':
      into.push(
        deed(event, { name: fold(event.name ?? ''), input: `upload ${shape(fold(event.name ?? ''))}` }),
      );
      return;
    case 'download':
      into.push(deed(event, { url: event.url.toLowerCase(), input: 'download' }));
      return;
    case 'fingerprint':
      into.push(deed(event, { value: event.value.toLowerCase() }));
      return;
    case 'login':
      into.push({ event, shape: '' });
      return;
  }
}

function addCommands(event: Event, text: string, into: Deed[]): void {
  const pieces = whole.has(event.protocol) ? [text] : split(text);
  for (const piece of pieces) {
    if (into.length >= actLimit) return;
    const input = canonical(piece);
    if (input === '') continue;
    into.push(deed(event, { input, name: program(input), value: shape(input) }));
  }
}

interface Texts {
  input?: string;
  name?: string;
  value?: string;
  target?: string;
  body?: string;
  url?: string;
  method?: string;
}

function deed(event: Event, texts: Texts): Deed {
  return { event: { ...event, ...texts }, shape: texts.value ?? texts.input ?? '' };
}

function webShape(target: string): string {
  return shape(target.replace(/\?[\s\S]*$/, (query) => query.replace(/=[^&]*/g, '=')));
}

const requestLine = /^\s{0,8}(GET|POST|HEAD|PUT|OPTIONS|PROPFIND|CONNECT|INVITE|REGISTER)\s{1,8}(\S{1,8192})/;
/** Where something may be wrapped up, it is unwrapped. */
const encoded =
  /base64|\\x[0-9a-f]{2}|\\0?[0-3][0-7]{2}|xxd|-enc|fromcharcode|chr\(|unhex|b64decode|openssl enc/i;
