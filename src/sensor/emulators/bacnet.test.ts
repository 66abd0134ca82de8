import { expect, it } from 'vitest';
import { post } from '../play.ts';
import { bacnet } from './bacnet.ts';

const talk = () => {
  const one = post(bacnet, { options: { instance: 1_234 } });
  return { one, ask: (hex: string) => one.say(Buffer.from(hex, 'hex'))?.toString('hex') ?? null };
};

it.each([
  ['a property of whatever it is', '810a001101040005010c0c023fffff194b', '810a00090100710101'],
  ['a property of its own', '810a001101040005010c0c020004d2194d', '810a00090100710101'],
  ['a property of another', '810a001101040005010c0c02000001194d', '810a000d010050010c9101911f'],
  ['a value to set', '810a001601040005010f0c0040000119553e44423f', '810a000d010050010f91029128'],
  ['a service that is none', '810a000a010400050163', '810a00090100600109'],
  ['to be told of broadcasts', '81050006003c', '810000060030'],
])('answers who asks %s', (_, question, answer) => {
  const whole = Buffer.from(question, 'hex');
  whole.writeUInt16BE(whole.length, 2);
  expect(talk().ask(whole.toString('hex'))).toBe(answer);
});

it('tells passwords, and of Who-Is, which it does not answer', () => {
  const { one, ask } = talk();
  const question = Buffer.concat([
    Buffer.from('810a00000104000501140900', 'hex'),
    Buffer.from('1d0700', 'hex'),
    Buffer.from('secret'),
  ]);
  question.writeUInt16BE(question.length, 2);
  expect(ask(question.toString('hex'))).toBe('810a000d01005001149104911a');
  expect(ask('810b000c0120ffff00ff1008')).toBe(null);
  expect(one.told('login')).toEqual([
    { kind: 'login', user: '', secret: 'secret', ok: false, method: 'bacnet' },
  ]);
  expect(one.told('command').map(({ input }) => input)).toEqual(['reinitialize device', 'Who-Is']);
});
