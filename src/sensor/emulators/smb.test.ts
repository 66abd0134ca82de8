import { describe, expect, it } from 'vitest';
import { bodyOf, meet } from '../play.ts';
import { smb } from './smb.ts';

function smb1(command: number, words: Buffer, bytes: Buffer, { flags2 = 0x4001, mid = 64 } = {}): Buffer {
  const header = Buffer.alloc(32);
  header.write('\xffSMB', 'latin1');
  header[4] = command;
  header.writeUInt16LE(flags2, 10);
  header.writeUInt16LE(mid, 30);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(bytes.length);
  const message = Buffer.concat([header, Buffer.from([words.length / 2]), words, size, bytes]);
  const frame = Buffer.alloc(4);
  frame.writeUIntBE(message.length, 1, 3);
  return Buffer.concat([frame, message]);
}
const negotiate = smb1(0x72, Buffer.alloc(0), Buffer.from('\x02LANMAN1.0\0\x02NT LM 0.12\0'));
const anonymous = smb1(
  0x73,
  Buffer.from(`ff000000${'00'.repeat(22)}`, 'hex'),
  Buffer.from('\0\0Windows 2000\0Impacket\0'),
);
const tree = (path: string) =>
  smb1(0x75, Buffer.from('ff00000000000100', 'hex'), Buffer.from(`\0${path}\0?????\0`));
const transaction = (command: number, setup: number, timeout = 0) => {
  const words = Buffer.alloc(32);
  words.writeUInt32LE(timeout, 12);
  words[26] = 1;
  words.writeUInt16LE(setup, 28);
  return smb1(command, words, Buffer.from('\\PIPE\\\0'), { mid: 65 });
};
const code = (answer: string) => Buffer.from(answer, 'latin1').readUInt32LE(9);

describe('SMB1', () => {
  it('lets in who has no name, to the pipes alone, and answers what worms probe', async () => {
    const talk = meet(smb);
    expect(code(await talk.say(negotiate))).toBe(0);
    expect(code(await talk.say(anonymous))).toBe(0);
    expect(code(await talk.say(tree('\\\\192.0.2.1\\C$')))).toBe(0xc000_0022);
    expect(code(await talk.say(tree('\\\\192.0.2.1\\IPC$')))).toBe(0);
    expect(code(await talk.say(transaction(0x25, 0x23)))).toBe(0xc000_0205);
    const ping = await talk.say(transaction(0x32, 0x0e, 10_803_622));
    expect(code(ping)).toBe(0xc000_0002);
    // An implant would say 81.
    expect(Buffer.from(ping, 'latin1').readUInt16LE(34)).toBe(65);
    await talk.leave();
    expect(talk.faults).toEqual([]);
    const bodies = talk.events.map(bodyOf);
    expect(bodies.filter(({ kind }) => kind === 'command')).toMatchObject([
      { input: 'tree connect \\\\192.0.2.1\\C$', ok: false },
      { input: 'tree connect \\\\192.0.2.1\\IPC$', ok: true },
      { detail: { probe: 'MS17-010' } },
      { detail: { probe: 'DoublePulsar', operation: 'ping' } },
    ]);
    expect(bodies).toContainEqual({
      kind: 'fingerprint',
      method: 'smb-client',
      value: 'Windows 2000|Impacket',
      software: 'Impacket',
    });
  });

  it('refuses a name, and tells its answer to the challenge', async () => {
    const talk = meet(smb);
    const answer = Buffer.from(await talk.say(negotiate), 'latin1');
    const nonce = answer.toString('hex', 4 + 33 + 34 + 2, 4 + 33 + 34 + 2 + 8);
    const words = Buffer.from(`ff000000${'00'.repeat(22)}`, 'hex');
    words.writeUInt16LE(24, 14);
    words.writeUInt16LE(24, 16);
    const bytes = Buffer.concat([
      Buffer.alloc(24, 1),
      Buffer.alloc(24, 2),
      Buffer.from('bob\0DOM\0Unix\0Samba\0'),
    ]);
    expect(code(await talk.say(smb1(0x73, words, bytes)))).toBe(0xc000_006d);
    await talk.leave();
    expect(talk.events.map(bodyOf)).toContainEqual({
      kind: 'login',
      user: 'DOM\\bob',
      secret: `bob::DOM:${'01'.repeat(24)}:${'02'.repeat(24)}:${nonce}`,
      ok: false,
      method: 'ntlmv1',
      detail: { dialect: 'NT LM 0.12' },
    });
  });

  it('is patched where told so, and goes where another protocol comes', async () => {
    const talk = meet(smb, { options: { vulnerable: false } });
    for (const one of [negotiate, anonymous]) await talk.say(one);
    expect(code(await talk.say(transaction(0x25, 0x23)))).toBe(0xc000_0022);
    const other = meet(smb);
    await other.say('GET / HTTP/1.1\r\n\r\n');
    expect(other.over).toBe(true);
  });
});
