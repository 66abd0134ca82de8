import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { StreamEmulator } from '../emulator.ts';
import { emulators } from '../emulators/index.ts';
import { type Served, serve } from '../fixture.ts';
import type { Persona } from '../persona.ts';
import { createPersona } from '../personas.ts';
import { meet } from '../play.ts';
import { put } from '../snmp/ber.ts';
import { productNamed } from '../ssh/products/index.ts';
import { kinds } from './index.ts';

const seed = 'live';

/** Says this and hears the answer until `enough` of it is there, or the other side is done. */
async function ask(port: number, says: string | Buffer, enough: RegExp): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  if (says.length) socket.write(typeof says === 'string' ? Buffer.from(says, 'latin1') : says);
  let heard = '';
  for await (const piece of socket) {
    heard += (piece as Buffer).toString('latin1');
    if (enough.test(heard)) break;
  }
  socket.destroy();
  return heard;
}

async function certificateOf(socket: TLSSocket): Promise<DetailedPeerCertificate> {
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate(true);
  socket.destroy();
  return certificate;
}

function agrees(certificate: DetailedPeerCertificate, { certificate: own }: Persona): void {
  expect(certificate.subject.CN).toBe(own.subject.name);
  expect(certificate.issuer.CN).toBe((own.issuer ?? own.subject).name);
  expect(Date.parse(certificate.valid_from)).toBeLessThan(Date.now());
  expect(Date.parse(certificate.valid_to)).toBeGreaterThan(Date.now());
  for (const name of own.names) expect(certificate.subjectaltname).toContain(name);
}

/** SMB 3.1.1: negotiation with its two contexts, then a bare NTLM greeting; the challenge names the machine (MS-SMB2 §2.2.3, §2.2.5). */
function smb2(command: number, body: Buffer): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0xfe534d42, 0);
  header.writeUInt16LE(64, 4);
  header.writeUInt16LE(command, 12);
  header.writeUInt16LE(1, 14);
  header.writeUInt32LE(command, 24);
  const frame = Buffer.alloc(4);
  frame.writeUIntBE(64 + body.length, 1, 3);
  return Buffer.concat([frame, header, body]);
}
const negotiate = (() => {
  const body = Buffer.alloc(48);
  body.writeUInt16LE(36, 0);
  body.writeUInt16LE(5, 2);
  body.writeUInt16LE(1, 4);
  body.writeUInt32LE(112, 28);
  body.writeUInt16LE(2, 32);
  for (const [i, dialect] of [0x0202, 0x0210, 0x0300, 0x0302, 0x0311].entries())
    body.writeUInt16LE(dialect, 36 + 2 * i);
  const preauth = Buffer.from(`0100260000000000${'01002000'}0100${'ab'.repeat(32)}0000`, 'hex');
  const encryption = Buffer.from('0200060000000000020002000100', 'hex');
  return smb2(0, Buffer.concat([body, preauth, encryption]));
})();
const setUp = (() => {
  const token = Buffer.from(
    `${Buffer.from('NTLMSSP\0').toString('hex')}0100000007b208a2${'00'.repeat(16)}`,
    'hex',
  );
  const body = Buffer.alloc(24);
  body.writeUInt16LE(25, 0);
  body.writeUInt16LE(88, 12);
  body.writeUInt16LE(token.length, 14);
  return smb2(1, Buffer.concat([body, token]));
})();

