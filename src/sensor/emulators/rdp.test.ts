import { expect, it } from 'vitest';
import { readAnswer } from '../ntlm/messages.ts';
import { bodyOf, meet } from '../play.ts';
import { rdp } from './rdp.ts';

const plain = '\x03\0\0\x2a\x25\xe0\0\0\0\0\0Cookie: mstshash=nmap\r\n\x01\0\x08\0\0\0\0\0';

it('confirms as Windows does, and tells the cookie', async () => {
  const talk = meet(rdp);
  expect(await talk.say(plain)).toBe('\x03\0\0\x13\x0e\xd0\0\0\x124\0\x02\x1f\x08\0\0\0\0\0');
  await talk.leave();
  expect(talk.events.map(bodyOf)).toContainEqual({ kind: 'fingerprint', method: 'mstshash', value: 'nmap' });
  const old = meet(rdp);
  expect(await old.say('\x03\0\0\x0b\x06\xe0\0\0\0\0\0')).toBe('\x03\0\0\x0b\x06\xd0\0\0\x124\0');
  const strict = meet(rdp, { options: { nla: true } });
  expect(await strict.say(plain)).toBe('\x03\0\0\x13\x0e\xd0\0\0\x124\0\x03\0\x08\0\x05\0\0\0');
});

it('reads what a client says of itself', async () => {
  const talk = meet(rdp);
  await talk.say('\x03\0\0\x0b\x06\xe0\0\0\0\0\0');
  const core = Buffer.alloc(216);
  core.writeUInt16LE(0xc001, 0);
  core.writeUInt16LE(216, 2);
  core.writeUInt32LE(0x80004, 4);
  core.writeUInt16LE(1_280, 8);
  core.writeUInt16LE(1_024, 10);
  core.writeUInt32LE(0x419, 16);
  core.writeUInt32LE(2_600, 20);
  core.write('WORKSTATION', 24, 'utf16le');
  const channels = Buffer.alloc(32);
  channels.writeUInt16LE(0xc003, 0);
  channels.writeUInt16LE(32, 2);
  channels.writeUInt32LE(2, 4);
  channels.write('rdpdr', 8);
  channels.write('MS_T120', 20);
  const body = Buffer.concat([Buffer.from('\x02\xf0\x80\x7f\x65Duca\x80\xf8', 'latin1'), core, channels]);
  await talk.say(packet(body));
  await talk.leave();
  expect(talk.events.map(bodyOf)).toContainEqual({
    kind: 'fingerprint',
    method: 'rdp-client',
    value: 'WORKSTATION',
    software: 'build 2600',
    detail: { version: '0x80004', keyboard: '0x00000419', screen: '1280x1024', channels: 'rdpdr MS_T120' },
  });
  expect(talk.events.map(bodyOf)).toContainEqual(
    expect.objectContaining({ kind: 'command', detail: { cve: 'CVE-2019-0708' } }),
  );
});

function packet(body: Buffer): Buffer {
  const head = Buffer.from([3, 0, 0, 0]);
  head.writeUInt16BE(body.length + 4, 2);
  return Buffer.concat([head, body]);
}

it('writes an answer as crackers read it', () => {
  const parts = [
    Buffer.alloc(24, 1),
    Buffer.alloc(60, 2),
    ...['DOM', 'bob', 'PC'].map((text) => Buffer.from(text, 'utf16le')),
  ];
  const message = Buffer.alloc(64);
  message.write('NTLMSSP\0', 'latin1');
  message.writeUInt32LE(3, 8);
  message.writeUInt32LE(1, 60);
  let offset = 64;
  for (const [i, part] of parts.entries()) {
    message.writeUInt16LE(part.length, 12 + 8 * i);
    message.writeUInt32LE(offset, 16 + 8 * i);
    offset += part.length;
  }
  const nonce = Buffer.from('0123456789abcdef', 'hex');
  expect(readAnswer(Buffer.concat([message, ...parts]), nonce)).toMatchObject({
    user: 'bob',
    version: 'ntlmv2',
    crackable: `bob::DOM:0123456789abcdef:${'02'.repeat(16)}:${'02'.repeat(44)}`,
  });
  expect(readAnswer(message, nonce)).toBeNull();
});
