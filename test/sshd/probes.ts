import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { printable } from '../../src/kit/printable.ts';

/** What a stranger may do to an SSH port before any key is agreed: pieces to send, each after the answer to the last. */
export interface Probe {
  name: string;
  send: Buffer[];
}

const text = (value: string) => Buffer.from(value, 'latin1');
const ident = text('SSH-2.0-probe_1.0\r\n');

/** A packet without encryption (RFC 4253 §6), its padding as given or as short as the rules allow. */
function packet(payload: Buffer, { padding, length }: { padding?: number; length?: number } = {}): Buffer {
  const pad = padding ?? 8 - ((payload.length + 5) % 8) + (8 - ((payload.length + 5) % 8) < 4 ? 8 : 0);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(length ?? payload.length + pad + 1);
  head[4] = pad;
  return Buffer.concat([head, payload, Buffer.alloc(pad)]);
}

function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

const lists = {
  kex: 'curve25519-sha256,ext-info-c',
  key: 'ssh-ed25519',
  enc: 'aes128-ctr',
  mac: 'hmac-sha2-256',
  comp: 'none',
};

function kexinit(change: Partial<typeof lists> & { follows?: number } = {}): Buffer {
  const { kex, key, enc, mac, comp } = { ...lists, ...change };
  const names = [kex, key, enc, enc, mac, mac, comp, comp, '', ''].map(string);
  return Buffer.concat([
    Buffer.from([20]),
    Buffer.alloc(16, 7),
    ...names,
    Buffer.from([change.follows ?? 0, 0, 0, 0, 0]),
  ]);
}
const strict = kexinit({ kex: `${lists.kex},kex-strict-c-v00@openssh.com` });
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** The base point of X25519: a public key that gives a shared secret. */
const point = string(Buffer.from([9, ...Buffer.alloc(31)]));

