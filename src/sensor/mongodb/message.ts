import type { Wire } from '../emulator.ts';
import { BsonError, type Doc, decode, encode, type Fields } from './bson.ts';

/** Codes of the MongoDB wire protocol (mongodb.com/docs, "MongoDB Wire Protocol"). */
export const opcodes = {
  reply: 1,
  update: 2001,
  insert: 2002,
  query: 2004,
  more: 2005,
  delete: 2006,
  kill: 2007,
  compressed: 2012,
  msg: 2013,
} as const;
/** What MongoDB allows in one message. */
const messageLimit = 48_000_000;

export interface Question {
  id: number;
  opcode: number;
  /** The command's database, and the command; of a plain query the collection too. */
  database: string;
  collection: string;
  command: Doc;
  /** The client waits for no answer. */
  silent: boolean;
  skip: number;
  limit: number;
}

/** The next message; null once the peer has gone, undefined where it is none that a server goes on after. */
export async function readQuestion(wire: Wire): Promise<Question | null | undefined> {
  const head = await wire.bytes(16);
  if (head === null) return null;
  const size = head.readInt32LE(0);
  if (size < 16 || size > messageLimit) return undefined;
  const body = size > 16 ? await wire.bytes(size - 16) : Buffer.alloc(0);
  if (body === null) return null;
  const question: Question = {
    id: head.readInt32LE(4),
    opcode: head.readInt32LE(12),
    database: '',
    collection: '',
    command: new Map(),
    silent: false,
    skip: 0,
    limit: 0,
  };
  try {
    if (question.opcode === opcodes.msg) return message(question, body);
    if (question.opcode === opcodes.query) return query(question, body);
    if (question.opcode >= opcodes.update && question.opcode <= opcodes.kill) return legacy(question, body);
    return undefined;
  } catch (error) {
    if (error instanceof BsonError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** OP_MSG: a command, and lists of documents that belong into it. */
function message(question: Question, body: Buffer): Question | undefined {
  const flags = body.readUInt32LE(0);
  question.silent = (flags & 2) !== 0;
  const end = body.length - (flags & 1 ? 4 : 0);
  const lists: [string, Doc[]][] = [];
  for (let at = 4; at < end; ) {
    const kind = body[at++];
    if (kind === 0) {
      const { doc, end: next } = decode(body, at);
      question.command = new Map([...doc, ...question.command]);
      at = next;
      continue;
    }
    if (kind !== 1) return undefined;
    const stop = at + body.readInt32LE(at);
    const nameEnd = body.indexOf(0, at + 4);
    if (stop > end || nameEnd < 0 || nameEnd >= stop) return undefined;
    const docs: Doc[] = [];
    const name = body.toString('latin1', at + 4, nameEnd);
    for (at = nameEnd + 1; at < stop; ) {
      const { doc, end: next } = decode(body, at);
      docs.push(doc);
      at = next;
    }
    lists.push([name, docs]);
  }
  for (const [name, docs] of lists) question.command.set(name, docs);
  const database = question.command.get('$db');
  if (typeof database !== 'string') return undefined;
  question.database = database;
  return question;
}

/** OP_QUERY: a command where the collection is `$cmd`. */
function query(question: Question, body: Buffer): Question | undefined {
  const end = body.indexOf(0, 4);
  if (end < 0) return undefined;
  name(question, body.toString('latin1', 4, end));
  question.skip = body.readInt32LE(end + 1);
  question.limit = body.readInt32LE(end + 5);
  const { doc } = decode(body, end + 9);
  const inner = doc.get('$query') ?? doc.get('query');
  question.command = question.collection === '$cmd' && inner instanceof Map ? inner : doc;
  return question;
}

/** Writes of old clients, which nobody answers. */
function legacy(question: Question, body: Buffer): Question | undefined {
  question.silent = true;
  if (question.opcode === opcodes.kill) return question;
  const end = body.indexOf(0, 4);
  if (end < 0) return undefined;
  name(question, body.toString('latin1', 4, end));
  const docs: Doc[] = [];
  for (
    let at = end + 1 + (question.opcode === opcodes.insert ? 0 : 4);
    at < body.length && question.opcode !== opcodes.more;
  ) {
    const { doc, end: next } = decode(body, at);
    docs.push(doc);
    at = next;
  }
  question.command = new Map([['documents', docs]]);
  return question;
}

function name(question: Question, full: string): void {
  const dot = full.indexOf('.');
  question.database = dot < 0 ? full : full.slice(0, dot);
  question.collection = dot < 0 ? '' : full.slice(dot + 1);
}

/** An answer in the form of its question: OP_MSG, or OP_REPLY to OP_QUERY. */
export function answerTo(question: Question, id: number, docs: readonly (Fields | Doc | Buffer)[]): Buffer {
  const bytes = Buffer.concat(docs.map((doc) => (Buffer.isBuffer(doc) ? doc : encode(doc))));
  const isMessage = question.opcode === opcodes.msg;
  const head = Buffer.alloc(isMessage ? 21 : 36);
  head.writeInt32LE(head.length + bytes.length, 0);
  head.writeInt32LE(id, 4);
  head.writeInt32LE(question.id, 8);
  head.writeInt32LE(isMessage ? opcodes.msg : opcodes.reply, 12);
  if (!isMessage) {
    // AwaitCapable; no cursor.
    head.writeInt32LE(8, 16);
    head.writeInt32LE(docs.length, 32);
  }
  return Buffer.concat([head, bytes]);
}
