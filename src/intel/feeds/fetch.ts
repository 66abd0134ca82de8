import { lookup } from 'node:dns';
import { readFileSync, statSync } from 'node:fs';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { PrefixMap } from '../../kit/prefix-map.ts';
import { specialBlocks } from '../../kit/special-blocks.ts';
import { FeedProblem } from './format.ts';
import { feedLimits } from './limits.ts';

/** Where a feed is, and what was learnt when it was last taken: a server is asked only for what is newer. */
export interface Wanted {
  source: { path: string } | { url: string };
  etag?: string | undefined;
  lastModified?: string | undefined;
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

export type Fetched = { bytes: Buffer; etag?: string; lastModified?: string } | 'not modified';

export const fetchLimits = { timeoutMs: 60_000, redirects: 5, validatorChars: 256 } as const;

/**
 * The bytes of a feed, or that nothing changed (RFC 9110 §13). Speaks HTTP and HTTPS only, follows a few redirects, never from
 * HTTPS to HTTP nor from outside into networks of our own, and nothing that stands in a feed. Throws `FeedProblem`.
 */
export async function fetchFeed(wanted: Wanted): Promise<Fetched> {
  if ('path' in wanted.source) return readFile(wanted.source.path, wanted.lastModified);
  const timeout = AbortSignal.timeout(wanted.timeoutMs ?? fetchLimits.timeoutMs);
  const signal = wanted.signal ? AbortSignal.any([timeout, wanted.signal]) : timeout;
  try {
    return await follow(new URL(wanted.source.url), wanted, signal);
  } catch (cause) {
    if (cause instanceof FeedProblem) throw cause;
    throw new FeedProblem(timeout.aborted ? 'its server took too long' : 'its server cannot be reached', {
      cause,
    });
  }
}

/** A file's last change stands for its validator. */
function readFile(path: string, known: string | undefined): Fetched {
  try {
    const { size, mtime } = statSync(path);
    const lastModified = `${mtime.toISOString()} ${size}`;
    if (lastModified === known) return 'not modified';
    if (size > feedLimits.bytes) throw new FeedProblem('it is too large');
    return { bytes: readFileSync(path), lastModified };
  } catch (cause) {
    if (cause instanceof FeedProblem) throw cause;
    throw new FeedProblem('its file cannot be read', { cause });
  }
}

async function follow(first: URL, wanted: Wanted, signal: AbortSignal): Promise<Fetched> {
  let url = first;
  let inside = false;
  for (let hops = 0; hops <= fetchLimits.redirects; hops++) {
    // Only the operator's own URL may lead into a network of ours, and from there on its redirects.
    const guarded = hops > 0 && !inside;
    if (guarded && isInside(url.hostname.replace(/^\[|\]$/g, ''))) throw intoOwn();
    const answer = await ask(url, url.origin === first.origin ? wanted : {}, signal, guarded);
    if (hops === 0) inside = isInside(answer.socket.remoteAddress ?? '');
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return taken(answer);
    answer.destroy();
    if (statusCode === 304 && (wanted.etag || wanted.lastModified)) return 'not modified';
    if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location)
      throw new FeedProblem(`its server answers ${statusCode}`);
    url = nextOf(url, headers.location);
  }
  throw new FeedProblem('its server redirects too often');
}

/** Where a redirect leads. Throws `FeedProblem` where it is not followed. */
export function nextOf(from: URL, location: string): URL {
  let next: URL;
  try {
    next = new URL(location, from);
  } catch (cause) {
    throw new FeedProblem('its server redirects to nowhere', { cause });
  }
  if (next.protocol !== 'https:' && !(next.protocol === 'http:' && from.protocol === 'http:'))
    throw new FeedProblem('its server redirects to another scheme');
  return next;
}

const special = new PrefixMap<string>();
for (const [block, what] of specialBlocks) special.set(block, what);

/** Whether an address is one that only machines of our own networks have. */
export function isInside(address: string): boolean {
  return special.get(address.replace(/%.*/, '')) !== undefined;
}

const intoOwn = () => new FeedProblem('its server sends us into a network of our own');

/** Resolves a name to addresses outside of our own networks only. */
export const outsideOnly: LookupFunction = (hostname, options, done) =>
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, []);
    const outside = found.filter(({ address }) => !isInside(address));
    const [first] = outside;
    if (!first) done(intoOwn(), []);
    else if (options.all) done(null, outside);
    else done(null, first.address, first.family);
  });

function ask(
  url: URL,
  { etag, lastModified }: Partial<Wanted>,
  signal: AbortSignal,
  guarded: boolean,
): Promise<IncomingMessage> {
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'caltrop' };
  if (etag) headers['if-none-match'] = etag;
  if (lastModified) headers['if-modified-since'] = lastModified;
  const send = url.protocol === 'https:' ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const call = send(
      url,
      { headers, signal, agent: false, ...(guarded && { lookup: outsideOnly }) },
      (answer) => {
        // Until someone listens, an abort would have nobody to tell.
        answer.on('error', () => {});
        resolve(answer);
      },
    );
    call.on('error', reject);
    call.end();
  });
}

async function taken(answer: IncomingMessage): Promise<Fetched> {
  const { headers } = answer;
  const chunks: Buffer[] = [];
  let size = 0;
  if (Number(headers['content-length']) > feedLimits.bytes) {
    answer.destroy();
    throw new FeedProblem('it is too large');
  }
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > feedLimits.bytes) {
      answer.destroy();
      throw new FeedProblem('it is too large');
    }
    chunks.push(chunk);
  }
  const short = (text: string | undefined) => text !== undefined && text.length <= fetchLimits.validatorChars;
  return {
    bytes: Buffer.concat(chunks),
    ...(short(headers.etag) && { etag: headers.etag! }),
    ...(short(headers['last-modified']) && { lastModified: headers['last-modified']! }),
  };
}
