import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import type { Answer } from '../web/answer.ts';
import type { About } from '../web/server.ts';
import { serverOf } from '../web/servers/index.ts';
import { siteOf } from '../web/sites/index.ts';
import { admits } from './credentials.ts';
import { findDownloads } from './downloads.ts';
import { type Bite, lures } from './http-lures.ts';
import { header, type Request, readRequest } from './http-request.ts';
import { inject } from './inject.ts';
import { decode, form } from './web-pages.ts';

/** Requests on one connection (nginx: keepalive_requests), and how much of a body an event carries. */
const requestLimit = 1_000;
const bodyShown = 65_536;
/** A body of this size or more, or one that looks like a program, is kept as a payload. */
const payloadSize = 4_096;

type Lured = Bite & { name: string };

const options = z.strictObject({
  /** Weaknesses that it seems to have; the others are recorded and not found. Those of the persona where it is left out. */
  lures: z.array(z.string()).optional(),
});

/** HTTP as the persona's web server speaks it. RFC 9112; what is malformed is recorded and answered as that server does. */
export const http = defineEmulator({
  name: 'http',
  summary: "The persona's web server and its pages",
  port: 80,
  highPort: 8080,
  options,

  // The client speaks first.
  greet: () => true,
  session: (wire, options) => serveSite(wire, options, false),
});

/** One connection, plain or within TLS. */
export async function serveSite(
  wire: Wire,
  options: { lures?: string[] | undefined },
  secure: boolean,
): Promise<void> {
  const { persona } = wire;
  const server = serverOf(persona);
  const shown = new Set(options.lures ?? persona.web.lures);
  for (let count = 1; count <= requestLimit; count++) {
    const request = await readRequest(wire, server.rules);
    if (request === null) return;
    const about: About = { persona, request, secure, detail: request.refused?.detail ?? '' };
    const lured = request.refused && !request.refused.escapes ? undefined : lure(wire, request);
    const open = lured !== undefined && shown.has(lured.name);
    let answer =
      (open ? (lured.answer ?? lured.render?.('')) : undefined) ??
      (request.refused && server.failure(request.refused.status, about)) ??
      page(wire, about);
    tellBasic(wire, request);
    tell(wire, request, answer.status, lured);
    const output = await consequences(wire, request, lured);
    if (open && lured.render) answer = lured.render(output);
    const keepAlive = !answer.close && count < requestLimit && wantsMore(request);
    const head = request.method === 'HEAD';
    const framing = {
      server: persona.web.server,
      now: wire.now(),
      keepAlive,
      version: request.version,
      head,
    };
    wire.send(server.frame(answer, framing));
    if (!keepAlive) return;
  }
}

function wantsMore(request: Request): boolean {
  const wish = header(request, 'connection')?.toLowerCase() ?? '';
  if (request.version === 11) return !wish.includes('close');
  return request.version === 10 && wish.includes('keep-alive');
}

function lure(wire: Wire, request: Request): Lured | undefined {
  for (const { name, match } of lures) {
    const bite = match(wire, request);
    if (bite) return { name, ...bite };
  }
  return undefined;
}

function page(wire: Wire, about: About): Answer {
  const { persona, request } = about;
  const server = serverOf(persona);
  const site = siteOf(persona);
  const path = decode(request.target.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*/, '')) || '/';
  if (request.method === 'POST' && site.login?.paths.includes(path)) {
    tellLogin(wire, request, site.login);
    return site.login.failed;
  }
  const found = site.pages.get(path) ?? site.other?.(request, path);
  const other = server.method(about, found);
  if (other) return other;
  if (!found) return server.failure(404, about);
  // A page without words of its own is the server's.
  return found.kind === 'error' && !found.body ? server.failure(found.status, about) : found;
}

/** The web interface never opens: behind it would be a whole product. The pair is weighed all the same. */
function tellLogin(wire: Wire, request: Request, names: { user: string; password: string }): void {
  const text = request.body.toString('latin1', 0, bodyShown);
  const fields = text.startsWith('{') ? jsonFields(text) : form(text);
  const user = fields.get(names.user) ?? '';
  const secret = fields.get(names.password) ?? '';
  if (!user && !secret) return;
  const plausible = admits(wire, user, secret);
  wire.emit({ kind: 'login', user, secret, ok: false, method: 'form', detail: { plausible } });
}

function jsonFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/"([\w-]{1,64})"\s*:\s*"((?:[^"\\]|\\.){0,4096})"/g))
    fields.set(name!, value!.replace(/\\(["\\/])/g, '$1'));
  return fields;
}

/** Credentials in the head of any request (RFC 7617). */
function tellBasic(wire: Wire, request: Request): void {
  const given = /^Basic +([\w+/=-]{1,8192}) *$/i.exec(header(request, 'authorization') ?? '')?.[1];
  if (!given) return;
  const pair = Buffer.from(given, 'base64').toString('latin1');
  const at = pair.indexOf(':');
  const [user, secret] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  wire.emit({ kind: 'login', user, secret, ok: false, method: 'basic' });
}

function tell(wire: Wire, request: Request, status: number, lured: Lured | undefined): void {
  const body = request.body.toString('latin1', 0, bodyShown);
  wire.emit({
    kind: 'request',
    method: request.method,
    target: request.target,
    status,
    headers: request.headers,
    ...(body ? { body } : {}),
    ...(lured ? { detail: { lure: lured.name, ...lured.detail } } : {}),
  });
}

/** What else the request did: a command it would run, what it would fetch, what it left. Returns what the command prints. */
async function consequences(wire: Wire, request: Request, lured: Lured | undefined): Promise<string> {
  if (request.body.length >= payloadSize || request.body.subarray(0, 4).equals(elf)) {
    const whole = request.body.length === request.bodySize;
    wire.emit({
      kind: 'upload',
      ...wire.keep(request.body),
      name: request.target,
      detail: { how: 'body', whole },
    });
  }
  let told = new Set<string>();
  let output = '';
  if (lured?.command) {
    wire.emit({ kind: 'command', input: lured.command, detail: { lure: lured.name } });
    ({ output, urls: told } = await inject(wire, lured.command));
  }
  const body = request.body.toString('latin1', 0, bodyShown);
  const values = request.headers
    .filter(([name]) => !/^(host|referer|origin)$/i.test(name))
    .map(([, value]) => value);
  for (const text of [request.target, body, ...values]) {
    for (const { url, tool } of findDownloads(decode(text))) {
      // A bare address is a download only where a program would fetch it.
      if (tool === 'url' || told.has(url)) continue;
      told.add(url);
      wire.emit({ kind: 'download', url, tool });
    }
  }
  return output;
}

const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
