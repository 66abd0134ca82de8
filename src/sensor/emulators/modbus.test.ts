import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { createPersona } from '../personas.ts';
import { meet } from '../play.ts';
import { modbus } from './modbus.ts';

const run = promisify(execFile);
const frame = (pdu: string) => {
  const bytes = Buffer.from(pdu, 'hex');
  return Buffer.concat([Buffer.from([0, 7, 0, 0, 0, bytes.length + 1, 1]), bytes]);
};
const talk = () => {
  const one = meet(modbus, { kind: 'plc' });
  return {
    one,
    ask: async (pdu: string) => Buffer.from(await one.say(frame(pdu)), 'latin1').toString('hex', 7),
  };
};

it('reads and writes registers and coils', async () => {
  const { one, ask } = talk();
  expect(await ask('0300000002')).toMatch(/^0304[0-9a-f]{8}$/);
  expect(await ask('0600051234')).toBe('0600051234');
  expect(await ask('100006000204aabbccdd')).toBe('1000060002');
  expect(await ask('0300050003')).toBe('03061234aabbccdd');
  expect(await ask('050003ff00')).toBe('050003ff00');
  expect(await ask('0f0004000201' + '02')).toBe('0f00040002');
  expect(await ask('0100030003')).toBe('010105');
  await one.leave();
  expect(one.events.filter(({ kind }) => kind === 'command')).toMatchObject([
    { input: 'read holding registers 0 +2', ok: true, detail: { function: 3, unit: 1, data: '00000002' } },
    { input: 'write register 5 = 4660' },
    { input: 'write registers 6 +2' },
    { input: 'read holding registers 5 +3' },
    { input: 'write coil 3 = 65280' },
    { input: 'write coils 4 +2' },
    { input: 'read coils 3 +3' },
  ]);
});

it.each([
  ['0300000000', '8303'],
  ['030000007e', '8303'],
  ['0301ff0002', '8302'],
  ['0500031234', '8503'],
  ['10000000010', '9003'],
  ['6301', 'e301'],
  ['2b0e0480', 'ab02'],
  ['2b0d00', 'ab01'],
])('answers %s with the exception %s', async (pdu, answer) => {
  expect(await talk().ask(pdu)).toBe(answer);
});

it('says what it is', async () => {
  const { product } = createPersona('test', 'plc');
  const { ask } = talk();
  const said = Buffer.from(await ask('2b0e0100'), 'hex');
  expect(said.toString('hex', 0, 7)).toBe('2b0e0182000003');
  expect(said.toString('latin1')).toContain(product.model);
  expect(Buffer.from(await ask('11'), 'hex').toString('latin1')).toContain(product.vendor);
});

it('closes on another protocol', async () => {
  const { one } = talk();
  expect(await one.say('GET / HTTP/1.0\r\n\r\n')).toBe('');
  expect(one.over).toBe(true);
});

describe('real clients', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(modbus, {}, { kind: 'plc' });
  });
  afterAll(() => served.close());

  it.skipIf(!existsSync('/usr/bin/mbpoll'))(
    'mbpoll reads what it wrote (skipped without mbpoll)',
    async () => {
      const args = ['-m', 'tcp', '-1', '-p', `${served.port}`, '-t', '4', '-r', '11'];
      await run('mbpoll', [...args, '127.0.0.1', '321']);
      expect((await run('mbpoll', [...args, '-c', '2', '127.0.0.1'])).stdout).toMatch(
        /\[11\]:\s+321\n\[12\]:/,
      );
      expect(served.told('command').map(({ input }) => input)).toEqual([
        'write register 10 = 321',
        'read holding registers 10 +2',
      ]);
    },
  );

  it.skipIf(!existsSync('/usr/bin/nmap'))('nmap reads its id (skipped without nmap)', async () => {
    const args = ['-Pn', '-n', '--script', '+modbus-discover', '-p', `${served.port}`, '127.0.0.1'];
    const { stdout } = await run('nmap', args);
    const { product } = createPersona('lab', 'plc');
    expect(stdout).toContain(`Slave ID data: ${product.vendor}`);
    expect(stdout).toContain(`Device identification: ${product.vendor}`);
  });
});
