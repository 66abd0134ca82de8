import { describe, expect, it } from 'vitest';
import { http } from '../../emulators/http.ts';
import { lures } from '../../emulators/http-lures.ts';
import { kinds } from '../../personas/index.ts';
import { createPersona } from '../../personas.ts';
import { bodyOf, meet } from '../../play.ts';
import { siteOf } from './index.ts';

const shown = kinds.map(({ name }) => name).filter((kind) => createPersona('x', kind).web.site);
const textOf = (kind: string, seed: string) =>
  [...siteOf(createPersona(seed, kind)).pages].map(([path, { body }]) => `${path}\n${body}`);

describe.each(shown)('%s', (kind) => {
  const persona = createPersona('one', kind);
  const site = siteOf(persona);

  it('shows other pages on each sensor, and the same ones again', () => {
    const many = Array.from({ length: 30 }, (_, i) => textOf(kind, `${i}`).join('\n'));
    if (site.pages.size) expect(new Set(many).size).toBe(30);
    expect(textOf(kind, 'again')).toEqual(textOf(kind, 'again'));
    const icons = Array.from(
      { length: 30 },
      (_, i) => siteOf(createPersona(`${i}`, kind)).pages.get('/favicon.ico')?.body,
    );
    if (site.pages.has('/favicon.ico')) expect(new Set(icons).size).toBe(30);
  });

  it('refers to nothing outside, and to nothing that is not there', () => {
    for (const [path, { body, type = 'text/html' }] of site.pages) {
      if (!type.startsWith('text/html')) continue;
      expect(body).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
      for (const [, target = ''] of body.matchAll(/(?:src|href|action)="([^"#]+)"/g)) {
        const place = new URL(target, `http://x${path}`).pathname;
        const known = site.pages.has(place) || site.login?.paths.includes(place);
        expect(known, `${path} refers to ${target}`).toBe(true);
      }
    }
  });

  it('takes no byte that is more than one character', () => {
    for (const [path, { body }] of site.pages) expect(/^[\0-\xff]*$/.test(body), path).toBe(true);
  });

  it('has weaknesses that exist', () => {
    for (const name of persona.web.lures) expect(lures.map((one) => one.name)).toContain(name);
  });

  it.skipIf(!site.login)('captures a login and lets nobody in', async () => {
    const { paths, user, password, failed } = site.login!;
    const json = failed.type === 'application/json';
    const body = json
      ? JSON.stringify({ [user]: 'root', [password]: 'a"b' })
      : `${user}=root&${password}=a%22b`;
    const talk = meet(http, { kind, seed: 'one' });
    const said = await talk.say(
      `POST ${paths[0]} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await talk.leave();
    expect(talk.faults).toEqual([]);
    expect(said).toContain(`HTTP/1.1 ${failed.status} `);
    expect(talk.events.map(bodyOf)).toContainEqual(
      expect.objectContaining({ kind: 'login', user: 'root', secret: 'a"b', ok: false, method: 'form' }),
    );
  });
});

it('tells credentials in the head of any request', async () => {
  const talk = meet(http, { kind: 'plc' });
  await talk.say('GET / HTTP/1.0\r\nAuthorization: Basic YWRtaW46d2FnbzpY\r\n\r\n');
  await talk.leave();
  expect(talk.events.map(bodyOf)).toContainEqual({
    kind: 'login',
    user: 'admin',
    secret: 'wago:X',
    ok: false,
    method: 'basic',
  });
});

it('answers what is attacked only where it belongs', async () => {
  const ask = async (kind: string, path: string) => {
    const talk = meet(http, { kind });
    return (await talk.say(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).split(' ')[1];
  };
  expect(await ask('ubuntu20-web', '/.env')).toBe('200');
  for (const kind of ['windows-server', 'plc', 'home-router']) expect(await ask(kind, '/.env')).toBe('404');
  const luci = '/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id)';
  expect(await ask('home-router', luci)).toBe('200');
  expect(await ask('ubuntu22-web', luci)).toBe('404');
});
