import type { Wire } from '../emulator.ts';
import { findDownloads } from '../emulators/downloads.ts';
import { type Dialect, done, environment, error, info, table } from './packets.ts';

export interface Context {
  wire: Wire;
  dialect: Dialect;
  release: Release;
  user: string;
  settings: Map<string, string>;
}

export interface Release {
  version: readonly [number, number, number];
  title: string;
}

const statementLimit = 64;

/** Splits a batch at semicolons, line ends and `GO`, outside of quotes and brackets. */
function statements(text: string): string[] {
  const found: string[] = [];
  let one = '';
  let quote = '';
  for (const char of text) {
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    if (!quote && (char === ';' || char === '\n')) {
      if (one.trim()) found.push(one.trim());
      one = '';
      if (found.length >= statementLimit) return found;
    } else one += char;
  }
  if (one.trim()) found.push(one.trim());
  return found.filter((line) => !/^(go|--.*)$/i.test(line));
}

/** What SQL Server says to a batch: the few things that those who break in ask for, and that the rest was done. */
export function respond(context: Context, batch: string): Buffer {
  const { wire } = context;
  const lines = statements(batch);
  for (const { url, tool } of findDownloads(batch))
    if (tool !== 'url') wire.emit({ kind: 'download', url, tool });
  const pieces = lines.map((line) => one(context, line));
  const joined = pieces.length ? pieces : [done(context.dialect)];
  // All but the last say that more follows (DONE_MORE).
  for (const piece of joined.slice(0, -1)) {
    const at = piece.length - (context.dialect.wide ? 13 : 9);
    if (piece[at] === 0xfd) piece[at + 1] = piece[at + 1]! | 1;
  }
  return Buffer.concat(joined);
}

