import { z } from 'zod';
import { printable } from '../../kit/printable.ts';
import { defineEmulator, type Wire } from '../emulator.ts';
import { startCatalogue } from '../postgres/catalog.ts';
import type { Client } from '../postgres/client.ts';
import { Extended } from '../postgres/extended.ts';
import { error, fromFault } from '../postgres/faults.ts';
import { md5, type Receive, scram } from '../postgres/login.ts';
import {
  type Complaint,
  complaint,
  dataRow,
  int16,
  int32,
  message,
  Refusal,
  rowDescription,
  shown,
} from '../postgres/messages.ts';
import type { Outcome } from '../postgres/outcome.ts';
import { bannerOf, defaultSettings, reported } from '../postgres/settings.ts';
import { execute } from '../postgres/statements.ts';
import { Catalogue } from '../sql/catalogue.ts';
import { statements } from '../sql/cursor.ts';
import { SqlFault } from '../sql/lexer.ts';

/** Debian 12's releases, of which a sensor picks one where none is set. */
const versions = ['15.12', '15.13', '15.14', '15.16', '15.18'];
/** Message lengths that are taken: of the startup (MAX_STARTUP_PACKET_LENGTH), and of any other, read in pieces. */
const limits = {
  startup: 10_000,
  message: 4_194_304,
  piece: 65_536,
  greetings: 4,
  statements: 256,
  copied: 1_048_576,
} as const;

/** PostgreSQL without TLS. Documentation 15, chapter 55; texts and their places in the source are those of 15.18. */
export const postgres = defineEmulator({
  name: 'postgres',
  summary: 'PostgreSQL server',
  port: 5432,
  highPort: 5432,
  options: z.strictObject({
    /** The release of Debian 12's package; empty: one that goes with the machine. */
    version: z
      .string()
      .regex(/^(15\.\d{1,2})?$/)
      .default(''),
    auth: z.enum(['scram-sha-256', 'md5']).default('scram-sha-256'),
  }),

  async session(wire, options) {
    const { persona } = wire;
    const number =
      options.version ||
      versions[Number.parseInt(persona.token('postgres-version', 8), 16) % versions.length]!;
    const version = `${number} (Debian ${number}-0+deb12u1)`;
    const startup = await greet(wire);
    if (!startup) return;
    const fail = (told: Complaint) => wire.send(complaint({ ...told, severity: 'FATAL' }));
    const user = startup.get('user') ?? '';
    if (!user) return fail(error('noUser'));
    const database = startup.get('database') || user;
    const { ok, refusal } = await (options.auth === 'md5' ? md5 : scram)(
      wire,
      () => receive(wire),
      user,
      database,
    );
    if (!ok) {
      if (refusal) fail(refusal);
      return;
    }
    wire.send(message('R', int32(0)));
    const client = createClient(wire, version, user, database);
    if (!client.catalogue.has(database)) return fail(error('noSuchDatabase', database));
    for (const [name, value] of startup)
      if (client.settings.has(name.toLowerCase()) && name !== 'user')
        client.settings.set(name.toLowerCase(), value.slice(0, 256));
    for (const name of reported)
      wire.send(message('S', `${name}\0${client.settings.get(name.toLowerCase())}\0`));
    wire.send(
      message(
        'K',
        int32(client.process),
        Buffer.from(Array.from({ length: 4 }, () => Math.floor(wire.random() * 256))),
      ),
    );
    await converse(client);
  },
});

/** StartupMessage, after requests for encryption, which are declined (§55.2.10). Null where it is over. */
async function greet(wire: Wire): Promise<Map<string, string> | null> {
  for (let count = 0; count < limits.greetings; count++) {
    const head = await wire.bytes(4);
    if (head === null) return null;
    const size = head.readUInt32BE(0);
    // What is no startup packet at all is met with silence, as by the real one.
    if (size < 8 || size > limits.startup) return null;
    const body = await wire.bytes(size - 4);
    if (body === null) return null;
    const [major, minor] = [body.readUInt16BE(0), body.readUInt16BE(2)];
    if (major === 1234 && (minor === 5679 || minor === 5680)) {
      wire.send(minor === 5679 ? 'N' : 'G');
      wire.emit({ kind: 'data', size, detail: { request: minor === 5679 ? 'SSL' : 'GSS' } });
      continue;
    }
    if (major === 1234) return null;
    if (major !== 3) {
      const told = error('oldProtocol', `${major}.${minor}`);
      wire.send(
        major === 2 || major === 1 ? `EFATAL:  ${told.text}\n\0` : complaint({ ...told, severity: 'FATAL' }),
      );
      return null;
    }
    const parts = body.toString('latin1', 4).split('\0');
    const found = new Map<string, string>();
    for (let n = 0; n + 1 < parts.length && parts[n] && found.size < 32; n += 2)
      found.set(parts[n]!, parts[n + 1]!);
    const detail: Record<string, string> = {};
    for (const [name, value] of found) detail[name.slice(0, 64)] = printable(value, 512);
    const software = found.get('application_name');
    wire.emit({
      kind: 'fingerprint',
      method: 'postgres-startup',
      value: [`${major}.${minor}`, ...found.keys()].join(','),
      ...(software ? { software } : {}),
      detail,
    });
    return found;
  }
  return null;
}

