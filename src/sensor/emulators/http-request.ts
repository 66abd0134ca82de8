import type { Wire } from '../emulator.ts';

/** How much of a body is looked at, how much is read at all, and what nginx allows of a head by default. */
export const bodyLimits = {
  kept: 1_048_576,
  read: 33_554_432,
  line: 8_192,
  head: 32_768,
  headers: 256,
} as const;

/** In what servers differ before they look for a page: the status of each fault, 0 where it is none to them. */
export interface Rules {
  /** Gives up at the first byte that no method has, without waiting for the line's end. */
  eager: boolean;
  /** A method as the request line may have it. */
  method: RegExp;
  /** HTTP/2 and later in the request line. */
  version: number;
  /** A path that leaves the root. */
  escape: number;
  /** A request line, and a header line, that is too long. */
  line: number;
  header: { status: number; detail?: string };
  /** A transfer coding other than `chunked`. */
  coding: number;
}

/** Those of nginx, as 1.22.1 was seen to have them. */
export const nginxRules: Rules = {
  eager: true,
  method: /^[A-Z_-]+$/,
  version: 505,
  escape: 400,
  line: 414,
  header: { status: 400, detail: 'Request Header Or Cookie Too Large' },
  coding: 501,
};

export interface Request {
  method: string;
  target: string;
  version: 9 | 10 | 11;
  headers: [string, string][];
  /** The body's first bytes, at most `bodyLimits.kept`. */
  body: Buffer;
  /** All of the body, kept or not. */
  bodySize: number;
  /** What the server refuses it with, before any page is looked for. */
  refused?: {
    status: number;
    detail?: string /** All of it was read: only its path leads too far. */;
    escapes?: true;
  };
}

