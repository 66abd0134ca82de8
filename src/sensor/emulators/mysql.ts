import { z } from 'zod';
import { printable } from '../../kit/printable.ts';
import { defineEmulator, type Wire } from '../emulator.ts';
import { encode, encodeField, eofPacket, errorPacket } from '../mysql/answers.ts';
import type { Client } from '../mysql/client.ts';
import { failure } from '../mysql/faults.ts';
import { tableFields } from '../mysql/fields.ts';
import { capability, type Flavour, flavourOf, greeting, type Hello, readHello } from '../mysql/handshake.ts';
import { logIn } from '../mysql/login.ts';
import { Packets } from '../mysql/packets.ts';
import { startCatalogue } from '../mysql/schema.ts';
import { createSalt } from '../mysql/scramble.ts';
import { query, use } from '../mysql/statements.ts';
import { statusVariables, systemVariables } from '../mysql/variables.ts';
import { Catalogue } from '../sql/catalogue.ts';

/** Releases that a sensor picks from where none is set. */
const versions = [
  '10.11.14-MariaDB-0+deb12u2',
  '10.11.11-MariaDB-0+deb12u1',
  '10.11.6-MariaDB-0+deb12u1',
  '10.11.13-MariaDB-0ubuntu0.24.04.1',
  '8.0.36',
  '8.0.41',
  '8.0.43-0ubuntu0.22.04.1',
];

/** MySQL or MariaDB without TLS: the client/server protocol of the MySQL source documentation, "Client/Server Protocol". */
export const mysql = defineEmulator({
  name: 'mysql',
  summary: 'MySQL or MariaDB server',
  port: 3306,
  highPort: 3306,
  options: z.strictObject({
    /** As `SELECT VERSION()` shows it; empty: one that goes with the machine. */
    version: z
      .string()
      .max(60)
      .regex(/^[\w.+~-]*$/)
      .default(''),
  }),

  async session(wire, options) {
    const { persona } = wire;
    const own = versions[Number.parseInt(persona.token('mysql-version', 8), 16) % versions.length]!;
    const flavour = flavourOf(options.version || own);
    const packets = new Packets(wire);
    const salt = createSalt(() => wire.random());
    const id = 40 + Math.floor((wire.now() - persona.bootedAt) / 4_000_000) + connections(wire);
    packets.send(greeting(flavour, id, salt));
    const body = await packets.read(false);
    if (body === null) return;
    if (body === 'disorder') return packets.send(errorPacket(failure('outOfOrder')));
    if (body === 'large' || body.length < 32 || tls(body))
      return packets.send(errorPacket(failure('badHandshake')));
    const hello = readHello(body);
    tellClient(wire, hello, flavour);
    if (hello.old) {
      wire.emit({
        kind: 'login',
        user: hello.user,
        secret: hello.response.toString('hex'),
        ok: false,
        method: 'mysql_old_password',
      });
      return packets.send(errorPacket(failure('oldClient')));
    }
    if (!(await logIn(wire, packets, hello, flavour, salt))) return;
    const client = createClient(wire, hello, flavour, id);
    if (hello.database) {
      const answer = use(client, hello.database);
      packets.send(...encode(answer, hello));
      if (answer.kind === 'error') return;
    } else packets.send(...encode({ kind: 'ok' }, hello));
    if (hello.capabilities & capability.compress) packets.compress();
    await commands(client, packets, hello);
  },
});

/** SSLRequest: a greeting that ends before the user's name. It was never offered. */
const tls = (body: Buffer) => body.length === 32 && (body.readUInt32LE(0) & capability.ssl) !== 0;

function connections(wire: Wire): number {
  const count = ((wire.memory.get('mysql-connections') as number | undefined) ?? 0) + 1;
  wire.memory.set('mysql-connections', count);
  return count;
}