export const probes: readonly Probe[] = [
  { name: 'a proper ident', send: [ident] },
  { name: 'a protocol of another name', send: [text('SSH-1337-x\r\n')] },
  { name: 'an HTTP request', send: [text('GET / HTTP/1.0\r\n\r\n')] },
  { name: 'a name in lower case', send: [text('ssh-2.0-x\r\n')] },
  { name: 'an empty line', send: [text('\r\n')] },
  { name: 'an ident of 9000 bytes', send: [text(`SSH-2.0-${'A'.repeat(8_990)}\r\n`)] },
  { name: 'an endless line', send: [text('A'.repeat(9_000))] },
  { name: 'a NUL in the ident', send: [text('SSH-2.0-a\0b\r\n')] },
  { name: 'a CR in the ident', send: [text('SSH-2.0-a\rb\r\n')] },
  { name: 'an ident without software', send: [text('SSH-2.0-\r\n')] },
  { name: 'an ident without the last dash', send: [text('SSH-2.0\r\n')] },
  { name: 'version 1.5', send: [text('SSH-1.5-x\r\n')] },
  { name: 'version 3.0', send: [text('SSH-3.0-x\r\n')] },
  { name: 'version 1.99', send: [text('SSH-1.99-x\r\n')] },
  { name: 'version 2.1', send: [text('SSH-2.1-x\r\n')] },
  { name: 'an ident ended by LF', send: [text('SSH-2.0-x\n')] },
  { name: 'an ident of 310 bytes', send: [text(`SSH-2.0-${'A'.repeat(300)}\r\n`)] },
  { name: 'a known prober', send: [text('SSH-2.0-Probe-1\r\n')] },
  { name: 'a known scanner', send: [text('SSH-2.0-SSH_Version_Mapper\r\n')] },
  { name: 'a line before the ident', send: [text('hello\r\nSSH-2.0-x\r\n')] },
  { name: 'two idents', send: [Buffer.concat([ident, ident])] },
  { name: 'ident, then junk', send: [ident, text('this is no packet at all, only text\r\n')] },
  {
    name: 'a declared length of 0x0fffffff',
    send: [ident, Buffer.concat([u32(0x0fffffff), Buffer.alloc(64)])],
  },
  { name: 'a declared length of 4', send: [ident, Buffer.concat([u32(4), Buffer.alloc(64)])] },
  {
    name: 'a length that is no multiple of 8',
    send: [ident, packet(Buffer.from([2, 0, 0, 0, 0]), { length: 13 })],
  },
  { name: 'a padding of 3', send: [ident, packet(Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), { padding: 3 })] },
  {
    name: 'a padding longer than the packet',
    send: [ident, Buffer.concat([u32(12), Buffer.from([200]), Buffer.alloc(11)])],
  },
  { name: 'message 99 before the key exchange', send: [ident, packet(Buffer.from([99, 0, 0, 0, 0]))] },
  { name: 'message 0', send: [ident, packet(Buffer.from([0]))] },
  { name: 'message 192', send: [ident, packet(Buffer.from([192]))] },
  {
    name: 'a service request before the key exchange',
    send: [ident, packet(Buffer.concat([Buffer.from([5]), string('ssh-userauth')]))],
  },
  {
    name: 'IGNORE, DEBUG and UNIMPLEMENTED, then KEXINIT',
    send: [
      ident,
      Buffer.concat([
        packet(Buffer.concat([Buffer.from([2]), string('x')])),
        packet(Buffer.concat([Buffer.from([4, 0]), string('x'), string('')])),
        packet(Buffer.concat([Buffer.from([3]), u32(0)])),
        packet(kexinit()),
      ]),
    ],
  },
  {
    name: 'IGNORE before a strict KEXINIT',
    send: [ident, Buffer.concat([packet(Buffer.concat([Buffer.from([2]), string('x')])), packet(strict)])],
  },
  {
    name: 'IGNORE after a strict KEXINIT',
    send: [ident, packet(strict), packet(Buffer.concat([Buffer.from([2]), string('x')]))],
  },
  { name: 'message 99 after a strict KEXINIT', send: [ident, packet(strict), packet(Buffer.from([99]))] },
  { name: 'message 99 after KEXINIT', send: [ident, packet(kexinit()), packet(Buffer.from([99]))] },
  {
    name: 'DISCONNECT',
    send: [ident, packet(Buffer.concat([Buffer.from([1]), u32(11), string('bye'), string('')]))],
  },
  { name: 'KEXINIT alone', send: [ident, packet(kexinit())] },
  { name: 'a KEXINIT cut short', send: [ident, packet(kexinit().subarray(0, 40))] },
  {
    name: 'a KEXINIT with bytes after it',
    send: [ident, packet(Buffer.concat([kexinit(), Buffer.alloc(5)]))],
  },
  { name: 'KEXINIT twice', send: [ident, packet(kexinit()), packet(kexinit())] },
  { name: 'no common key exchange', send: [ident, packet(kexinit({ kex: 'diffie-hellman-group1-sha1' }))] },
  { name: 'no common host key', send: [ident, packet(kexinit({ key: 'ssh-dss' }))] },
  { name: 'no common cipher', send: [ident, packet(kexinit({ enc: '3des-cbc' }))] },
  { name: 'no common MAC', send: [ident, packet(kexinit({ mac: 'hmac-md5' }))] },
  { name: 'no common compression', send: [ident, packet(kexinit({ comp: 'zlib' }))] },
  {
    name: 'a key of 31 bytes',
    send: [ident, packet(kexinit()), packet(Buffer.concat([Buffer.from([30]), string(Buffer.alloc(31, 9))]))],
  },
  {
    name: 'a key of zeros',
    send: [ident, packet(kexinit()), packet(Buffer.concat([Buffer.from([30]), string(Buffer.alloc(32))]))],
  },
  { name: 'a key without its length', send: [ident, packet(kexinit()), packet(Buffer.from([30]))] },
  {
    name: 'the message of another method',
    send: [
      ident,
      packet(kexinit()),
      packet(Buffer.concat([Buffer.from([34]), u32(2048), u32(2048), u32(8192)])),
    ],
  },
  {
    name: 'a guess that is right',
    send: [
      ident,
      Buffer.concat([packet(kexinit({ follows: 1 })), packet(Buffer.concat([Buffer.from([30]), point]))]),
    ],
  },
  { name: 'NEWKEYS too early', send: [ident, packet(kexinit()), packet(Buffer.from([21]))] },
  {
    name: 'DH group 14 with e = 0',
    send: [
      ident,
      packet(kexinit({ kex: 'diffie-hellman-group14-sha256' })),
      packet(Buffer.concat([Buffer.from([30]), string('')])),
    ],
  },
  {
    name: 'DH group 14 with e = 1',
    send: [
      ident,
      packet(kexinit({ kex: 'diffie-hellman-group14-sha256' })),
      packet(Buffer.concat([Buffer.from([30]), string(Buffer.from([1]))])),
    ],
  },
  {
    name: 'group exchange of 512 bits',
    send: [
      ident,
      packet(kexinit({ kex: 'diffie-hellman-group-exchange-sha256' })),
      packet(Buffer.concat([Buffer.from([34]), u32(512), u32(512), u32(512)])),
    ],
  },
  {
    name: 'group exchange with max below min',
    send: [
      ident,
      packet(kexinit({ kex: 'diffie-hellman-group-exchange-sha256' })),
      packet(Buffer.concat([Buffer.from([34]), u32(4096), u32(4096), u32(2048)])),
    ],
  },
  {
    name: 'a curve point that is none',
    send: [
      ident,
      packet(kexinit({ kex: 'ecdh-sha2-nistp256' })),
      packet(
        Buffer.concat([Buffer.from([30]), string(Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]))]),
      ),
    ],
  },
];

