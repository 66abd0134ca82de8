import { countsAsEcho, withEcho } from '../echo.ts';
import type { Wire } from '../emulator.ts';
import { tellClientHello } from '../tls/tell.ts';
import { reasons as common } from '../web/answer.ts';
import { go } from '../web/servers/go.ts';
import { uvicorn } from '../web/servers/uvicorn.ts';
import { findDownloads } from './downloads.ts';
import { header, type Request, type Rules, readRequest } from './http-request.ts';
import { form } from './web-pages.ts';

/** Requests on one connection, and how much of a body an event carries. */
const requestLimit = 1_000;
const bodyShown = 65_536;

export interface Call {
  request: Request;
  method: string;
  path: string;
  query: ReadonlyMap<string, string>;
  /** The body, one character a byte. */
  text: string;
}

export interface Reply {
  status: number;
  type: string;
  /** One character a byte. */
  body: string;
  headers?: [string, string][];
  /** Goes out in these pieces instead, each after so many milliseconds. */
  pieces?: { text: string; afterMs: number }[];
  close?: boolean;
}

/** How a kind of server frames what it says: Netty as Elasticsearch uses it, Go's net/http, Uvicorn, Node. */
export type Manners = 'netty' | 'go' | 'uvicorn';

const rules: Record<Manners, Rules> = {
  netty: { ...go.rules, method: /^[A-Z]+$/, line: 0 },
  go: go.rules,
  uvicorn: uvicorn.rules,
};
const reasons: Record<number, string> = {
  ...common,
  101: 'Switching Protocols',
  201: 'Created',
  202: 'Accepted',
  307: 'Temporary Redirect',
  406: 'Not Acceptable',
  409: 'Conflict',
};

/** Text as JSON would have it, one character a byte. */
export const latin1 = (text: string) => Buffer.from(text).toString('latin1');
export const json = (status: number, value: unknown, headers?: [string, string][]): Reply => ({
  status,
  type: 'application/json',
  body: latin1(JSON.stringify(value)),
  ...(headers ? { headers } : {}),
});

/** A body read as JSON; null where it is none. Its text is one character a byte, as it came. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    return null;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One connection of an interface over HTTP: each request is told, answered by `respond`, and framed as such a server does. `echoes`
 * says whether a request holds what only a reader of an answer knows; `respond` then tells its events by the wire it is given.
 */
export async function serveApi(
  wire: Wire,
  manners: Manners,
  respond: (call: Call, wire: Wire) => Reply | Promise<Reply>,
  echoes: (call: Call) => boolean = () => false,
): Promise<void> {
  for (let count = 1; count <= requestLimit; count++) {
    const request = await readRequest(wire, rules[manners]);
    if (request === null) return;
    const refused = request.refused !== undefined || request.version === 9;
    const target = request.target.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/';
    const at = target.indexOf('?');
    const call: Call = {
      request,
      method: request.method,
      path: at < 0 ? target : target.slice(0, at),
      query: form(at < 0 ? '' : target.slice(at + 1)),
      text: request.body.toString('latin1'),
    };
    const own = !refused && countsAsEcho(request) && echoes(call) ? withEcho(wire) : wire;
    const reply = refused ? refusal(manners, request) : await respond(call, own);
    tell(own, request, reply.status);
    const wish = header(request, 'connection')?.toLowerCase() ?? '';
    const close =
      reply.close === true ||
      refused ||
      (request.version === 10 ? !wish.includes('keep-alive') : wish.includes('close'));
    await send(wire, manners, request, reply, close);
    if (close) return;
  }
}

function refusal(manners: Manners, request: Request): Reply {
  const status = request.refused?.status ?? 400;
  if (manners === 'go')
    return {
      status,
      type: 'text/plain; charset=utf-8',
      body: `${status} ${reasons[status] ?? 'Bad Request'}`,
    };
  if (manners === 'uvicorn')
    return { status: 400, type: 'text/plain; charset=utf-8', body: 'Invalid HTTP request received.' };
  return json(400, {
    error: {
      root_cause: [{ type: 'illegal_argument_exception', reason: 'invalid request' }],
      type: 'illegal_argument_exception',
      reason: 'invalid request',
    },
    status: 400,
  });
}

