import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { type Login, prelogin, readLogin, tellClient } from '../mssql/login.ts';
import {
  answer,
  collation,
  type Dialect,
  done,
  environment,
  error,
  info,
  kinds,
  loginAck,
  readMessage,
} from '../mssql/packets.ts';
import { type Release, respond } from '../mssql/queries.ts';
import { admits } from './credentials.ts';

/** Batches of one connection. */
const batchLimit = 5_000;

const releases: Record<'2016' | '2019', Release> = {
  '2016': {
    version: [13, 0, 6_300],
    title:
      'Microsoft SQL Server 2016 (SP3) (KB5003279) - 13.0.6300.2 (X64) \n\tAug  7 2021 01:20:37 \n\tCopyright (c) Microsoft Corporation\n\tStandard Edition (64-bit) on Windows Server 2016 Standard 10.0 <X64> (Build 14393: ) (Hypervisor)\n',
  },
  '2019': {
    version: [15, 0, 2_000],
    title:
      'Microsoft SQL Server 2019 (RTM) - 15.0.2000.5 (X64) \n\tSep 24 2019 13:48:23 \n\tCopyright (C) 2019 Microsoft Corporation\n\tStandard Edition (64-bit) on Windows Server 2016 Standard 10.0 <X64> (Build 14393: ) (Hypervisor)\n',
  },
};

/** Microsoft SQL Server over TDS 7 without encryption (MS-TDS): logins of `sa`, a few queries, and `xp_cmdshell` that pretends. */
export const mssql = defineEmulator({
  name: 'mssql',
  summary: 'Microsoft SQL Server',
  port: 1433,
  highPort: 1433,
  options: z.strictObject({ version: z.enum(['2016', '2019']).default('2016') }),

  // The client speaks first.
  greet: () => true,

  async session(wire, options) {
    const release = releases[options.version];
    const dialect: Dialect = { wide: true, server: wire.persona.hostname.toUpperCase().slice(0, 15) };
    for (let tries = 0; ; tries++) {
      const message = await readMessage(wire);
      if (message === null) return;
      if (message.kind === kinds.prelogin && tries < 4) {
        wire.send(answer(prelogin(release.version, message.body), 0));
        continue;
      }
      const login = message.kind === kinds.login ? readLogin(message.body) : null;
      if (!login) return;
      if (!logIn(wire, dialect, release, login)) return;
      return converse(wire, dialect, release, login);
    }
  },
});

function logIn(wire: Wire, dialect: Dialect, release: Release, login: Login): boolean {
  const { user, secret, tds, integrated } = login;
  dialect.wide = tds >>> 24 >= 0x72;
  tellClient(wire, login);
  // `sa` is weighed as the machine's administrator: no other service knows that name.
  const ok = !integrated && admits(wire, user.toLowerCase() === 'sa' ? wire.persona.admin : user, secret);
  wire.emit({ kind: 'login', user, secret, ok, method: integrated ? 'sspi' : 'tds' });
  if (!ok) {
    const text = integrated
      ? 'Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.'
      : `Login failed for user '${user}'.`;
    wire.send(
      answer(Buffer.concat([error(dialect, integrated ? 18_452 : 18_456, 1, 14, text), done(dialect, 2)])),
    );
    return false;
  }
  wire.send(
    answer(
      Buffer.concat([
        environment(1, 'master', ''),
        info(dialect, 5_701, 2, 0, "Changed database context to 'master'."),
        environment(7, collation, Buffer.alloc(0)),
        environment(2, 'us_english', ''),
        info(dialect, 5_703, 1, 0, 'Changed language setting to us_english.'),
        loginAck(tds, release.version),
        environment(4, '4096', '4096'),
        done(dialect),
      ]),
    ),
  );
  return true;
}

async function converse(wire: Wire, dialect: Dialect, release: Release, { user }: Login): Promise<void> {
  let settings = wire.memory.get('mssql') as Map<string, string> | undefined;
  if (!settings) {
    settings = new Map();
    wire.memory.set('mssql', settings);
  }
  for (let count = 0; count < batchLimit; count++) {
    const message = await readMessage(wire);
    if (message === null) return;
    if (message.kind === kinds.attention) {
      wire.send(answer(done(dialect, 32)));
      continue;
    }
    if (message.kind !== kinds.batch && message.kind !== kinds.rpc) return;
    const text = message.kind === kinds.batch ? batchOf(message.body, dialect) : procedureOf(message.body);
    wire.emit({
      kind: 'command',
      input: text,
      detail: { how: message.kind === kinds.rpc ? 'rpc' : 'batch' },
    });
    wire.send(answer(respond({ wire, dialect, release, user, settings }, text)));
  }
}

/** A batch behind its headers (ALL_HEADERS, MS-TDS §2.2.5.3), which came with TDS 7.2. */
function batchOf(body: Buffer, { wide }: Dialect): string {
  const head = wide && body.length >= 4 ? body.readUInt32LE(0) : 0;
  return body.toString('utf16le', head <= body.length ? head : 0);
}

/** Of a call, the words: names of procedures and texts among its parameters. */
function procedureOf(body: Buffer): string {
  return (body.toString('utf16le').match(/[\t\n\r -~]{3,}/g) ?? []).join('; ');
}