const receive = async (wire: Wire): ReturnType<Receive> => {
  const head = await wire.bytes(5);
  if (head === null) return null;
  const size = head.readUInt32BE(1) - 4;
  if (size < 0 || size > limits.message) return null;
  const parts: Buffer[] = [];
  for (let left = size; left > 0; ) {
    const bytes = await wire.bytes(Math.min(left, limits.piece));
    if (bytes === null) return null;
    parts.push(bytes);
    left -= bytes.length;
  }
  return { type: head.toString('latin1', 0, 1), body: Buffer.concat(parts) };
};

function createClient(wire: Wire, version: string, user: string, database: string): Client {
  let catalogue = wire.memory.get('postgres') as Catalogue | undefined;
  if (!catalogue) {
    catalogue = new Catalogue(wire.memory, startCatalogue(wire.persona));
    wire.memory.set('postgres', catalogue);
  }
  return {
    wire,
    version,
    user,
    database,
    catalogue,
    banner: bannerOf(version, wire.persona),
    settings: defaultSettings(version, user),
    parameters: [],
    transaction: 'I',
    process: 1_000 + Math.floor(wire.random() * 30_000),
    waitMs: 0,
  };
}

async function converse(client: Client): Promise<void> {
  const { wire } = client;
  const extended = new Extended(client);
  const ready = () => wire.send(message('Z', client.transaction));
  const tell = (text: string) => wire.emit({ kind: 'command', input: printable(text, 65_536) });
  let skipping = false;
  ready();
  for (;;) {
    const heard = await receive(wire);
    if (heard === null || heard.type === 'X') return;
    const { type, body } = heard;
    if (type === 'Q') {
      const text = body.toString('latin1').replace(/\0[\s\S]*$/, '');
      tell(text);
      await guarded(client, text, async () => {
        if (body.at(-1) !== 0) throw new Refusal(error('invalidString'));
        await simple(client, text);
      });
      ready();
    } else if (type === 'S') {
      skipping = false;
      ready();
    } else if ('PBDEC'.includes(type)) {
      if (!skipping)
        skipping = !(await guarded(client, body.toString('latin1').split('\0')[1] ?? '', () =>
          extended.handle(type, body, tell),
        ));
    } else if (!'HdcfF'.includes(type)) {
      wire.send(complaint({ ...error('messageType', type.charCodeAt(0)), severity: 'FATAL' }));
      return;
    }
  }
}

/** Says what went wrong instead of throwing it. False where anything did. */
async function guarded(client: Client, text: string, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (problem) {
    if (problem instanceof Refusal) client.wire.send(complaint(problem.told));
    else if (problem instanceof SqlFault) client.wire.send(complaint(fromFault(problem, text)));
    else throw problem;
    if (client.transaction === 'T') client.transaction = 'E';
    return false;
  }
}

/** A simple query: every statement in turn, up to the first that fails (§55.2.2). */
async function simple(client: Client, text: string): Promise<void> {
  const { wire } = client;
  const all = statements(text, 'postgres').slice(0, limits.statements);
  if (all.length === 0) wire.send(message('I'));
  client.parameters = [];
  for (const cursor of all) {
    const ends = ['commit', 'rollback', 'end', 'abort'].some((word) => cursor.is(word));
    if (client.transaction === 'E' && !ends)
      throw new Refusal({
        code: '25P02',
        text: 'current transaction is aborted, commands ignored until end of transaction block',
        file: 'postgres.c',
        line: 1110,
        routine: 'exec_simple_query',
      });
    const outcome = await execute(client, cursor);
    if (outcome.notice) wire.send(complaint(outcome.notice));
    if (outcome.copyInto !== undefined) await copyIn(client, outcome);
    else {
      if (outcome.fields) {
        wire.send(rowDescription(outcome.fields));
        for (const row of outcome.rows ?? []) wire.send(dataRow(row, outcome.fields));
      } else if (outcome.rows) copyOut(wire, outcome);
      wire.send(message('C', `${outcome.tag}\0`));
    }
    if (outcome.status) wire.send(message('S', `${outcome.status[0]}\0${outcome.status[1]}\0`));
  }
}

function copyOut(wire: Wire, outcome: Outcome): void {
  const columns = outcome.columns ?? 1;
  wire.send(message('H', '\0', int16(columns), ...Array.from({ length: columns }, () => int16(0))));
  for (const row of outcome.rows ?? [])
    wire.send(message('d', `${row.map((value) => (value === null ? '\\N' : shown(value))).join('\t')}\n`));
  wire.send(message('c'));
}

/** COPY ... FROM STDIN: what comes is kept, and read into the table. */
async function copyIn(client: Client, outcome: Outcome): Promise<void> {
  const { wire } = client;
  const columns = outcome.columns ?? 1;
  wire.send(message('G', '\0', int16(columns), ...Array.from({ length: columns }, () => int16(0))));
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const heard = await receive(wire);
    if (heard === null || heard.type === 'X') return;
    if (heard.type === 'c') break;
    if (heard.type === 'f')
      throw new Refusal({
        code: '57014',
        text: `COPY from stdin failed: ${heard.body.toString('latin1').replace(/\0[\s\S]*$/, '')}`,
        file: 'copyfromparse.c',
        line: 333,
        routine: 'CopyGetData',
      });
    if (heard.type === 'd' && size < limits.copied) {
      parts.push(heard.body);
      size += heard.body.length;
    }
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length) wire.emit({ kind: 'upload', ...wire.keep(bytes), detail: { how: 'copy' } });
  const lines = bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '' && line !== '\\.');
  const table = outcome.copyInto;
  if (table) for (const line of lines) client.catalogue.insert(table, line.split('\t').slice(0, columns));
  wire.send(message('C', `COPY ${lines.length}\0`));
}
