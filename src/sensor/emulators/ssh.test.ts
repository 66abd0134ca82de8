import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';
import { meet, play } from '../play.ts';
import { products } from '../ssh/products/index.ts';
import { ssh } from './ssh.ts';

const options = { product: 'openssh-9.2p1-debian12' };

it('takes an HTTP request for what it is, and says so as OpenSSH does', async () => {
  expect(await play(ssh, ['GET / HTTP/1.0', ''], { options })).toEqual([
    '< SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\\r\\n',
    '> GET / HTTP/1.0',
    '< Invalid SSH identification string.\\r\\n',
    '! data {"size":16}',
  ]);
});

it('tells the client’s name and its methods', async () => {
  expect(await play(ssh, ['SSH-2.0-Go'], { options })).toContainEqual(
    '! fingerprint {"method":"ssh-version","value":"SSH-2.0-Go"}',
  );
});

it('is the product that the persona has where none is named', async () => {
  const persona = createPersona('test');
  expect(products.map(({ name }) => name)).toContain(persona.ssh);
  const talk = meet(ssh);
  const said = await talk.say('');
  expect(said.startsWith(`${products.find(({ name }) => name === persona.ssh)!.ident}\r\n`)).toBe(true);
  await talk.leave();
});
