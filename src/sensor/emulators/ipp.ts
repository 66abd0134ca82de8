import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { decode, encode, given, type Message } from '../ipp/message.ts';
import { answerTo, type Jobs, operations } from '../ipp/operations.ts';
import { type Queue, queueOf } from '../ipp/printer.ts';
import { header, nginxRules, type Request, readRequest } from './http-request.ts';

const requestLimit = 500;
const shown = 512;

/** How CUPS reads HTTP: it refuses what it does not know by closing, without a word. */
const rules = { ...nginxRules, eager: false, escape: 0 };
const known = /^(GET|HEAD|POST|PUT|OPTIONS|DELETE|TRACE)$/;

/** CUPS's print server without a password: what would be printed is kept. IPP over HTTP (RFC 8010, 8011). */
export const ipp = defineEmulator({
  name: 'ipp',
  summary: 'CUPS print server: queues and jobs over IPP',
  port: 631,
  highPort: 6310,
  options: z.strictObject({
    version: z
      .string()
      .regex(/^2\.\d+\.\d+$/)
      .default('2.4.2'),
    /** The name of its queue; one of the persona's own where it is left out. */
    queue: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
  }),

  // The client speaks first.
  greet: () => true,

  async session(wire, { version, queue }) {
    const own = queueOf(wire.persona);
    for (let count = 0; count < requestLimit; count++) {
      const request = await readRequest(wire, rules);
      if (request === null) return;
      if (!known.test(request.method) || request.version === 9) {
        tell(wire, request, 400);
        return;
      }
      if (!respond(wire, version, queue === undefined ? own : { ...own, name: queue }, request)) return;
    }
  },
});

/** Answers one request; false where the connection ends with it. */
function respond(wire: Wire, version: string, queue: Queue, request: Request): boolean {
  const say = (status: number, reason: string, type: string, body: Buffer | null, close: boolean) => {
    tell(wire, request, status);
    wire.send(head(wire, version, request, `${status} ${reason}`, type, body, close));
    if (body && request.method !== 'HEAD') wire.send(body);
    return !close && request.version === 11;
  };
  const page = (status: number, reason: string, text = '') =>
    say(status, reason, 'text/html; charset=utf-8', Buffer.from(html(version, reason, text)), true);
  const host = request.headers.filter(([name]) => name.toLowerCase() === 'host');
  if (request.refused || host.length !== 1) return page(400, 'Bad Request');
  if (request.method === 'OPTIONS') return say(200, 'OK', '', Buffer.alloc(0), false);
  if (request.method === 'PUT') return page(403, 'Forbidden', 'You cannot access this page.');
  if (
    request.method !== 'POST' ||
    header(request, 'content-type')?.split(';')[0]?.trim() !== 'application/ipp'
  )
    return page(404, 'Not Found');
  const read = decode(request.body);
  if (!read) {
    tell(wire, request, 400);
    return false;
  }
  const { message, end } = read;
  const document = request.body.subarray(end);
  tellOperation(wire, message, document, request);
  const base = /^[\w.:[\]-]{1,255}$/.exec(host[0]![1].trim())?.[0] ?? 'localhost';
  const answer = answerTo({ wire, message, document, queue, jobs: jobsOf(wire), base });
  return say(200, 'OK', 'application/ipp', encode(answer), false);
}

function jobsOf(wire: Wire): Jobs {
  let jobs = wire.memory.get('ipp') as Jobs | undefined;
  if (!jobs) {
    jobs = { last: 0, list: [] };
    wire.memory.set('ipp', jobs);
  }
  return jobs;
}

function tellOperation(wire: Wire, message: Message, document: Buffer, request: Request): void {
  const name = operations[message.code] ?? `0x${message.code.toString(16)}`;
  const text = (attribute: string) => String(given(message, attribute) ?? '').slice(0, shown);
  const user = text('requesting-user-name');
  const job = text('job-name');
  wire.emit({
    kind: 'command',
    input: [name, text('printer-uri') || text('job-uri')].join(' ').trim(),
    detail: { how: 'ipp', ...(user ? { user } : {}), ...(job ? { job } : {}) },
  });
  const uri = text('document-uri');
  if (uri) wire.emit({ kind: 'download', url: uri, tool: 'ipp' });
  if (document.length)
    wire.emit({
      kind: 'upload',
      ...wire.keep(document),
      ...(job ? { name: job } : {}),
      detail: { how: name, whole: request.body.length === request.bodySize },
    });
}

function tell(wire: Wire, request: Request, status: number): void {
  const basic = /^Basic +([\w+/=-]{1,8192}) *$/i.exec(header(request, 'authorization') ?? '')?.[1];
  if (basic) {
    const [user = '', ...rest] = Buffer.from(basic, 'base64').toString('latin1').split(':');
    wire.emit({ kind: 'login', user, secret: rest.join(':'), ok: false, method: 'basic' });
  }
  const { method, target, headers } = request;
  wire.emit({ kind: 'request', method, target, status, headers });
  const agent = header(request, 'user-agent');
  if (agent?.startsWith('CUPS/'))
    wire.emit({ kind: 'fingerprint', method: 'ipp-client', value: agent, software: agent.split(' ')[0]! });
}

/** The head of an answer: order and words as CUPS 2.4.2 was seen to have them. */
function head(
  wire: Wire,
  version: string,
  request: Request,
  line: string,
  type: string,
  body: Buffer | null,
  close: boolean,
): string {
  const old = request.version === 10;
  const lines = [`HTTP/1.${old ? 0 : 1} ${line}`];
  if (!old) lines.push(`Connection: ${close ? 'close' : 'Keep-Alive'}`);
  lines.push('Content-Language: en');
  if (body && request.method !== 'HEAD') lines.push(`Content-Length: ${body.length}`);
  if (type) lines.push(`Content-Type: ${type}`);
  lines.push(`Date: ${new Date(wire.now()).toUTCString()}`);
  if (!close && !old) lines.push('Keep-Alive: timeout=10');
  lines.push(
    'Accept-Encoding: gzip, deflate, identity',
    `Server: CUPS/${version.split('.').slice(0, 2).join('.')} IPP/2.1`,
    'X-Frame-Options: DENY',
    "Content-Security-Policy: frame-ancestors 'none'",
  );
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function html(version: string, title: string, text: string): string {
  return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n<HTML>\n<HEAD>\n\t<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8">\n\t<TITLE>${title} - CUPS v${version}</TITLE>\n\t<LINK REL="STYLESHEET" TYPE="text/css" HREF="/cups.css">\n</HEAD>\n<BODY>\n<H1>${title}</H1>\n<P>${text}</P>\n</BODY>\n</HTML>\n`;
}
