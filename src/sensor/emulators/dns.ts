import { z } from 'zod';
import { dnsHeader } from '../../kit/dns-wire.ts';
import { type Query, type Question, questionText, readQuery } from '../dns/message.ts';
import { type DatagramWire, defineEmulator } from '../emulator.ts';
import type { System } from '../persona.ts';

/** RFC 1035 §4.1.1, RFC 2136 §2.2, RFC 6891 §9. */
const codes = { formatError: 1, notImplemented: 4, refused: 5, notAuthoritative: 9, badVersion: 16 };
const opcodes = { query: 0, notify: 4, update: 5 };
const chaos = 3;
const transfers = [251, 252];
const truncated = 0x0200;

/** What a BIND of this version says, once without a view to size, by its parts. */
interface Reply {
  flags: number;
  code: number;
  question: Buffer;
  answer: Buffer;
}

/**
 * A BIND that recurses for nobody outside and has no zone of theirs (RFC 1035). Every question is told. Over UDP an answer that would
 * be longer than the question is cut and marked so (TC, RFC 2181 §9): the whole is to be had over TCP.
 */
export const dns = defineEmulator({
  name: 'dns',
  summary: 'DNS server that refuses recursion, over UDP and TCP',
  port: 53,
  highPort: 5300,
  options: z.strictObject({
    /** What `version.bind` says; the persona's package where it is left out. */
    version: z.string().max(64).optional(),
  }),

  datagram(wire, bytes, { version }) {
    const said = answer(wire, bytes, version ?? versionOf(wire.persona.system));
    if (!said) return null;
    const [query, reply] = said;
    for (const extra of extras(wire, query, reply)) {
      const whole = assemble(query, reply, extra);
      if (whole.length <= bytes.length) return whole;
    }
    const cut = assemble(
      query,
      { ...reply, flags: reply.flags | truncated, answer: Buffer.alloc(0) },
      Buffer.alloc(0),
    );
    return cut.length <= bytes.length ? cut : null;
  },

  async session(wire, { version }) {
    for (let head = await wire.bytes(2); head !== null; head = await wire.bytes(2)) {
      const bytes = await wire.bytes(head.readUInt16BE(0));
      if (bytes === null) return;
      const said = answer(wire, bytes, version ?? versionOf(wire.persona.system));
      if (!said) return;
      const [query, reply] = said;
      const whole = assemble(query, reply, extras(wire, query, reply)[0]!);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(whole.length);
      wire.send(Buffer.concat([length, whole]));
    }
  },
});

/** As the packages of Debian and Ubuntu have it. */
function versionOf({ id, version }: System): string {
  if (id === 'ubuntu' && version === '20.04') return '9.16.48-0ubuntu0.20.04.1-Ubuntu';
  if (id === 'ubuntu') return '9.18.28-0ubuntu0.22.04.1-Ubuntu';
  return '9.18.28-1~deb12u2-Debian';
}

function answer(
  wire: Pick<DatagramWire, 'emit' | 'persona'>,
  bytes: Buffer,
  version: string,
): [Query, Reply] | null {
  const query = readQuery(bytes);
  if (!query) return null;
  const { question, opcode, edns } = query;
  wire.emit({
    kind: 'command',
    input: question ? questionText(question) : '',
    detail: {
      opcode,
      recursion: (query.flags & 0x0100) !== 0,
      ...(edns ? { edns: edns.version } : {}),
    },
  });
  const none = Buffer.alloc(0);
  const plain = (code: number): Reply => ({ flags: 0, code, question: question?.raw ?? none, answer: none });
  if (opcode !== opcodes.query && opcode !== opcodes.notify && opcode !== opcodes.update)
    return [query, { ...plain(codes.notImplemented), question: none }];
  if (!question) return [query, plain(codes.formatError)];
  if (opcode !== opcodes.query) return [query, plain(codes.notAuthoritative)];
  if (edns && edns.version > 0) return [query, plain(codes.badVersion)];
  if (question.class === chaos) {
    const text = chaosText(question, version, wire.persona.hostname);
    if (text === null) return [query, plain(codes.refused)];
    return [query, { ...plain(0), flags: 0x0400, answer: chaosRecord(text) }];
  }
  if (question.class !== 1 && question.class !== 255) return [query, plain(codes.notImplemented)];
  return [query, plain(transfers.includes(question.type) ? codes.notAuthoritative : codes.refused)];
}

/** BIND's own zone of the class CHAOS. */
function chaosText({ labels, type }: Question, version: string, hostname: string): string | null {
  if (type !== 16 && type !== 255) return null;
  const name = labels.join('.').toLowerCase();
  return name === 'version.bind' ? version : name === 'hostname.bind' ? hostname : null;
}

/** A TXT record that points to the question's name. */
function chaosRecord(text: string): Buffer {
  const length = text.length + 1;
  const head = [0xc0, dnsHeader, 0, 16, 0, chaos, 0, 0, 0, 0, length >> 8, length & 0xff, text.length];
  return Buffer.concat([Buffer.from(head), Buffer.from(text, 'latin1')]);
}

/** What follows in the additional section, the most that BIND would say first: cookie and reason (RFC 7873, RFC 8914), then less. */
function extras(wire: Pick<DatagramWire, 'now' | 'persona' | 'src'>, query: Query, reply: Reply): Buffer[] {
  const { edns } = query;
  if (!edns) return [Buffer.alloc(0)];
  const high = reply.code >> 4;
  const record = (options: Buffer) =>
    Buffer.concat([
      Buffer.from([0, 0, 41, 0x04, 0xd0, high, 0, 0, 0, options.length >> 8, options.length & 0xff]),
      options,
    ]);
  // Prohibited: the client may not ask for recursion.
  const reason = Buffer.from(reply.code === codes.refused ? '000f00020012' : '', 'hex');
  const bare = record(Buffer.alloc(0));
  if (!edns.cookie) return [record(reason), bare, Buffer.alloc(0)];
  const time = Buffer.alloc(4);
  time.writeUInt32BE(Math.floor(wire.now() / 1_000) >>> 0);
  const sealed = wire.persona.token(`cookie ${wire.src.ip} ${time.toString('hex')}`, 16);
  const cookie = Buffer.concat([
    Buffer.from('000a0018', 'hex'),
    edns.cookie,
    Buffer.from('01000000', 'hex'),
    time,
    Buffer.from(sealed, 'hex'),
  ]);
  return [record(Buffer.concat([cookie, reason])), record(cookie), bare, Buffer.alloc(0)];
}

function assemble({ id, opcode, flags }: Query, reply: Reply, extra: Buffer): Buffer {
  const head = Buffer.alloc(dnsHeader);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x8000 | (opcode << 11) | flags | reply.flags | (reply.code & 15), 2);
  head.writeUInt16BE(reply.question.length ? 1 : 0, 4);
  head.writeUInt16BE(reply.answer.length ? 1 : 0, 6);
  head.writeUInt16BE(extra.length ? 1 : 0, 10);
  return Buffer.concat([head, reply.question, reply.answer, extra]);
}
