import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { cookieName } from '../guard.ts';
import { json } from '../input.ts';
import type { Route } from './index.ts';

const lifetimeMs = 12 * 3_600_000;
/** Sign-ins refused in one minute after which all wait for the next: a token has 256 bits, this only saves the work. */
const refusalsPerMinute = 60;

/** Signs a browser in: a token, or the one-time token of the first start, becomes a session in a cookie. */
export const session: Route = (app, { tokens, clock, neverBlock }) => {
  let refusals = 0;
  let minute = 0;
  app.post('/api/v1/session', async (c) => {
    const now = clock.now();
    if (Math.floor(now / 60_000) !== minute) {
      minute = Math.floor(now / 60_000);
      refusals = 0;
    }
    if (refusals >= refusalsPerMinute)
      return c.json({ error: 'refused', message: 'Too many attempts.' }, 403);
    const { token } = await json(c, z.strictObject({ token: z.string().max(256) }));
    const name = await tokens.check(token, now);
    if (name === null) {
      refusals++;
      return c.json({ error: 'unauthorised', message: 'That token is not valid, or was used before.' }, 401);
    }
    if (name === 'first sign-in') await tokens.revoke(token);
    const cookie = await tokens.create(`console (${name})`, now, lifetimeMs);
    setCookie(c, cookieName, cookie, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      secure: c.req.url.startsWith('https:'),
      maxAge: lifetimeMs / 1000,
    });
    if (c.env?.peer) neverBlock.session(c.env.peer);
    return c.json({ name });
  });
  app.get('/api/v1/session', async (c) => {
    const token = getCookie(c, cookieName);
    const name = token ? await tokens.check(token, clock.now()) : null;
    return name ? c.json({ name }) : c.json({ error: 'unauthorised', message: 'Sign in first.' }, 401);
  });
  app.delete('/api/v1/session', async (c) => {
    const token = getCookie(c, cookieName);
    if (token) await tokens.revoke(token);
    deleteCookie(c, cookieName, { path: '/' });
    return c.json({});
  });
};