export function header({ headers }: Pick<Request, 'headers'>, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

/**
 * Reads one request as nginx does (RFC 9112), but keeps what nginx would throw away: whatever is wrong is told in `refused`.
 * Null where the peer leaves before it said anything whole.
 */
export async function readRequest(wire: Wire, rules = nginxRules): Promise<Request | null> {
  const request: Request = {
    method: '',
    target: '',
    version: 11,
    headers: [],
    body: Buffer.alloc(0),
    bodySize: 0,
  };
  const first = await firstLine(wire, request, rules);
  if (first === null) return null;
  if (request.refused || request.version === 9) return request;
  if (!(await readHeaders(wire, request, rules))) return null;
  if (request.refused) return request;
  if (!(await readBody(wire, request, rules))) return null;
  if (!request.refused && rules.escape && escapes(request.target))
    request.refused = { status: rules.escape, escapes: true };
  return request;
}

async function firstLine(wire: Wire, request: Request, rules: Rules): Promise<string | null> {
  // nginx gives up at the first byte that no method has: it does not wait for the line's end.
  for (;;) {
    const bytes = await wire.read();
    if (bytes === null) return null;
    const start = bytes.findIndex((byte) => byte !== 13 && byte !== 10);
    if (start < 0) continue;
    if (rules.eager && !/[A-Z_-]/.test(String.fromCharCode(bytes[start]!))) {
      request.body = bytes.subarray(start);
      request.bodySize = request.body.length;
      request.refused = { status: 400 };
      return '';
    }
    wire.unread(start > 0 ? bytes.subarray(start) : bytes);
    break;
  }
  const line = await wire.line();
  if (line === null) return null;
  const found = /^([!-~]+) +(\S*)(?: +(\S.*))?$/.exec(line);
  request.method = (found?.[1] ?? line.split(' ')[0] ?? '').slice(0, 256);
  request.target = found?.[2] ?? line.slice(request.method.length + 1);
  const version = /^HTTP\/(\d{1,3})\.(\d{1,3}) *$/.exec(found?.[3] ?? '');
  const refuse = (status: number) => {
    if (status) request.refused = { status };
  };
  if (line.length > bodyLimits.line && rules.line) refuse(rules.line);
  else if (!found || !rules.method.test(request.method) || !isTarget(request, rules)) refuse(400);
  else if (found[3] === undefined) {
    request.version = 9;
    if (request.method !== 'GET') refuse(400);
  } else if (!version) refuse(400);
  else if (Number(version[1]) > 1 && rules.version) refuse(rules.version);
  else if (Number(version[1]) < 1) refuse(400);
  else {
    request.version = version[1] === '1' && version[2] === '0' ? 10 : 11;
  }
  return line;
}

/** A path, an address, or what a server that is not nginx takes besides (RFC 9112 §3.2). */
function isTarget({ method, target }: Request, rules: Rules): boolean {
  if (target.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return true;
  if (rules === nginxRules) return false;
  return method === 'CONNECT' || (method === 'OPTIONS' && target === '*');
}

/** Whether a path leaves the root. */
function escapes(target: string): boolean {
  let depth = 0;
  const path = target
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/[?#].*/, '')
    .replace(/%2e/gi, '.')
    .replace(/%2f/gi, '/');
  for (const name of path.split('/')) {
    if (name === '..') depth--;
    else if (name && name !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

async function readHeaders(wire: Wire, request: Request, rules: Rules): Promise<boolean> {
  let size = 0;
  let hosts = 0;
  let broken = false;
  for (;;) {
    const line = await wire.line();
    if (line === null) return false;
    if (line === '') break;
    size += line.length;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).trim();
    if (request.headers.length < bodyLimits.headers) request.headers.push([name, value]);
    if (colon <= 0) broken = true;
    if (name.toLowerCase() === 'host') {
      hosts++;
      if (/[\s/@]/.test(value)) broken = true;
    }
    if (line.length > bodyLimits.line || size > bodyLimits.head) {
      if (!rules.header.status) continue;
      request.refused = { ...rules.header };
      return true;
    }
  }
  if (broken || (hosts === 0 && request.version === 11) || hosts > 1) request.refused = { status: 400 };
  return true;
}

async function readBody(wire: Wire, request: Request, rules: Rules): Promise<boolean> {
  const coding = header(request, 'transfer-encoding');
  const length = header(request, 'content-length');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    request.refused = { status: rules.coding };
    return true;
  }
  if (coding === undefined && length !== undefined && !/^\d{1,15}$/.test(length)) {
    request.refused = { status: 400 };
    return true;
  }
  if (coding === undefined && length === undefined) return true;
  if (Number(length ?? 0) > bodyLimits.read) {
    request.refused = { status: 413 };
    return true;
  }
  if (header(request, 'expect')?.toLowerCase() === '100-continue') wire.send('HTTP/1.1 100 Continue\r\n\r\n');
  const pieces: Buffer[] = [];
  const whole =
    coding === undefined
      ? await readLength(wire, request, Number(length), pieces)
      : await readChunks(wire, request, pieces);
  request.body = Buffer.concat(pieces);
  return whole || request.bodySize > 0;
}

/** Reads this many bytes and keeps the first of them. False where the peer left before. */
async function readLength(wire: Wire, request: Request, size: number, pieces: Buffer[]): Promise<boolean> {
  for (let left = size; left > 0; ) {
    const bytes = await wire.read();
    if (bytes === null) return false;
    const mine = bytes.subarray(0, left);
    if (mine.length < bytes.length) wire.unread(bytes.subarray(left));
    left -= mine.length;
    const room = bodyLimits.kept - Math.min(request.bodySize, bodyLimits.kept);
    if (room > 0) pieces.push(mine.length > room ? mine.subarray(0, room) : mine);
    request.bodySize += mine.length;
  }
  return true;
}

/** RFC 9112 §7.1. */
async function readChunks(wire: Wire, request: Request, pieces: Buffer[]): Promise<boolean> {
  for (;;) {
    const line = await wire.line();
    if (line === null) return false;
    const size = /^([0-9a-f]{1,8})\s*(;.*)?$/i.exec(line)?.[1];
    if (size === undefined) {
      request.refused = { status: 400 };
      return true;
    }
    const bytes = Number.parseInt(size, 16);
    if (request.bodySize + bytes > bodyLimits.read) {
      request.refused = { status: 413 };
      return true;
    }
    if (bytes === 0) break;
    if (!(await readLength(wire, request, bytes, pieces)) || (await wire.line()) === null) return false;
  }
  for (let trailers = 0; trailers < bodyLimits.headers; trailers++) {
    const line = await wire.line();
    if (line === null || line === '') return true;
  }
  request.refused = { status: 400 };
  return true;
}
