import { describe, expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { type Doc, decode, double, encode, type Fields } from '../mongodb/bson.ts';
import { bodyOf, meet } from '../play.ts';
import { mongodb } from './mongodb.ts';

function frame(opcode: number, body: Buffer, id = 7): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + body.length, 0);
  head.writeInt32LE(id, 4);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, body]);
}
const msg = (command: Fields) => frame(2013, Buffer.concat([Buffer.alloc(5), encode({ ...command })]));
const query = (name: string, command: Fields) =>
  frame(
    2004,
    Buffer.concat([
      Buffer.alloc(4),
      Buffer.from(`${name}\0`),
      Buffer.from('00000000ffffffff', 'hex'),
      encode(command),
    ]),
  );

function read(answer: string): Record<string, unknown> {
  const bytes = Buffer.from(answer, 'latin1');
  expect(bytes.readInt32LE(0)).toBe(bytes.length);
  expect(bytes.readInt32LE(8)).toBe(7);
  return plain(decode(bytes, bytes.readInt32LE(12) === 1 ? 36 : 21).doc) as Record<string, unknown>;
}
const plain = (value: unknown): unknown =>
  value instanceof Map
    ? Object.fromEntries([...(value as Doc)].map(([name, one]) => [name, plain(one)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value;

async function ask(says: Buffer[], memory = new Memory()) {
  const talk = meet(mongodb, { memory });
  const answers: Record<string, unknown>[] = [];
  for (const say of says) answers.push(read(await talk.say(say)));
  await talk.leave();
  expect(talk.faults).toEqual([]);
  return { answers, talk, bodies: talk.events.map(bodyOf) };
}

describe('a ransom', () => {
  it('lists, reads, drops and leaves a note, which the next connection finds', async () => {
    const memory = new Memory();
    const first = await ask(
      [
        query('admin.$cmd', { isMaster: 1, client: { driver: { name: 'PyMongo', version: '3.11.0' } } }),
        msg({ listDatabases: 1, $db: 'admin' }),
      ],
      memory,
    );
    expect(first.answers[0]).toMatchObject({ ismaster: true, maxWireVersion: 9, ok: 1 });
    const names = (first.answers[1]!.databases as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['admin', 'config', 'local']));
    const own = names.find((name) => !['admin', 'config', 'local'].includes(name))!;
    const note = {
      _id: 1,
      text: 'All your data is backed up. You must pay 0.0125 BTC. Write to a@192.0.2.9',
    };
    const { answers, bodies } = await ask(
      [
        msg({ find: 'users', filter: {}, limit: 2, $db: own }),
        msg({ count: 'users', $db: own }),
        msg({ dropDatabase: 1, $db: own }),
        msg({ insert: 'README', documents: [note], $db: 'READ_ME' }),
        msg({ listDatabases: 1, nameOnly: true, $db: 'admin' }),
      ],
      memory,
    );
    expect((answers[0]!.cursor as { firstBatch: unknown[] }).firstBatch).toHaveLength(2);
    expect(answers[1]!.n).toBeGreaterThan(100);
    expect(answers.slice(2)).toMatchObject([
      { dropped: own, ok: 1 },
      { n: 1, ok: 1 },
      { databases: [{ name: 'READ_ME' }, { name: 'admin' }, { name: 'config' }, { name: 'local' }] },
    ]);
    expect(bodies.find(({ kind }) => kind === 'upload')).toMatchObject({
      name: 'READ_ME.README',
      detail: { how: 'insert' },
    });
    expect(bodies).toContainEqual({
      kind: 'command',
      input: `${own} {"dropDatabase":1}`,
      detail: { database: own, command: 'dropDatabase' },
    });
    const later = await ask([msg({ find: 'README', $db: 'READ_ME' })], memory);
    expect(later.answers[0]).toMatchObject({ cursor: { firstBatch: [note] } });
    expect(first.bodies.find(({ kind }) => kind === 'fingerprint')).toMatchObject({
      software: 'PyMongo 3.11.0',
    });
  });
});

describe('logins', () => {
  it('SCRAM is taken to its proof, and refused', async () => {
    const talk = meet(mongodb);
    const start = read(
      await talk.say(
        msg({
          saslStart: 1,
          mechanism: 'SCRAM-SHA-256',
          payload: Buffer.from('n,,n=root,r=abc'),
          $db: 'admin',
        }),
      ),
    );
    const challenge = String(start.payload);
    expect(challenge).toMatch(/^r=abc[\w+/]{32},s=[\w+/=]{40},i=15000$/);
    const proof = Buffer.from(`c=biws,${challenge.split(',')[0]},p=cHJvb2Y=`);
    const end = read(
      await talk.say(msg({ saslContinue: 1, conversationId: 1, payload: proof, $db: 'admin' })),
    );
    expect(end).toEqual({
      ok: 0,
      errmsg: 'Authentication failed.',
      code: 18,
      codeName: 'AuthenticationFailed',
    });
    expect(talk.events.map(bodyOf)).toContainEqual(
      expect.objectContaining({
        kind: 'login',
        user: 'root',
        secret: 'cHJvb2Y=',
        ok: false,
        method: 'scram-sha-256',
      }),
    );
    await talk.leave();
  });

  it('PLAIN shows its password', async () => {
    const { bodies } = await ask([
      msg({ saslStart: 1, mechanism: 'PLAIN', payload: Buffer.from('\0bob\0secret'), $db: '$external' }),
    ]);
    expect(bodies).toContainEqual(expect.objectContaining({ kind: 'login', user: 'bob', secret: 'secret' }));
  });
});

describe('BSON', () => {
  it('reads what it writes', () => {
    const doc = {
      a: 1,
      b: 'x',
      c: [1, 2.5, null, true],
      d: { e: 5_000_000_000 },
      f: new Date(1),
      g: Buffer.from('hi'),
      h: double(3),
    };
    expect(plain(decode(encode(doc)).doc)).toEqual({ ...doc, d: { e: 5_000_000_000n }, h: 3 });
  });

  it.each<[string, Buffer]>([
    ['a size beyond the message', Buffer.from('ff000000', 'hex')],
    ['a negative size', Buffer.from('ffffffff00', 'hex')],
    ['a text without end', Buffer.from('0c000000026100ff00000000', 'hex')],
    ['an unknown type', Buffer.from('0800000042610000', 'hex')],
  ])('%s is refused', async (_, bytes) => {
    expect(() => decode(bytes)).toThrow();
    const talk = meet(mongodb);
    expect(await talk.say(frame(2013, Buffer.concat([Buffer.alloc(5), bytes])))).toBe('');
    expect(talk.over).toBe(true);
    expect(talk.faults).toEqual([]);
  });

  it('nesting has an end', async () => {
    let deep: Fields = { a: 1 };
    for (let i = 0; i < 150; i++) deep = { a: deep };
    expect(() => decode(encode(deep))).not.toThrow();
    for (let i = 0; i < 50; i++) deep = { a: deep };
    expect(() => decode(encode(deep))).toThrow('too deep');
  });
});

it('knows no command that MongoDB does not', async () => {
  const { answers } = await ask([msg({ foo: 1, $db: 'x' }), msg({ drop: 'nothing', $db: 'x' })]);
  expect(answers).toMatchObject([
    { ok: 0, errmsg: "no such command: 'foo'", code: 59, codeName: 'CommandNotFound' },
    { ok: 0, errmsg: 'ns not found', code: 26 },
  ]);
});

it.each(
  'hello buildInfo serverStatus hostInfo getLog getCmdLineOpts connectionStatus whatsmyuri dbStats collStats listCollections listIndexes aggregate delete update create createIndexes usersInfo getFreeMonitoringStatus replSetGetStatus getMore saslContinue'.split(
    ' ',
  ),
)('answers %s', async (name) => {
  const { answers } = await ask([msg({ [name]: 'x', $db: 'shop' })]);
  expect(answers[0]).toHaveProperty('ok');
});