function tellClient(wire: Wire, hello: Hello, flavour: Flavour): void {
  const value = `${(hello.capabilities >>> 0).toString(16)},${hello.extensions},${hello.charset},${hello.maxPacket},${hello.plugin}`;
  const named = new Map(hello.attributes);
  const software = [
    named.get('_client_name'),
    named.get('_client_version'),
    named.get('program_name'),
    named.get('_os'),
    named.get('_platform'),
  ]
    .filter(Boolean)
    .join(' ');
  const detail: Record<string, string> = { server: flavour.version };
  if (hello.database) detail.database = hello.database;
  for (const [name, text] of hello.attributes)
    detail[`attribute.${name}`.slice(0, 64)] = printable(text, 512);
  wire.emit({
    kind: 'fingerprint',
    method: 'mysql-client',
    value,
    ...(software ? { software } : {}),
    detail,
  });
}

function createClient(wire: Wire, hello: Hello, flavour: Flavour, id: number): Client {
  let catalogue = wire.memory.get('mysql') as Catalogue | undefined;
  if (!catalogue) {
    catalogue = new Catalogue(wire.memory, startCatalogue(wire.persona, flavour.maria));
    wire.memory.set('mysql', catalogue);
  }
  return {
    wire,
    flavour,
    id,
    catalogue,
    database: null,
    user: hello.user,
    account: `${hello.user}@${wire.src.ip}`,
    system: systemVariables(wire.persona, flavour),
    variables: new Map(),
    charset: hello.charset,
    questions: 0,
    waitMs: 0,
    lastError: null,
  };
}

/** The command phase. Numbers are those of "Text Protocol". */
async function commands(client: Client, packets: Packets, hello: Hello): Promise<void> {
  const { wire } = client;
  for (;;) {
    const packet = await packets.read();
    if (packet === null) return;
    if (packet === 'large' || packet === 'disorder') {
      return packets.send(errorPacket(failure(packet === 'large' ? 'tooLarge' : 'outOfOrder')));
    }
    const words = packet.toString('latin1', 1);
    switch (packet[0]) {
      case 0x01:
        return;
      case 0x03: {
        wire.emit({ kind: 'command', input: printable(words, 65_536) });
        const answer = await query(client, words);
        packets.send(...encode(answer, { ...hello, charset: client.charset }));
        break;
      }
      case 0x02:
        wire.emit({
          kind: 'command',
          input: `USE ${printable(words, 4_096)}`,
          ok: client.catalogue.has(words),
        });
        packets.send(...encode(use(client, words), hello));
        break;
      case 0x04: {
        const name = words.split('\0')[0]!;
        const table = client.catalogue.table(client.database ?? '', name);
        if (!client.database) packets.send(errorPacket(failure('noDatabase')));
        else if (!table) packets.send(errorPacket(failure('noSuchTable', `${client.database}.${name}`)));
        else {
          const fields = tableFields(client, client.database, name, table);
          packets.send(
            ...fields.map((field) => Buffer.concat([encodeField(field, hello), Buffer.from([0xfb])])),
            eofPacket(2),
          );
        }
        break;
      }
      case 0x09: {
        const uptime = Math.floor((wire.now() - wire.persona.bootedAt) / 1_000) - 41;
        const questions = Number(statusVariables(uptime, client.questions).get('Questions'));
        const average = (questions / uptime).toFixed(3);
        packets.send(
          Buffer.from(
            `Uptime: ${uptime}  Threads: 1  Questions: ${questions}  Slow queries: 0  Opens: 33  Open tables: 26  Queries per second avg: ${average}`,
          ),
        );
        break;
      }
      case 0x0e:
      case 0x1f:
        packets.send(...encode({ kind: 'ok' }, hello));
        break;
      case 0x1b:
        packets.send(eofPacket(2));
        break;
      case 0x0a:
        packets.send(...encode(await query(client, 'show processlist'), hello));
        break;
      case 0x16:
        wire.emit({ kind: 'command', input: printable(words, 65_536), detail: { prepared: true } });
        packets.send(errorPacket(failure(words === '' ? 'emptyQuery' : 'notPrepared')));
        break;
      default:
        wire.emit({ kind: 'command', input: `command ${packet[0] ?? -1}`, ok: false });
        packets.send(errorPacket(failure('unknownCommand')));
    }
  }
}
