import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { Fault } from '../src/kit/fault.ts';
import { attack } from './index.ts';
import { checkTarget } from './target.ts';

/** The code of the fault that is thrown, or what is returned. */
function told(act: () => string): string {
  try {
    return act();
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

it('takes loopback, in whichever spelling', () => {
  for (const [given, address] of [
    ['127.0.0.1', '127.0.0.1'],
    ['127.255.3.4', '127.255.3.4'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::ffff:127.0.0.9', '127.0.0.9'],
  ] as const)
    expect(checkTarget(given, false)).toBe(address);
});

it.each([
  '192.0.2.1',
  '128.0.0.1',
  '126.255.255.255',
  '0.0.0.0',
  '::',
  '::2',
  '2001:db8::1',
  '::ffff:192.0.2.1',
  '10.0.0.1',
])('refuses %s, unless somebody says that it is his, and also then where it is not', (address) => {
  expect(told(() => checkTarget(address, false))).toBe('refused');
  expect(told(() => checkTarget(address, true, ['198.51.100.7', '127.0.0.1']))).toBe('refused');
});

it('takes an address of an interface of this machine where somebody says that it is his', () => {
  expect(told(() => checkTarget('198.51.100.7', false, ['198.51.100.7']))).toBe('refused');
  expect(checkTarget('198.51.100.7', true, ['198.51.100.7'])).toBe('198.51.100.7');
  expect(checkTarget('2001:DB8::7', true, ['2001:db8:0::7'])).toBe('2001:db8::7');
});

it('knows the real interfaces of this machine', () => {
  const real = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid);
  for (const { address } of real) {
    expect(told(() => checkTarget(address, false))).toBe('refused');
    expect(checkTarget(address, true)).toBe(address);
  }
});

it.each([
  'localhost',
  'example.org',
  '127.1',
  '127.0.0.1:80',
  '0177.0.0.1',
  '2130706433',
  '',
  '127.0.0.1%lo',
])('looks nothing up: %s is no address', (name) => expect(told(() => checkTarget(name, true))).toBe('usage'));

it('checks before anything is sent', async () => {
  const said: string[] = [];
  const given = { target: '192.0.2.1', ports: { telnet: 9 }, say: (text: string) => said.push(text) };
  await expect(attack('mirai', given)).rejects.toMatchObject({ code: 'refused' });
  await expect(attack('mirai', { ...given, ownHost: true })).rejects.toMatchObject({ code: 'refused' });
  expect(said).toEqual([]);
});