/** Sends a probe and tells what came back, a line each. Keys, signatures and the cookie are left out. */
export async function runProbe(port: number, probe: Probe, quietMs = 150): Promise<string[]> {
  const lines: string[] = [];
  let waiting = Buffer.alloc(0);
  let sawIdent = false;
  let keyed = false;
  let ended = false;
  let settle: (() => void) | undefined;
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
  const read = () => {
    while (!sawIdent && waiting.includes(10)) {
      const end = waiting.indexOf(10) + 1;
      const line = waiting.toString('latin1', 0, end);
      waiting = waiting.subarray(end);
      lines.push(`< ${printable(line)}`);
      sawIdent = line.startsWith('SSH-');
    }
    if (/^[\x20-\x7e]+\r\n$/.test(waiting.toString('latin1'))) {
      lines.push(`< ${printable(waiting.toString('latin1'))}`);
      waiting = Buffer.alloc(0);
    }
    while (!keyed && waiting.length >= 8 && waiting.length >= 4 + waiting.readUInt32BE(0)) {
      const length = waiting.readUInt32BE(0);
      const whole = waiting.subarray(0, 4 + length);
      waiting = waiting.subarray(4 + length);
      lines.push(`< ${describe(whole)}`);
      keyed = whole[5] === 21;
    }
  };
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    read();
    settle?.();
  });
  socket.on('end', () => {
    ended = true;
    settle?.();
  });
  socket.on('error', () => {
    ended = true;
    settle?.();
  });
  // Quiet for a while is what stands for "the server waits": there is nothing else to await.
  const quiet = async () => {
    for (let before = -1; !ended && before !== lines.length + waiting.length; ) {
      before = lines.length + waiting.length;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, quietMs);
        settle = () => {
          clearTimeout(timer);
          setTimeout(resolve, 20);
        };
      });
    }
  };
  await quiet();
  for (const piece of probe.send) {
    if (ended) break;
    socket.write(piece);
    await quiet();
  }
  if (waiting.length)
    lines.push(`< ${keyed ? 'encrypted' : `rest ${printable(waiting.toString('latin1'))}`}`);
  lines.push(ended ? '< end' : '< waits');
  socket.destroy();
  return lines;
}

/** One plaintext packet, without what differs each time. */
function describe(whole: Buffer): string {
  const padding = whole[4]!;
  const payload = whole.subarray(5, whole.length - padding);
  const tail = whole.subarray(whole.length - padding);
  const zeros = tail.every((byte) => byte === 0) ? 'zeros' : 'random';
  const type = payload[0]!;
  const strings: string[] = [];
  if (type === 20) {
    let at = 17;
    for (let i = 0; i < 10; i++) {
      const size = payload.readUInt32BE(at);
      strings.push(payload.toString('latin1', at + 4, at + 4 + size));
      at += 4 + size;
    }
    const lists = createHash('sha256').update(strings.join(';')).digest('hex').slice(0, 16);
    strings.splice(0, strings.length, `lists ${lists}`, payload.subarray(at).toString('hex'));
  } else if (type === 1) {
    const size = payload.readUInt32BE(5);
    strings.push(String(payload.readUInt32BE(1)), payload.toString('latin1', 9, 9 + size));
    strings.push(payload.subarray(9 + size).toString('hex'));
  } else if (type === 3) strings.push(payload.subarray(1).toString('hex'));
  const varies = type === 31 || type === 33;
  return `message ${type}${varies ? '' : `, ${whole.length} bytes`}${padding ? `, padding ${varies ? '' : `${padding} `}${zeros}` : ''}${strings.length ? ` ${JSON.stringify(strings)}` : ''}`;
}