type Options = Record<string, unknown>;
const checks: Record<string, (port: number, persona: Persona, options: Options) => Promise<void>> = {
  async ssh(port, persona) {
    const said = await ask(port, '', /\n/);
    expect(said.split('\r\n')[0]).toBe(productNamed(persona.ssh).ident);
  },
  async telnet(port, { hostname }) {
    expect(await ask(port, '', /login: /)).toContain(`${hostname} login: `);
  },
  async http(port, { web }) {
    const said = await ask(port, 'GET / HTTP/1.0\r\nHost: x\r\n\r\n', /<\/html>/);
    expect(said).toMatch(/^HTTP\/1\.[01] (200|302|401|403) /);
    expect(/^server: (.*)$/im.exec(said.split('\r\n\r\n')[0]!)?.[1] ?? '').toBe(web.server);
  },
  async https(port, persona) {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    agrees(await certificateOf(socket), persona);
  },
  async redis(port, { kernel, arch }, { version }) {
    const said = await ask(port, 'INFO server\r\n', /io_threads_active/);
    expect(said).toContain(`\nos:Linux ${kernel.release} ${arch.name}\r\n`);
    if (version) expect(said).toContain(`redis_version:${version}\r\n`);
  },
  async mysql(port, _, { version }) {
    expect(await ask(port, '', /\0.*password/s)).toContain(String(version));
  },
  async postgres(port, { arch }, { version }) {
    // The password is guessed at the third try at the latest.
    let said = '';
    for (let tries = 0; tries < 4 && !said; tries++) {
      const client = new pg.Client({
        port,
        host: '127.0.0.1',
        user: 'postgres',
        password: 'postgres',
        database: 'postgres',
      });
      try {
        await client.connect();
        const { rows } = await client.query<{ version: string }>('SELECT version()');
        said = rows[0]!.version;
      } catch (error) {
        expect(String(error)).toContain('password authentication failed');
      } finally {
        await client.end().catch(() => {});
      }
    }
    expect(said).toContain(
      `PostgreSQL ${version} (Debian ${version}-0+deb12u1) on ${arch.name}-pc-linux-gnu`,
    );
  },
  async docker(port, { kernel }, { version }) {
    const said = await ask(
      port,
      'GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      /MinAPIVersion.*}\s*$/,
    );
    expect(said).toContain(`"KernelVersion":"${kernel.release}"`);
    expect(said).toContain(`"Version":"${version}"`);
  },
  async adb(port, { product }) {
    const hello = Buffer.alloc(24 + 7);
    hello.write('CNXN', 'latin1');
    hello.writeUInt32LE(0x0100_0000, 4);
    hello.writeUInt32LE(4_096, 8);
    hello.writeUInt32LE(7, 12);
    hello.writeUInt32LE(
      [...Buffer.from('host::\0')].reduce((a, b) => a + b, 0),
      16,
    );
    hello.writeUInt32LE((0x4e584e43 ^ 0xffffffff) >>> 0, 20);
    hello.write('host::\0', 24, 'latin1');
    expect(await ask(port, hello, /features/)).toContain(`ro.product.model=${product.model};`);
  },
  async memcached(port, _, { version }) {
    expect(await ask(port, 'version\r\n', /\n/)).toBe(`VERSION ${version}\r\n`);
  },
  async mongodb(port, { hostname }, { version }) {
    const question = Buffer.from(
      '3c0000000100000000000000d4070000 00000000 61646d696e2e24636d6400 00000000ffffffff 17000000 10 7365727665725374617475730001000000 00'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    question.writeInt32LE(question.length, 0);
    question.writeInt32LE(question.length - 39, 39);
    const said = await ask(port, question, /process/);
    expect(said).toContain(hostname);
    expect(said).toContain(`${version}\0`);
  },
  async elasticsearch(port, { hostname }, { version }) {
    const said = await ask(port, 'GET / HTTP/1.0\r\nHost: x\r\n\r\n', /Search/);
    expect(said).toContain(`"name" : "${hostname}"`);
    expect(said).toContain(`"number" : "${version}"`);
  },
  async mssql(port) {
    const said = await ask(port, Buffer.from('1201000e00000000ff0000000000'.slice(0, 28), 'hex'), /\xff\x0d/);
    expect(said.charCodeAt(0)).toBe(4);
  },
  async llm(port) {
    expect(await ask(port, 'GET / HTTP/1.0\r\nHost: x\r\n\r\n', /running/)).toContain('Ollama is running');
  },
  async mcp(port) {
    expect(await ask(port, 'GET /mcp HTTP/1.0\r\nHost: x\r\n\r\n', /Acceptable:/)).toContain(
      'server: uvicorn',
    );
  },
  async kubelet(port, persona) {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    agrees(await certificateOf(socket), persona);
  },
  async ldap(port, { domain }) {
    const question = Buffer.from(
      '3084000000 2d 02010763840000002404000a01000a0100020100020164010100870b6f626a656374436c6173733084000000 00'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    expect(await ask(port, question, /LDAProotDSE/)).toContain('OpenLDAProotDSE');
    expect(domain).not.toBe('');
  },
  async mqtt(port) {
    expect(await ask(port, '\x10\x10\0\x04MQTT\x04\x02\0\x1e\0\x04nmap', /\0\0/)).toBe(' \x02\0\0');
  },
  async ftp(port) {
    expect(await ask(port, '', /\n/)).toBe('220 (vsFTPd 3.0.3)\r\n');
  },
  async smtp(port, { hostname, domain, system }) {
    const maker = system.id === 'debian' ? 'Debian/GNU' : 'Ubuntu';
    expect(await ask(port, '', /\n/)).toBe(`220 ${hostname}.${domain} ESMTP Postfix (${maker})\r\n`);
  },
  async smb(port, { hostname }) {
    const said = Buffer.from(
      await ask(port, Buffer.concat([negotiate, setUp]), /NTLMSSP\0\x02[\s\S]{60}/),
      'latin1',
    );
    expect(said.readUInt16LE(4 + 64 + 4)).toBe(0x0311);
    expect(said.indexOf(Buffer.from(hostname.toUpperCase().slice(0, 15), 'utf16le'))).toBeGreaterThan(0);
  },
  async snmp(port, { hostname }) {
    // The name behind one that is long: there is room for the value then.
    const name = Buffer.from([0x2b, 6, 1, 2, 1, 1, 4, 0, ...Array<number>(90).fill(1)]);
    const question = put(
      0x30,
      Buffer.from('020101', 'hex'),
      put(4, Buffer.from('public')),
      put(0xa1, Buffer.from('020101020100020100', 'hex'), put(0x30, put(0x30, put(6, name), put(5)))),
    );
    const socket = createSocket('udp4');
    socket.send(question, port, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    expect(answer.toString('latin1')).toContain(hostname);
  },
  async modbus(port, { product }) {
    const said = await ask(port, '\0\x01\0\0\0\x05\x01\x2b\x0e\x01\0', /\x02.*[0-9]$/s);
    for (const part of [product.vendor, product.model, product.firmware]) expect(said).toContain(part);
  },
  async kubernetes(port, persona) {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    agrees(await certificateOf(socket), persona);
  },
  async vnc(port) {
    expect(await ask(port, '', /\n/)).toMatch(/^RFB 003\.00[378]\n/);
  },
  async sip(port, { system }) {
    const said = await ask(
      port,
      'OPTIONS sip:100@x SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.7;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:100@x>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n',
      /\r\n\r\n/,
    );
    expect(said).toMatch(
      system.version === '22.04' ? /Server: Asterisk PBX 18\.10/ : /Server: (Asterisk|FPBX)/,
    );
  },
  async ipp(port, _, { version }) {
    const said = await ask(port, 'OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n', /IPP\/2\.1/);
    expect(said).toContain(`Server: CUPS/${String(version).slice(0, 3)} IPP/2.1`);
  },
  async jetdirect(port, { product }) {
    expect(await ask(port, '@PJL INFO ID\r\n', /\f/)).toContain(`"${product.model}"`);
  },
  async proxy(port) {
    expect(await ask(port, '\x05\x01\x00', /^[\s\S]{2}/)).toMatch(/^\x05/);
  },
  async tftp(port) {
    const socket = createSocket('udp4');
    socket.send(Buffer.from('\0\x01SEP001122334455.cnf.xml\0octet\0'), port, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    expect([3, 5]).toContain(answer[1]);
  },
  async s7(port, { product }) {
    const talk = Buffer.from('0300001611e00000000100c1020100c2020102c0010a', 'hex');
    const setUpS7 = Buffer.from('0300001902f08032010000000000080000f0000001000101e0', 'hex');
    const list = Buffer.from('0300002102f080320700000000000800080001120411440100ff09000400110000', 'hex');
    const socket = connect({ port, host: '127.0.0.1' });
    let heard = '';
    for (const [n, words] of [talk, setUpS7, list].entries()) {
      const before = heard.length;
      socket.write(words);
      for await (const piece of socket.iterator({ destroyOnReturn: false })) {
        heard += (piece as Buffer).toString('latin1');
        if (heard.length > before && (n < 2 || heard.includes('6ES7'))) break;
      }
    }
    socket.destroy();
    expect(heard).toContain(product.model);
  },
  async iec104(port) {
    expect(await ask(port, Buffer.from('680407000000', 'hex'), /^[\s\S]{6}/)).toBe('h\x04\x0b\0\0\0');
  },
  async bacnet(port) {
    const socket = createSocket('udp4');
    // Who-Is, unicast, padded by an empty range (Clause 16.10).
    socket.send(Buffer.from('810a000c01201e0000ff1008', 'hex'), port, '127.0.0.1');
    socket.send(Buffer.from('810500060000', 'hex'), port, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    expect(answer[0]).toBe(0x81);
  },
  async 'guardian-ast'(port, { owner }) {
    expect(await ask(port, '\x01I20100\n', /\x03/)).toContain(owner);
  },
  async ntp(port, { address }) {
    const socket = createSocket('udp4');
    socket.send(Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47)]), port, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    expect(address.startsWith(`${[...answer.subarray(12, 15)].join('.')}.`)).toBe(true);
  },
  async dns(port, { hostname }) {
    const question = '\0\x1f\x124\x01\0\0\x01\0\0\0\0\0\0\x08hostname\x04bind\0\0\x10\0\x03';
    expect(await ask(port, question, /\0\x10\0\x03[\s\S]+\0\x10\0\x03[\s\S]{8}/)).toContain(hostname);
  },
  async rdp(port, persona) {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(Buffer.from('030000130ee000000000000100080003000000', 'hex'));
    const [confirm] = (await once(socket, 'data')) as [Buffer];
    expect(confirm.readUInt8(11)).toBe(2);
    agrees(await certificateOf(connectTls({ socket, rejectUnauthorized: false })), persona);
  },
};

it.each(kinds.map(({ name }) => name))('%s says of itself what it is, on every service', async (kind) => {
  const persona = createPersona(seed, kind);
  const open: Served[] = [];
  try {
    for (const { emulator: name, options = {} } of persona.services) {
      const emulator = emulators.find((one) => one.name === name)!;
      const served = await serve(emulator, options, { seed, kind, sleep: async () => {} });
      open.push(served);
      expect(checks[name], `${name} is asked`).toBeDefined();
      await checks[name]!(served.port || served.udpPort, persona, options);
      expect(served.faults, name).toEqual([]);
    }
  } finally {
    await Promise.all(open.map((one) => one.close()));
  }
});

it.each(kinds.map(({ name }) => name).filter((name) => name !== 'windows-server'))(
  '%s has a shell that agrees with it',
  async (kind) => {
    const persona = createPersona(seed, kind);
    const http = emulators.find(({ name }) => name === 'http') as StreamEmulator;
    const talk = meet(http, { seed, kind, options: { lures: ['jaws'] } });
    const said = await talk.say('GET /shell?uname+-a HTTP/1.0\r\n\r\n');
    const { kernel, arch, hostname } = persona;
    expect(said).toContain(`Linux ${hostname} ${kernel.release} ${kernel.version} ${arch.name}`);
  },
);
