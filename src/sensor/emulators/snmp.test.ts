import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { createPersona } from '../personas.ts';
import { post } from '../play.ts';
import { put, putInteger, putOid, tags } from '../snmp/ber.ts';
import { snmp } from './snmp.ts';

const run = promisify(execFile);
const has = (program: string) => existsSync(`/usr/bin/${program}`);

const sysUpTime = [1, 3, 6, 1, 2, 1, 1, 3, 0];

interface Ask {
  version?: number;
  community?: string;
  pdu?: number;
  second?: number;
  third?: number;
  names: number[][];
  value?: Buffer;
}

/** A request as Net-SNMP builds it. */
function ask({ version = 1, community = 'public', pdu = 0xa0, second = 0, third = 0, names, value }: Ask) {
  const nothing = value ?? Buffer.from([5, 0]);
  return put(
    tags.sequence,
    putInteger(version),
    put(tags.string, Buffer.from(community)),
    put(
      pdu,
      putInteger(0x12345678),
      putInteger(second),
      putInteger(third),
      put(tags.sequence, ...names.map((one) => put(tags.sequence, putOid(one), nothing))),
    ),
  );
}

it('takes a name that leaves room for the value, and the time moves', () => {
  const talk = post(snmp);
  // The longer the name that is asked behind, the more room there is for the answer.
  const question = ask({ pdu: 0xa1, names: [[...sysUpTime.slice(0, 7), 2, 0, 1, 1, 1, 1, 1, 1]] });
  const ticks = () => {
    const answer = talk.say(question)!;
    const name = putOid(sysUpTime);
    const at = answer.indexOf(name) + name.length;
    expect(answer[at]).toBe(tags.timeTicks);
    return answer.readUIntBE(at + 2, answer[at + 1]!);
  };
  const first = ticks();
  expect(first).toBeGreaterThan(1_000_000);
  talk.pass(5_000);
  expect(ticks() - first).toBe(500);
  expect(talk.told('login')).toEqual(
    Array(2).fill({ kind: 'login', user: '', secret: 'public', ok: true, method: 'snmp-v2c' }),
  );
  expect(talk.told('command')[0]).toMatchObject({
    input: 'GETNEXT 1.3.6.1.2.1.1.2.0.1.1.1.1.1.1',
    detail: { version: '2c' },
  });
});

it('says tooBig where a value would make the answer longer', () => {
  const talk = post(snmp);
  const second = ask({ names: [sysUpTime] });
  expect(talk.say(second)!.toString('hex')).toBe(
    '301b02010104067075626c6963a20e0204123456780201010201003000',
  );
  const first = ask({ version: 0, names: [sysUpTime] });
  const answer = talk.say(first)!;
  expect(answer.length).toBe(first.length);
  expect(answer.includes(Buffer.from('a2', 'hex'))).toBe(true);
});

it('answers what fits of GETBULK, and no more', () => {
  const talk = post(snmp);
  const few = ask({ pdu: 0xa5, third: 10_000, names: [[1, 3]] });
  expect(talk.say(few)!.length).toBeLessThanOrEqual(few.length);
  const long = [1, 3, 6, 1, 2, 1, 1, 2, 0, ...Array(60).fill(1)];
  const many = talk.say(ask({ pdu: 0xa5, third: 10_000, names: [long] }))!;
  expect(many.includes(putOid(sysUpTime))).toBe(true);
  expect(many.includes(putOid([1, 3, 6, 1, 2, 1, 1, 4, 0]))).toBe(true);
});

it.each([
  ['a name that is not there', ask({ names: [[1, 3, 6, 1, 9, 9]] }), '8000'],
  ['the end', ask({ pdu: 0xa1, names: [[2, 9]] }), '8200'],
])('answers v2c with %s', (_, question, value) => {
  const answer = post(snmp).say(question)!;
  expect(answer.length).toBe(question.length);
  expect(answer.toString('hex').endsWith(value)).toBe(true);
});

it('tells other communities and users, and says nothing to them', () => {
  const talk = post(snmp, { options: { communities: ['monitor'] } });
  expect(talk.say(ask({ names: [sysUpTime] }))).toBe(null);
  expect(talk.say(ask({ version: 0, community: 'ILMI', names: [sysUpTime] }))).toBe(null);
  const version3 =
    '304e020103301102047b3f1a6a020300ffe3040104020103041d301b0408800000000102030402010002010004046a6f686e04000400301704080001020304050607040030a00902010102010002010030';
  talk.say(Buffer.from(version3, 'hex'));
  expect(talk.told('login')).toMatchObject([
    { secret: 'public', ok: false, method: 'snmp-v2c' },
    { secret: 'ILMI', ok: false, method: 'snmp-v1' },
  ]);
});

it('refuses to set, and tells what', () => {
  const talk = post(snmp);
  const question = ask({ pdu: 0xa3, names: [sysUpTime], value: put(tags.string, Buffer.from('x')) });
  const answer = talk.say(question)!;
  expect(answer.length).toBe(question.length);
  expect(answer.toString('hex')).toContain('020106020101');
  expect(talk.told('command')).toMatchObject([{ input: 'SET 1.3.6.1.2.1.1.3.0', detail: { values: '78' } }]);
});

describe.skipIf(!has('snmpget'))('Net-SNMP (skipped without snmpget)', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(snmp, {}, { kind: 'storage-box' });
  });
  afterAll(() => served.close());
  const client = (program: string, ...args: string[]) =>
    run(program, [
      '-On',
      '-r0',
      '-t2',
      ...args.slice(0, -1),
      `127.0.0.1:${served.udpPort}`,
      args.at(-1)!,
    ]).then(
      ({ stdout, stderr }) => stdout + stderr,
      (error) => `${error.stdout}${error.stderr}`,
    );

  it('reads the name and the moving time', async () => {
    const { hostname } = createPersona('lab', 'storage-box');
    const behind = (number: number) => `.1.3.6.1.2.1.1.${number}.0${'.1'.repeat(60)}`;
    expect(await client('snmpgetnext', '-v2c', '-cpublic', behind(4))).toContain(`STRING: "${hostname}"`);
    expect(await client('snmpgetnext', '-v1', '-cpublic', behind(2))).toMatch(/Timeticks: \(\d{6,}\)/);
  });

  it('hears errors that it knows', async () => {
    expect(await client('snmpget', '-v2c', '-cpublic', '.1.3.6.1.2.1.1.1.0')).toContain('tooBig');
    expect(await client('snmpget', '-v2c', '-cpublic', '.1.3.6.1.2.1.2.1.0')).toContain('No Such Object');
    expect(await client('snmpget', '-v2c', '-cprivate', '.1.3.6.1.2.1.1.1.0')).toContain('Timeout');
    expect(served.told('login').map(({ secret }) => secret)).toContain('private');
    expect(served.faults).toEqual([]);
  });
});
