import type { Event } from '../../model/event.ts';
import { plainWeb } from '../web-text.ts';
import { canonical, fold, program, shape, split } from './command-text.ts';
import { decodedLayers } from './dropper/layers.ts';
import type { Session } from './session.ts';

/**
 * One thing that was done: an event in the form that behaviours are compared with. Its text is canonical (`command-text.ts`),
 * and a command has `name` (its program) and `value` (its shape) besides its `input`.
 */
export interface Act {
  readonly event: Event;
  /** What an equal act has as well: texts, protocol and port. */
  readonly key: string;
  readonly name: string;
  readonly shape: string;
}

/** Acts of one session that are looked at. */
const actLimit = 1_024;

/** What protocols say in commands of their own, which are no shell's. */
const whole = new Set(['redis', 'sip', 'mysql', 'postgres', 'mongodb', 'smtp', 'ftp', 'memcached']);

/** The acts of a session in their order. Each simple command of a line is one; so is each in what a line decodes. */
export function actsOf(session: Session): Act[] {
  const acts: Act[] = [];
  for (const event of session.events) {
    if (acts.length >= actLimit) break;
    addActs(event, acts);
  }
  if (acts.length > actLimit) acts.length = actLimit;
  return acts;
}

function addActs(event: Event, into: Act[]): void {
  switch (event.kind) {
    case 'command': {
      const exploit = event.detail?.exploit;
      if (typeof exploit === 'string')
        into.push(
          act(event, { value: exploit.toLowerCase(), input: canonical(event.input), name: 'exploit' }),
        );
      const web = requestLine.exec(event.input);
      if (web)
        into.push(
          act(event, { target: plainWeb(web[2]!), method: web[1]!, input: fold(plainWeb(event.input)) }),
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
        act(event, { target, body, input, name: event.method.toLowerCase(), value: webShape(target) }),
      );
      return;
    }
    case 'access': {
      const target = plainWeb(event.target);
      into.push(act(event, { target, input: fold(`${event.method} ${target}`), value: webShape(target) }));
      return;
    }
    case 'forward': {
      const input = `forward ${event.host.toLowerCase()}:${event.port}`;
      into.push(act(event, { input, value: 'forward', name: 'forward' }));
      return;
    }
    case 'data': {
      const raw = event.raw ?? '';
      const web = requestLine.exec(raw);
      const input = fold(web ? plainWeb(raw) : raw);
      const error = event.detail?.module;
      into.push(
        act(event, {
          input: typeof error === 'string' ? `module load ${error.toLowerCase()}` : input,
          ...(web && { target: plainWeb(web[2]!), method: web[1]! }),
        }),
      );
      return;
    }
    case 'upload':
      into.push(
        act(event, { name: fold(event.name ?? ''), input: `upload ${shape(fold(event.name ?? ''))}` }),
      );
      return;
    case 'download':
      into.push(act(event, { url: event.url.toLowerCase(), input: 'download' }));
      return;
    case 'fingerprint':
      into.push(act(event, { value: event.value.toLowerCase() }));
      return;
    case 'login':
      into.push(act(event, {}));
      return;
  }
}

function addCommands(event: Event, text: string, into: Act[]): void {
  const pieces = whole.has(event.protocol) ? [text] : split(text);
  for (const piece of pieces) {
    if (into.length >= actLimit) return;
    const input = canonical(piece);
    if (input === '') continue;
    into.push(act(event, { input, name: program(input), value: shape(input) }));
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

function act(event: Event, texts: Texts): Act {
  const shown = { ...event, ...texts };
  return {
    event: shown,
    key: keyOf(event, texts),
    name: texts.name ?? '',
    shape: texts.value ?? texts.input ?? '',
  };
}

function keyOf(event: Event, { input = '', value, target, url, name }: Texts): string {
  const head = `${event.kind} ${event.protocol} ${event.dst.port} `;
  switch (event.kind) {
    case 'login':
      return `${head}${event.ok}\n${event.user}\n${event.secret}`;
    case 'fingerprint':
      return `${head}${event.method}\n${value}\n${event.software ?? ''}`;
    case 'upload':
      return `${head}${name}\n${event.sha256}`;
    case 'download':
      return `${head}${url}`;
    default:
      return `${head}${target ?? ''}\n${input}`;
  }
}

function webShape(target: string): string {
  return shape(target.replace(/\?[\s\S]*$/, (query) => query.replace(/=[^&]*/g, '=')));
}

const requestLine = /^\s{0,8}(GET|POST|HEAD|PUT|OPTIONS|PROPFIND|CONNECT|INVITE|REGISTER)\s{1,8}(\S{1,8192})/;
/** Where something may be wrapped up, it is unwrapped. */
const encoded =
  /base64|\\x[0-9a-f]{2}|\\0?[0-3][0-7]{2}|xxd|-enc|fromcharcode|chr\(|unhex|b64decode|openssl enc/i;
