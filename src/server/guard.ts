import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { canonicalIp } from '../kit/ip.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Env } from './app.ts';

/** Who asks: a name for the audit, and whether over the Unix socket. */
export interface Who {
  name: string;
  local: boolean;
}

export const cookieName = 'caltrop_session';

/** Needs no token: the page itself, which holds nothing, and the sign-in. */
const open = (path: string) => !path.startsWith('/api/') || path === '/api/v1/session';

/** The console may load its own files and nothing else; attacker text has no way to become code. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Host and Origin checked (DNS rebinding, cross-site requests), on loopback too; then the token. */
export function guard(pipeline: Pipeline, local: boolean): MiddlewareHandler<Env> {
  const { server } = pipeline.config;
  return async (c, next) => {
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Content-Security-Policy', policy);
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    c.header('Cache-Control', 'no-store');
    if (local) {
      c.set('who', { name: 'local', local: true });
      return next();
    }
    const host = c.req.header('host') ?? '';
    if (!hostAllowed(host, server.hosts))
      return c.json({ error: 'refused', message: 'This host name is not ours.' }, 403);
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      return c.json({ error: 'refused', message: 'Requests from other sites are refused.' }, 403);
    }
    const site = c.req.header('sec-fetch-site');
    if (c.req.path.startsWith('/api/') && site !== undefined && site !== 'same-origin' && site !== 'none') {
      return c.json({ error: 'refused', message: 'Requests from other sites are refused.' }, 403);
    }
    if (open(c.req.path)) return next();
    const bearer = c.req.header('authorization')?.match(/^Bearer (\S+)$/)?.[1];
    const token = bearer ?? getCookie(c, cookieName);
    const name = token === undefined ? null : await pipeline.tokens.check(token, pipeline.clock.now());
    if (name === null) return c.json({ error: 'unauthorised', message: 'Sign in first.' }, 401);
    const peer = c.env?.peer && canonicalIp(c.env.peer);
    if (peer) pipeline.neverBlock.session(peer);
    c.set('who', { name, local: false });
    return next();
  };
}

/** An address literal, localhost, or a configured name: never a name that somebody else's DNS could point at us. */
function hostAllowed(header: string, names: readonly string[]): boolean {
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || canonicalIp(name) !== null || names.includes(name);
}
