import { expect, it } from 'vitest';
import { meet } from '../play.ts';
import { guardianAst } from './guardian-ast.ts';

it('reports what is in its tanks, which goes down', async () => {
  const at = async (now: number) => {
    const talk = meet(guardianAst, { now, options: { station: 'NORTH ROAD 12', tanks: 2 } });
    const said = await talk.say('\x01I20100\n');
    await talk.leave();
    expect(talk.faults).toEqual([]);
    return said;
  };
  const said = await at(1_780_000_000_000);
  expect(said).toMatch(
    /^\x01\r\nI20100\r\nMAY 28, 2026 {2}8:26 PM\r\n\r\n {4}NORTH ROAD 12\r\n[\s\S]+TANK PRODUCT {13}VOLUME TC VOLUME[^\r]+\r\n {2}1 {2}[A-Z0-9-]+ +\d+ +\d+ +\d+ +[\d.]+ +[\d.]+ +[\d.]+\r\n {2}2 [^\r]+\r\n\r\n\x03$/,
  );
  const volume = (text: string) => Number(/\n {2}1 {2}\S+ +(\d+)/.exec(text)![1]);
  expect(volume(await at(1_780_000_600_000))).not.toBe(volume(said));
});

it('answers without an end of line, one tank, and refuses to set', async () => {
  const talk = meet(guardianAst, { options: { tanks: 2 } });
  expect(await talk.say('\x01I20502')).toMatch(/\n {2}2 {2}[A-Z0-9-]+ +NORMAL\r\n/);
  expect(await talk.say('\x01I20509\n')).toBe('\x019999FF1B\x03');
  expect(await talk.say('\x01S60201EMPTY\n')).toBe('\x019999FF1B\x03');
  expect(await talk.say('help\n')).toBe('\x019999FF1B\x03');
  await talk.leave();
  expect(talk.events.filter(({ kind }) => kind === 'command')).toMatchObject([
    { input: 'I20502' },
    { input: 'I20509' },
    { input: 'S60201EMPTY', detail: { data: 'EMPTY' } },
    { input: 'help' },
  ]);
});
