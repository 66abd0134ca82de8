import { expect, it } from 'vitest';
import { element, integer, octets } from '../ldap/ber.ts';
import { bodyOf, meet } from '../play.ts';
import { ldap } from './ldap.ts';

const message = (id: number, operation: Buffer) => element(0x30, integer(id), operation);
const bind = (dn: string, secret: string, version = 3) =>
  message(1, element(0x60, integer(version), octets(dn), octets(secret, 0x80)));
const search = (base: string, scope = 0, names: string[] = []) =>
  message(
    2,
    element(
      0x63,
      octets(base),
      integer(scope, 10),
      integer(0, 10),
      integer(0),
      integer(0),
      element(1, Buffer.from([0])),
      octets('objectClass', 0x87),
      element(0x30, ...names.map((name) => octets(name))),
    ),
  );

async function ask(says: Buffer[]) {
  const talk = meet(ldap);
  const answers: string[] = [];
  for (const say of says) if (!talk.over) answers.push(await talk.say(say));
  await talk.leave();
  expect(talk.faults).toEqual([]);
  return {
    answers: answers.map((answer) => Buffer.from(answer, 'latin1')),
    talk,
    bodies: talk.events.map(bodyOf),
  };
}

it('lets strangers in, and others not at first', async () => {
  const { answers, bodies } = await ask([
    bind('', ''),
    bind('cn=admin,dc=corp', 'admin'),
    bind('cn=admin', ''),
    bind('x', 'y'),
    bind('', '', 2),
  ]);
  expect(answers[0]!.toString('hex')).toBe('300c02010161070a010004000400');
  expect(answers.slice(1).map((answer) => answer[9])).toEqual([expect.any(Number), 53, 34, 2]);
  expect(answers[4]!.toString()).toContain('historical protocol version requested, use LDAPv3 instead');
  expect(bodies.filter(({ kind }) => kind === 'login')).toMatchObject([
    { user: 'cn=admin,dc=corp', secret: 'admin' },
    { user: 'cn=admin', secret: '' },
    { user: 'x', secret: 'y' },
  ]);
});

it('tells SASL credentials', async () => {
  const plain = message(
    1,
    element(0x60, integer(3), octets(''), element(0xa3, octets('PLAIN'), octets('\0bob\0secret'))),
  );
  const { bodies } = await ask([plain]);
  expect(bodies).toContainEqual({
    kind: 'login',
    user: 'bob',
    secret: 'secret',
    ok: false,
    method: 'sasl PLAIN',
  });
});

it('shows its root and its people', async () => {
  const { answers } = await ask([search('', 0, ['namingContexts', '+'])]);
  const suffix = /namingContexts1.\x04.([\w=,]+?)0/s.exec(answers[0]!.toString('latin1'))![1]!;
  const { answers: found } = await ask([search(suffix, 2, ['mail'])]);
  expect(found[0]!.toString('latin1')).toMatch(/uid=\w+,ou=people,[\s\S]*@/);
  expect(found[0]!.toString('latin1')).not.toContain('inetOrgPerson');
});

it('tells what JNDI looks up', async () => {
  const { answers, bodies } = await ask([search('Basic/Command/Base64/aWQ=')]);
  expect(answers[0]!.toString()).toContain('invalid DN');
  expect(bodies).toContainEqual(
    expect.objectContaining({ kind: 'command', detail: { base: 'Basic/Command/Base64/aWQ=', jndi: true } }),
  );
});

it.each([
  ['words', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['an endless length', Buffer.from('3084ffffffff', 'hex')],
  ['an indefinite length', Buffer.from('3080020101', 'hex')],
  ['an element beyond its message', Buffer.from('3005020160ff00', 'hex')],
])('hangs up on %s', async (_, bytes) => {
  const talk = meet(ldap);
  expect(await talk.say(bytes)).toBe('');
  expect(talk.over).toBe(true);
  expect(talk.faults).toEqual([]);
});
