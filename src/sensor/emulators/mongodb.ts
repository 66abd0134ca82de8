import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { type Doc, encode, shown, type Value } from '../mongodb/bson.ts';
import { type Context, find, respond } from '../mongodb/commands.ts';
import { answerTo, opcodes, type Question, readQuestion } from '../mongodb/message.ts';
import { MongoStore } from '../mongodb/store.ts';

/** Commands with which drivers only look after a connection: they are told once. */
const chatter = new Set(['hello', 'ismaster', 'ping', 'endsessions']);
/** Documents written, from this size on, are kept as a payload: most are notes that ask for money. */
const payloadSize = 64;

/** MongoDB 4.4 without access control: whoever comes may read, write and drop; logins fail, as there are no accounts. */
export const mongodb = defineEmulator({
  name: 'mongodb',
  summary: 'MongoDB without access control',
  port: 27017,
  highPort: 27017,
  options: z.strictObject({
    version: z
      .string()
      .regex(/^\d{1,2}(\.\d{1,3}){2}$/)
      .default('4.4.29'),
  }),

  // The client speaks first.
  greet: () => true,

  async session(wire, { version }) {
    let store = wire.memory.get('mongodb') as MongoStore | undefined;
    if (!store) {
      store = new MongoStore(wire.memory, wire.persona);
      wire.memory.set('mongodb', store);
    }
    const talk = {};
    const said = new Set<string>();
    for (let id = 1; ; id++) {
      const question = await readQuestion(wire);
      // mongod hangs up on what it cannot read.
      if (!question) return;
      const { command, database } = question;
      const context: Context = { wire, store, version, question, command, database, talk };
      tell(wire, question, said);
      if (question.opcode === opcodes.query && question.collection !== '$cmd') {
        context.command = new Map<string, Value>([
          ['filter', command],
          ['limit', question.limit],
          ['skip', question.skip],
        ]);
        wire.send(answerTo(question, id, find(context, question.collection)));
        continue;
      }
      if (question.opcode !== opcodes.msg && question.opcode !== opcodes.query) continue;
      const answer = respond(context);
      if (!question.silent) wire.send(answerTo(question, id, [answer]));
    }
  },
});

function tell(wire: Wire, { opcode, database, collection, command }: Question, said: Set<string>): void {
  const [first = ''] = command.keys();
  const name = first.toLowerCase();
  tellClient(wire, command);
  if (name === 'saslstart' || name === 'saslcontinue') return;
  if (chatter.has(name)) {
    if (said.has(name)) return;
    said.add(name);
  }
  const shownCommand = new Map(
    [...command].filter(([key]) => !/^(lsid|\$db|\$clusterTime|\$readPreference|txnNumber)$/.test(key)),
  );
  const kind = Object.entries(opcodes).find(([, code]) => code === opcode)?.[0] ?? '';
  const subject =
    opcode === opcodes.msg || collection === '$cmd' ? database : `${database}.${collection} ${kind}`;
  wire.emit({
    kind: 'command',
    input: `${subject} ${shown(shownCommand)}`,
    detail: { database, command: first.slice(0, 64) },
  });
  const documents = command.get('documents');
  if (!Array.isArray(documents)) return;
  for (const one of documents.slice(0, 16)) {
    if (!(one instanceof Map)) continue;
    const bytes = encode(one as Doc);
    if (bytes.length >= payloadSize)
      wire.emit({
        kind: 'upload',
        ...wire.keep(bytes),
        name: `${database}.${String(command.get('insert') ?? collection)}`,
        detail: { how: 'insert' },
      });
  }
}

/** Drivers introduce themselves (MongoDB specifications, "Handshake"). */
function tellClient(wire: Wire, command: Doc): void {
  const client = command.get('client');
  if (!(client instanceof Map)) return;
  const driver = client.get('driver');
  const at = (name: string) => (driver instanceof Map ? String(driver.get(name) ?? '') : '');
  wire.emit({
    kind: 'fingerprint',
    method: 'mongodb-client',
    value: shown(client, 4_096),
    software: `${at('name')} ${at('version')}`.trim(),
  });
}