function tell(wire: Wire, request: Request, status: number): void {
  const body = request.body.toString('latin1', 0, bodyShown);
  const authorization = header(request, 'authorization') ?? '';
  const basic = /^Basic +([\w+/=-]{1,8192}) *$/i.exec(authorization)?.[1];
  const bearer = /^Bearer +(\S{1,8192}) *$/i.exec(authorization)?.[1];
  if (basic) {
    const pair = Buffer.from(basic, 'base64').toString('latin1');
    const at = pair.indexOf(':');
    wire.emit({
      kind: 'login',
      user: at < 0 ? pair : pair.slice(0, at),
      secret: at < 0 ? '' : pair.slice(at + 1),
      ok: false,
      method: 'basic',
    });
  } else if (bearer) wire.emit({ kind: 'login', user: '', secret: bearer, ok: false, method: 'bearer' });
  wire.emit({
    kind: 'request',
    method: request.method,
    target: request.target,
    status,
    headers: request.headers,
    ...(body ? { body } : {}),
  });
  for (const { url, tool } of findDownloads(body))
    if (tool !== 'url') wire.emit({ kind: 'download', url, tool });
}

async function send(
  wire: Wire,
  manners: Manners,
  request: Request,
  reply: Reply,
  close: boolean,
): Promise<void> {
  const { status, type, body, headers = [] } = reply;
  // Go streams what is larger than its buffer.
  const pieces =
    reply.pieces ?? (manners === 'go' && body.length > 2_048 ? [{ text: body, afterMs: 0 }] : undefined);
  const head = request.method === 'HEAD';
  const date = new Date(wire.now()).toUTCString();
  const first = `HTTP/1.${manners !== 'uvicorn' && request.version === 10 ? 0 : 1} ${status} ${reasons[status] ?? 'OK'}`;
  const chunked = pieces !== undefined && request.version === 11;
  const length = pieces || status === 204 || status === 101 ? undefined : body.length;
  const lines = [first];
  if (request.refused && manners === 'go') lines.push(`Content-Type: ${type}`);
  else if (manners === 'netty')
    lines.push(
      ...headers.map(([name, value]) => `${name}: ${value}`),
      `content-type: ${type}`,
      `content-length: ${length ?? 0}`,
    );
  else if (manners === 'uvicorn') {
    lines.push(`date: ${date}`, 'server: uvicorn', ...headers.map(([name, value]) => `${name}: ${value}`));
    if (length !== undefined) lines.push(`content-length: ${length}`);
    lines.push(`content-type: ${type}`);
  } else {
    const own = type ? [...headers, ['Content-Type', type] as [string, string]] : [...headers];
    lines.push(
      ...own.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}: ${value}`),
      `Date: ${date}`,
    );
    if (length !== undefined) lines.push(`Content-Length: ${length}`);
  }
  if (close && manners !== 'netty' && request.version === 11)
    lines.push(`${manners === 'go' ? 'Connection' : 'connection'}: close`);
  if (chunked) lines.push(manners === 'go' ? 'Transfer-Encoding: chunked' : 'transfer-encoding: chunked');
  wire.send(`${lines.join('\r\n')}\r\n\r\n${head || pieces || length === undefined ? '' : body}`);
  if (!pieces || head) return;
  for (const { text, afterMs } of pieces) {
    await wire.pause(afterMs);
    wire.send(chunked ? `${text.length.toString(16)}\r\n${text}\r\n` : text);
  }
  if (chunked) wire.send('0\r\n\r\n');
}

/** The same within TLS: who offers what is told first; plain HTTP gets what Go says to it (net/http, server.go). */
export async function serveSecureApi(
  wire: Wire,
  respond: (call: Call) => Reply | Promise<Reply>,
): Promise<void> {
  if (await tellClientHello(wire)) {
    if (await wire.startTls()) await serveApi(wire, 'go', respond);
    return;
  }
  const request = await readRequest(wire, rules.go);
  if (request === null) return;
  tell(wire, request, 400);
  wire.send('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
}