function one(context: Context, line: string): Buffer {
  const { dialect, wire, release, user, settings } = context;
  const fail = (number: number, state: number, severity: number, text: string) =>
    Buffer.concat([error(dialect, number, state, severity, text), done(dialect, 2)]);
  const value = (name: string, said: string | null) => table(dialect, [name], [[said]]);
  const text = line.replace(/\s+/g, ' ');
  const shell = /xp_cmdshell[\s(]+N?(?:'((?:[^']|'')*)'|"([^"]*)")/i.exec(line);
  if (shell) return commandShell(context, (shell[1] ?? shell[2] ?? '').replaceAll("''", "'"));
  const option = /sp_configure\s+N?'([^']{1,128})'(?:\s*,\s*N?'?(\d{1,10}))?/i.exec(text);
  if (option) {
    const [, name = '', to] = option;
    const key = name.toLowerCase();
    if (!options.has(key))
      return fail(
        15_123,
        1,
        16,
        `The configuration option '${name}' does not exist, or it may be an advanced option.`,
      );
    const before = settings.get(key) ?? '0';
    if (to === undefined)
      return table(
        dialect,
        ['name', 'minimum', 'maximum', 'config_value', 'run_value'],
        [[name, '0', '1', before, before]],
      );
    settings.set(key, to);
    return Buffer.concat([
      info(
        dialect,
        15_457,
        1,
        0,
        `Configuration option '${name}' changed from ${before} to ${to}. Run the RECONFIGURE statement to install.`,
      ),
      done(dialect),
    ]);
  }
  if (/^use \[?\w+\]?$/i.test(text)) {
    const name = text.slice(4).replace(/[[\]]/g, '');
    if (!databases(wire).includes(name.toLowerCase()))
      return fail(
        911,
        1,
        16,
        `Database '${name}' does not exist. Make sure that the name is entered correctly.`,
      );
    return Buffer.concat([
      environment(1, name, 'master'),
      info(dialect, 5_701, 1, 0, `Changed database context to '${name}'.`),
      done(dialect),
    ]);
  }
  if (/^select\b/i.test(text)) {
    if (/@@version/i.test(text)) return value('', release.title);
    if (/is_srvrolemember/i.test(text)) return value('', '1');
    if (/@@servername|host_name|serverproperty\('machinename'\)/i.test(text))
      return value('', dialect.server);
    if (/productversion/i.test(text)) return value('', `${release.version.join('.')}.2`);
    if (/@@spid/i.test(text)) return value('', '54');
    if (/system_user|suser_s?name|current_user|user_name/i.test(text))
      return value('', /current_user|user_name\(/i.test(text) && !/suser/i.test(text) ? 'dbo' : user);
    if (/db_name\(/i.test(text)) return value('', 'master');
    if (/sys\.?databases|sysdatabases/i.test(text))
      return table(
        dialect,
        ['name'],
        databases(wire).map((name) => [name]),
      );
    if (/syslogins|sql_logins|server_principals/i.test(text))
      return table(
        dialect,
        ['name'],
        [['sa'], ['##MS_PolicyEventProcessingLogin##'], ['##MS_PolicyTsqlExecutionLogin##']],
      );
    const literal = /^select\s+(?:N?'([^']*)'|(\d{1,18}))(?:\s+as\s+\[?(\w+)\]?)?$/i.exec(text);
    if (literal) return value(literal[3] ?? '', literal[1] ?? literal[2] ?? '');
    const from = /\bfrom\s+([\w.[\]#]+)/i.exec(text)?.[1];
    if (from) return fail(208, 1, 16, `Invalid object name '${from.replace(/[[\]]/g, '')}'.`);
    return value('', null);
  }
  if (/^(exec(ute)?\s+)?(master\.{1,2}(dbo\.)?)?(xp|sp)_\w+/i.test(text)) {
    const name = /((?:xp|sp)_\w+)/i.exec(text)![1]!;
    if (
      !/^(sp_(addextendedproc|dropextendedproc|addlogin|addsrvrolemember|password|oacreate|oamethod|executesql|droplogin|add_job\w*|start_job|who2?|databases|helpdb)|xp_(dirtree|fileexist|regread|regwrite|subdirs|msver|servicecontrol))$/i.test(
        name,
      )
    )
      return fail(2_812, 62, 16, `Could not find stored procedure '${name}'.`);
    if (/sp_oa/i.test(name) && settings.get('ole automation procedures') !== '1')
      return fail(15_281, 1, 16, blocked('Ole Automation Procedures', name));
    return done(dialect);
  }
  const [first = ''] = text.split(/[\s(]/, 1);
  if (!words.has(first.toLowerCase())) {
    return /^\w+$/.test(text)
      ? fail(2_812, 62, 16, `Could not find stored procedure '${text.slice(0, 128)}'.`)
      : fail(102, 1, 15, `Incorrect syntax near '${first.slice(0, 64)}'.`);
  }
  return done(dialect);
}

/** `xp_cmdshell` is off until it is switched on; then it prints what a plain account's prompt would, for a few words. */
function commandShell({ wire, dialect, settings }: Context, command: string): Buffer {
  const on = settings.get('xp_cmdshell') === '1';
  wire.emit({ kind: 'command', input: command, ok: on, detail: { how: 'xp_cmdshell' } });
  if (!on)
    return Buffer.concat([
      error(dialect, 15_281, 1, 16, blocked('xp_cmdshell', 'xp_cmdshell')),
      done(dialect, 2),
    ]);
  const { persona } = wire;
  const said: Record<string, string> = {
    whoami: 'nt service\\mssqlserver',
    hostname: persona.hostname,
    ver: `Microsoft Windows [Version ${persona.kernel.release}]`,
  };
  const echo = /^echo (.{0,2000})$/i.exec(command.trim())?.[1];
  const line = said[command.trim().toLowerCase()] ?? echo;
  return table(dialect, ['output'], line === undefined ? [[null]] : [[line], [null]]);
}

const blocked = (option: string, name: string) =>
  `SQL Server blocked access to procedure 'sys.${name}' of component '${option}' because this component is turned off as part of the security configuration for this server. A system administrator can enable the use of '${option}' by using sp_configure. For more information about enabling '${option}', search for '${option}' in SQL Server Books Online.`;

const options = new Set([
  'xp_cmdshell',
  'show advanced options',
  'ole automation procedures',
  'clr enabled',
  'clr strict security',
  'ad hoc distributed queries',
  'external scripts enabled',
  'max server memory (mb)',
]);
const words = new Set(
  'set declare create alter drop insert update delete exec execute grant revoke deny reconfigure if begin end print use go while return truncate backup restore shutdown kill waitfor bulk with commit rollback save dbcc merge checkpoint'.split(
    ' ',
  ),
);

function databases({ persona }: Pick<Wire, 'persona'>): string[] {
  const names = ['accounting', 'erp', 'crm', 'stock', 'payroll', 'webshop'];
  return [
    'master',
    'tempdb',
    'model',
    'msdb',
    names[Number.parseInt(persona.token('mssql database', 4), 16) % names.length]!,
  ];
}
