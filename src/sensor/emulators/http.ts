import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { admits } from './credentials.ts';
import { findDownloads } from './downloads.ts';
import { type Bite, lures } from './http-lures.ts';
import { header, type Request, readRequest } from './http-request.ts';
import { inject } from './inject.ts';
import { type Answer, errorPage, frame } from './nginx.ts';
import { decode, form, pages } from './web-pages.ts';

/** Requests on one connection (nginx: keepalive_requests), and how much of a body an event carries. */
const requestLimit = 1_000;
const bodyShown = 65_536;
/** A body of this size or more, or one that looks like a program, is kept as a payload. */
const payloadSize = 4_096;

type Lured = Bite & { name: string };

/** HTTP as the persona's nginx with PHP speaks it. RFC 9112; malformed requests are recorded and answered as nginx does. */
export const http = defineEmulator({
  name: 'http',
  summary: 'Web interface of a storage device behind nginx',
  port: 80,
  highPort: 8080,
  options: z.strictObject({
    /** Weaknesses that it seems to have; the others are recorded and answered with 404. */
    lures: z
      .array(z.string())
      .default(['phpunit', 'php-cgi', 'thinkphp', 'dotenv', 'git', 'cgi-traversal', 'jaws']),
  }),

  // The client speaks first.
  greet: () => true,

  async session(wire, options) {
    const { server } = wire.persona.web;
    const shown = new Set(options.lures);
    for (let count = 1; count <= requestLimit; count++) {
      const request = await readRequest(wire);
      if (request === null) return;
      const lured = request.refused ? undefined : lure(wire, request);
      const open = lured !== undefined && shown.has(lured.name);
      const refusal = request.refused && {
        ...errorPage(server, request.refused.status, {
          detail: request.refused.detail ?? '',
          agent: header(request, 'user-agent') ?? '',
        }),
      };
      let answer =
        refusal ?? (open ? (lured.answer ?? lured.render?.('')) : undefined) ?? page(wire, request);
      tell(wire, request, answer.status, lured);
      const output = await consequences(wire, request, lured);
      if (open && lured.render) answer = lured.render(output);
      const keepAlive = !answer.close && count < requestLimit && wantsMore(request);
      const head = request.method === 'HEAD';
      wire.send(frame(answer, { server, now: wire.now(), keepAlive, version: request.version, head }));
      if (!keepAlive) return;
    }
  },
});

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

function page(wire: Wire, request: Request): Answer {
  const { server } = wire.persona.web;
  const agent = header(request, 'user-agent') ?? '';
  const path = decode(request.target.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*/, '')) || '/';
  if (path === '/login.php' && request.method === 'POST') return login(wire, request);
  const file = pages(wire.persona).get(path);
  if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST')
    return errorPage(server, 405, { agent });
  if (!file) return errorPage(server, 404, { agent });
  if (file.kind === 'file' && request.method === 'POST') return errorPage(server, 405, { agent });
  return file;
}

function login(wire: Wire, request: Request): Answer {
  const fields = form(request.body.toString('latin1'));
  const user = fields.get('username') ?? '';
  const secret = fields.get('password') ?? '';
  // The web interface never opens: behind it would be a whole product. The pair is weighed all the same.
  if (user || secret)
    wire.emit({
      kind: 'login',
      user,
      secret,
      ok: false,
      method: 'form',
      detail: { plausible: admits(wire, user, secret) },
    });
  return {
    ...pages(wire.persona).get('/login.php')!,
    body: pages(wire.persona)
      .get('/login.php')!
      .body.replace('<!--e-->', '<p class="err">Invalid user name or password.</p>'),
  };
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
