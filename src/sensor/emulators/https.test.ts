import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';
import { bodyOf, meet } from '../play.ts';
import { identityOf } from '../tls/identity.ts';
import { https } from './https.ts';

it('has a certificate of its own: valid, the same each time, another on each sensor', () => {
  const persona = createPersona('one');
  const { certificate } = identityOf(persona);
  expect(identityOf(createPersona('one')).certificate).toBe(certificate);
  expect(identityOf(createPersona('two')).certificate).not.toBe(certificate);
  const read = new X509Certificate(certificate);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.publicKey.asymmetricKeyDetails).toMatchObject({
    modulusLength: 2_048,
    publicExponent: 65_537n,
  });
  expect(read.subject).toContain(`CN=${persona.hostname}`);
  expect(read.ca).toBe(true);
});

it('answers plain HTTP as nginx does on such a port', async () => {
  const talk = meet(https);
  const answer = await talk.say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toContain('<center>The plain HTTP request was sent to HTTPS port</center>');
  await talk.leave();
  expect(talk.events.map(bodyOf)).toContainEqual(expect.objectContaining({ kind: 'request', status: 400 }));
});
