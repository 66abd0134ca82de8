import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type DatagramWire, defineEmulator } from '../emulator.ts';
import type { Persona } from '../persona.ts';
import { digestOf, header, type Request, readRequest, response } from '../sip/message.ts';
import { admits } from './credentials.ts';
import { guesses } from './guesses.ts';

const bodyLimit = 65_536;
const headLimit = 65_536;
const allow = 'INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, MESSAGE';
/** What must be logged in for. */
const guarded = new Set(['REGISTER', 'INVITE', 'SUBSCRIBE', 'PUBLISH', 'MESSAGE', 'REFER']);
const known = new Set(['OPTIONS', 'BYE', 'CANCEL', 'NOTIFY', 'INFO', 'UPDATE', 'PRACK', ...guarded]);

type SipWire = Pick<DatagramWire, 'emit' | 'now' | 'persona' | 'memory' | 'random' | 'src' | 'dst'>;

/**
 * SIP registrar and proxy of a telephone system (RFC 3261). Every call asks for a login by digest (RFC 2617), which is told with what it
 * takes to crack it; no call is ever made. Over UDP headers that can be left out are, down to the compact forms, until the answer is no
 * longer than the request.
 */
export const sip = defineEmulator({
  name: 'sip',
  summary: 'SIP telephone system, over UDP and TCP',
  port: 5060,
  highPort: 5060,
  options: z.strictObject({
    /** What it calls itself; by the persona's system where it is left out. */
    server: z.string().max(128).optional(),
    realm: z
      .string()
      .max(64)
      .regex(/^[^"\r\n]*$/)
      .default('asterisk'),
  }),

  datagram(wire, bytes, options) {
    const text = bytes.toString('latin1');
    // A client keeps its way open with these (RFC 5626 §3.5.1).
    if (/^[\r\n\0]*$/.test(text)) return null;
    const end = /\r?\n\r?\n/.exec(text);
    const request = end
      ? readRequest(text.slice(0, end.index), text.slice(end.index + end[0].length, bodyLimit))
      : readRequest(text, '');
    if (!request) return null;
    const tries = answers(wire, request, options);
    const fitting = tries.find((one) => one.length <= bytes.length);
    return fitting === undefined ? null : Buffer.from(fitting, 'latin1');
  },

  async session(wire, options) {
    for (;;) {
      const lines: string[] = [];
      let size = 0;
      for (let line = await wire.line(); line !== ''; line = await wire.line()) {
        if (line === null) return;
        size += line.length;
        if (size > headLimit) return;
        lines.push(line);
      }
      if (lines.length === 0) continue;
      const head = lines.join('\r\n');
      const length = Number(/^(?:content-length|l)\s*:\s*(\d{1,9})\s*$/im.exec(head)?.[1] ?? 0);
      if (length > bodyLimit) return;
      const body = length > 0 ? await wire.bytes(length) : Buffer.alloc(0);
      if (body === null) return;
      const request = readRequest(head, body.toString('latin1'));
      if (!request) return;
      const said = answers(wire, request, options)[0];
      if (said !== undefined) wire.send(said);
    }
  },
});

/** The same answer, each shorter than the one before; none to an ACK. */
/** Packages of distributions by their version, and builds of Asterisk's own, as their `Server` headers show them. */
const packaged: Record<string, string> = {
  'ubuntu 22.04': 'Asterisk PBX 18.10.0~dfsg+~cs6.10.40431411-2',
  'ubuntu 20.04': 'Asterisk PBX 16.2.1~dfsg-2ubuntu1',
};
const builds = [
  'Asterisk PBX 18.20.2',
  'Asterisk PBX 18.26.1',
  'Asterisk PBX 20.5.2',
  'Asterisk PBX 20.11.1',
  'FPBX-16.0.40.7(18.20.2)',
  'FPBX-16.0.41.1(20.11.1)',
];

function serverOf({ system, token }: Persona): string {
  return (
    packaged[`${system.id} ${system.version}`] ??
    builds[Number.parseInt(token('sip', 4), 16) % builds.length]!
  );
}

function answers(
  wire: SipWire,
  request: Request,
  options: { server?: string | undefined; realm: string },
): string[] {
  const { method, uri } = request;
  tellAgent(wire, request);
  const [status, ...extra] = decide(wire, request, options.realm);
  wire.emit({
    kind: 'command',
    input: `${method} ${uri}`,
    detail: {
      ...(status ? { status: Number.parseInt(status, 10) } : {}),
      from: (header(request, 'from') ?? '').slice(0, 512),
      to: (header(request, 'to') ?? '').slice(0, 512),
      ...(request.body ? { body: request.body.slice(0, 2_048) } : {}),
    },
  });
  if (!status) return [];
  const tag = `as${wire.persona.token(`sip tag ${header(request, 'call-id') ?? ''}`, 8)}`;
  const from = { ...wire.src, tag };
  const about = [
    `Server: ${options.server ?? serverOf(wire.persona)}`,
    `Allow: ${allow}`,
    'Supported: replaces, timer',
  ];
  return [
    response(request, status, from, [...about, ...extra]),
    response(request, status, from, [about[0]!, ...extra]),
    response(request, status, from, extra),
    response(request, status, from, extra, true),
  ];
}

function tellAgent(wire: SipWire, request: Request): void {
  const agent = header(request, 'user-agent');
  if (!agent || wire.memory.get('sip agent') === agent) return;
  wire.memory.set('sip agent', agent.slice(0, 256));
  wire.emit({
    kind: 'fingerprint',
    method: 'user-agent',
    value: agent.slice(0, 1_024),
    software: agent.slice(0, 256),
  });
}

/** Status and headers of its own; nothing where there is no answer. */
function decide(wire: SipWire, request: Request, realm: string): string[] {
  const { method } = request;
  if (method === 'ACK') return [];
  if (!known.has(method)) return ['501 Method Not Implemented'];
  if (method === 'OPTIONS')
    return ['200 OK', `Contact: <sip:${wire.dst.ip}:${wire.dst.port}>`, 'Accept: application/sdp'];
  if (!guarded.has(method)) return ['481 Call leg/transaction does not exist'];
  // It changes with the hour, and is another for each source.
  const nonce = wire.persona.token(`sip nonce ${wire.src.ip} ${Math.floor(wire.now() / 3_600_000)}`, 8);
  const challenge = [
    '401 Unauthorized',
    `WWW-Authenticate: Digest algorithm=MD5, realm="${realm}", nonce="${nonce}"`,
  ];
  const digest = digestOf(header(request, 'authorization') ?? header(request, 'proxy-authorization'));
  if (!digest?.response) return challenge;
  const ok = login(wire, method, digest, realm);
  if (digest.nonce !== nonce) return [`${challenge[0]}`, `${challenge[1]}, stale=true`];
  if (!ok) return ['403 Forbidden'];
  if (method !== 'REGISTER') return method === 'INVITE' ? ['503 Service Unavailable'] : ['404 Not Found'];
  const contact = header(request, 'contact')?.replace(/;expires=\d+/i, '');
  return ['200 OK', 'Expires: 120', ...(contact ? [`Contact: ${contact.slice(0, 256)};expires=120`] : [])];
}

/** Tells a login; its password where it is one of those that everybody tries, else what john and hashcat (11400) take. */
function login(wire: SipWire, method: string, digest: Record<string, string>, realm: string): boolean {
  const field = (name: string) => (digest[name] ?? '').slice(0, 256);
  const user = field('username');
  const rest = field('qop')
    ? `${field('nonce')}:${field('nc')}:${field('cnonce')}:${field('qop')}`
    : field('nonce');
  const second = md5(`${method}:${field('uri')}`);
  const given = field('response').toLowerCase();
  let secret: string | undefined;
  for (const guess of guesses(user))
    if (md5(`${md5(`${user}:${field('realm')}:${guess}`)}:${rest}:${second}`) === given) {
      secret = guess;
      break;
    }
  const ok = secret !== undefined && field('realm') === realm && admits(wire, user, secret);
  const [scheme = '', ...resource] = field('uri').split(':');
  const hash = `$sip$*${wire.dst.ip}*${wire.src.ip}*${user}*${field('realm')}*${method}*${scheme}*${resource.join(':')}**${field('nonce')}*${field('cnonce')}*${field('nc')}*${field('qop')}*MD5*${given}`;
  wire.emit({
    kind: 'login',
    user,
    secret: secret ?? hash,
    ok,
    method: 'sip-digest',
    detail: { hash, recovered: secret !== undefined },
  });
  return ok;
}

const md5 = (text: string) => createHash('md5').update(text, 'latin1').digest('hex');
