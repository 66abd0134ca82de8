import { z } from 'zod';
import { type Answer, chunk, failure, frame, notFound, refusal } from '../docker/answer.ts';
import type { Context } from '../docker/context.ts';
import { engineOf, type Release, versions } from '../docker/engine.ts';
import { route } from '../docker/routes.ts';
import { DockerStore } from '../docker/store.ts';
import { countsAsEcho, withEcho } from '../echo.ts';
import { defineEmulator, type Wire } from '../emulator.ts';
import { header, type Request, readRequest } from './http-request.ts';
import { form } from './web-pages.ts';

const requestLimit = 1_000;
/** Work that may go on in the background of one connection. */
const jobLimit = 16;
const bodyShown = 65_536;
/** How long a peer that closed its half is still told what comes, in milliseconds. */
const listenMs = 5_000;

/** Docker's Engine API without TLS, as port 2375 shows it: containers that are created, started and asked for their output. */
export const docker = defineEmulator({
  name: 'docker',
  summary: 'Docker Engine whose API is open to all',
  port: 2375,
  highPort: 2375,
  options: z.strictObject({
    /** One of the releases whose words are known; without it the persona's own. */
    version: z.enum(versions).optional(),
    /** Without the containers of the machine's owner. */
    bare: z.boolean().default(false),
  }),

  async session(wire, { version, bare }) {
    const release = engineOf(wire.persona, version);
    let store = wire.memory.get('docker') as DockerStore | undefined;
    if (!store) {
      store = new DockerStore(wire.memory, wire.persona, bare);
      wire.memory.set('docker', store);
    }
    const jobs = new Set<Promise<void>>();
    const ear = new Ear(wire);
    try {
      for (let count = 0; count < requestLimit && jobs.size < jobLimit; count++) {
        await ear.settle();
        const request = await readRequest(wire);
        if (request === null) return;
        if (await answer(wire, { store, release, jobs, ear }, request)) return;
      }
    } finally {
      await Promise.all(jobs);
    }
  },
});

/** Hears that the peer says more, or goes, while something else is waited for. One reader at a time is all a wire allows. */
class Ear {
  readonly #wire: Wire;
  #pending: Promise<Buffer | null> | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  async heard(): Promise<void> {
    this.#pending ??= this.#wire.read();
    if ((await this.#pending) === null) await this.#wire.pause(listenMs, { stay: true });
  }

  /** Puts back what was heard. */
  async settle(): Promise<void> {
    const bytes = await this.#pending;
    if (bytes) this.#wire.unread(bytes);
    this.#pending = undefined;
  }
}

interface Around {
  store: DockerStore;
  release: Release;
  jobs: Set<Promise<void>>;
  ear: Ear;
}

/** Answers one request; true where the connection ends with it. */
async function answer(raw: Wire, { store, release, jobs, ear }: Around, request: Request): Promise<boolean> {
  const path = request.target.split('?', 1)[0]!;
  const wire = countsAsEcho(request) && store.knowsAnswer(path) ? withEcho(raw) : raw;
  const refused = refusedBy(request);
  if (refused && !movedBy(request)) {
    tell(wire, request, refused.status);
    const detail = refused.status === 400 && lacksHost(request) ? ': missing required Host header' : '';
    wire.send(refusal(refused.status, detail));
    return true;
  }
  const target = request.target.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/';
  const at = target.indexOf('?');
  const context = {
    wire,
    store,
    release,
    request,
    jobs,
    query: form(at < 0 ? '' : target.slice(at + 1)),
    heard: () => ear.heard(),
  };
  const given = await respond(context, at < 0 ? target : target.slice(0, at));
  const wish = header(request, 'connection')?.toLowerCase() ?? '';
  const close = request.version === 10 ? !wish.includes('keep-alive') : wish.includes('close');
  tell(wire, request, given.status);
  if (given.hijack) {
    await given.hijack();
    return true;
  }
  const { version, apiVersion } = release;
  const framing = { version, apiVersion, now: wire.now(), http: request.version, close };
  wire.send(frame(given, { ...framing, head: request.method === 'HEAD' }));
  if (given.later) {
    const chunks = await given.later();
    wire.send(request.version === 10 ? chunks.join('') : `${chunks.map(chunk).join('')}0\r\n\r\n`);
  }
  return close || request.refused !== undefined;
}

/** What Go's server would refuse, beyond what is refused already: HTTP/0.9, and headers without a colon. */
function refusedBy({ refused, version, headers }: Request): { status: number } | undefined {
  if (refused) return refused;
  return version === 9 || headers.some(([name]) => /[ \t]/.test(name)) ? { status: 400 } : undefined;
}

/** Whether all that is wrong is a path that leaves the root: Go sends elsewhere what nginx refuses. */
function movedBy({ refused, target }: Request): boolean {
  return refused?.status === 400 && target.startsWith('/') && target.includes('/../');
}

/** Whether a request line was right, so that what is missing is its host. */
function lacksHost({ method, target, version, headers }: Request): boolean {
  const named = headers.some(([name]) => name.toLowerCase() === 'host');
  return version === 11 && method !== '' && target.startsWith('/') && headers.length > 0 && !named;
}

async function respond(context: Omit<Context, 'path'>, path: string): Promise<Answer> {
  const { method } = context.request;
  const clean = cleaned(path);
  if (clean !== path) return { status: 301, bare: true, headers: { Location: clean } };
  if (method === 'OPTIONS') return { status: 200 };
  const [, asked, rest = path] = /^\/v(\d{1,4}\.\d{1,4})(\/.*)$/.exec(path) ?? [];
  const found = route(method, rest);
  if (!found) return notFound;
  if (asked !== undefined) {
    const minor = Number(asked.split('.')[1]);
    const major = Number(asked.split('.')[0]);
    const { apiVersion } = context.release;
    if (major > 1 || minor > Number(apiVersion.split('.')[1]))
      return {
        ...failure(400, `client version ${asked} is too new. Maximum supported API version is ${apiVersion}`),
        early: true,
      };
    if (major < 1 || minor < 12)
      return {
        status: 400,
        early: true,
        text: `client version ${asked} is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version\n`,
        headers: { 'X-Content-Type-Options': 'nosniff' },
        type: 'text/plain; charset=utf-8',
      };
  }
  return found.handler({ ...context, path: found.path });
}

/** A path as Go's router writes it: no empty names, `.` or `..`. */
function cleaned(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name && name !== '.') names.push(name);
  }
  return `/${names.join('/')}${path.endsWith('/') && names.length ? '/' : ''}`;
}

function tell(wire: Wire, request: Request, status: number): void {
  const body = request.body.toString('latin1', 0, bodyShown);
  wire.emit({
    kind: 'request',
    method: request.method,
    target: request.target,
    status,
    headers: request.headers,
    ...(body ? { body } : {}),
  });
  const agent = header(request, 'user-agent');
  if (agent?.startsWith('Docker-Client/'))
    wire.emit({ kind: 'fingerprint', method: 'docker-client', value: agent, software: agent.split(' ')[0]! });
}
