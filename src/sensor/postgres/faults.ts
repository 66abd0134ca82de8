import type { SqlFault } from '../sql/lexer.ts';
import { type Complaint, Refusal } from './messages.ts';

/** Messages of PostgreSQL 15.18 with the places that they come from, as recorded. `%0` is a name. */
const errors = {
  setting: ['42704', 'unrecognized configuration parameter "%0"', 'guc.c', 5734, 'find_option'],
  tableExists: ['42P07', 'relation "%0" already exists', 'heap.c', 1164, 'heap_create_with_catalog'],
  noRelation: ['42P01', 'relation "%0" does not exist', 'namespace.c', 433, 'RangeVarGetRelidExtended'],
  noTable: ['42P01', 'table "%0" does not exist', 'tablecmds.c', 1304, 'DropErrorMsgNonExistent'],
  noRelationHere: ['42P01', 'relation "%0" does not exist', 'parse_relation.c', 1392, 'parserOpenTable'],
  noColumn: ['42703', 'column "%0" does not exist', 'parse_relation.c', 3665, 'errorMissingColumn'],
  databaseExists: ['42P04', 'database "%0" already exists', 'dbcommands.c', 1242, 'createdb'],
  noDatabase: ['3D000', 'database "%0" does not exist', 'dbcommands.c', 1549, 'dropdb'],
  noRole: ['42704', 'role "%0" does not exist', 'user.c', 951, 'DropRole'],
  noFile: [
    '58P01',
    'could not access file "%0": No such file or directory',
    'dfmgr.c',
    208,
    'internal_load_library',
  ],
  noReadFile: [
    '58P01',
    'could not open file "%0" for reading: No such file or directory',
    'genfile.c',
    121,
    'read_binary_file',
  ],
  noServerFile: [
    '58P01',
    'could not open server file "%0": No such file or directory',
    'be-fsstubs.c',
    422,
    'lo_import_internal',
  ],
  noCopyFile: [
    '58P01',
    'could not open file "%0" for reading: No such file or directory',
    'copyfrom.c',
    1702,
    'BeginCopyFrom',
  ],
  extensionExists: ['42710', 'extension "%0" already exists', 'extension.c', 1969, 'CreateExtension'],
  unionColumns: [
    '42601',
    'each UNION query must have the same number of columns',
    'analyze.c',
    2000,
    'transformSetOperationTree',
  ],
  tooMany: ['54001', 'stack depth limit exceeded', 'postgres.c', 3564, 'check_stack_depth'],
  invalidString: ['08P01', 'invalid string in message', 'pqformat.c', 595, 'pq_getmsgstring'],
  noStatement: [
    '26000',
    'prepared statement "%0" does not exist',
    'prepare.c',
    451,
    'FetchPreparedStatement',
  ],
  noUnnamed: ['26000', 'unnamed prepared statement does not exist', 'postgres.c', 1659, 'exec_bind_message'],
  noPortal: ['34000', 'portal "%0" does not exist', 'postgres.c', 2089, 'exec_execute_message'],
  noAuthenticated: ['28P01', 'password authentication failed for user "%0"', 'auth.c', 334, 'auth_failed'],
  noSuchDatabase: ['3D000', 'database "%0" does not exist', 'postinit.c', 948, 'InitPostgres'],
  noUser: [
    '28000',
    'no PostgreSQL user name specified in startup packet',
    'postmaster.c',
    2351,
    'ProcessStartupPacket',
  ],
  oldProtocol: [
    '0A000',
    'unsupported frontend protocol %0: server supports 3.0 to 3.0',
    'postmaster.c',
    2222,
    'ProcessStartupPacket',
  ],
  mechanism: [
    '08P01',
    'client selected an invalid SASL authentication mechanism',
    'auth-scram.c',
    256,
    'scram_init',
  ],
  notSasl: ['08P01', 'expected SASL response, got message type %0', 'auth-sasl.c', 95, 'CheckSASLAuth'],
  notPassword: [
    '08P01',
    'expected password response, got message type %0',
    'auth.c',
    689,
    'recv_password_packet',
  ],
  messageType: ['08P01', 'invalid frontend message type %0', 'postgres.c', 446, 'SocketBackend'],
} as const satisfies Record<string, readonly [string, string, string, number, string]>;

export function error(
  name: keyof typeof errors,
  about: string | number = '',
  more: Partial<Complaint> = {},
): Complaint {
  const [code, text, file, line, routine] = errors[name];
  return { code, text: text.replace('%0', () => String(about)), file, line, routine, ...more };
}

export function refuse(
  name: keyof typeof errors,
  about: string | number = '',
  more: Partial<Complaint> = {},
): Refusal {
  return new Refusal(error(name, about, more));
}

/** What the server says to a statement that cannot be read or run. */
export function fromFault(fault: SqlFault, text: string): Complaint {
  const position = Math.min(fault.at, text.length) + 1;
  switch (fault.kind) {
    case 'column':
      return error('noColumn', fault.about, { position });
    case 'table':
      return error('noRelationHere', fault.about, { position });
    case 'columns':
      return error('unionColumns');
    case 'function': {
      const hint =
        'No function matches the given name and argument types. You might need to add explicit type casts.';
      return {
        code: '42883',
        text: `function ${fault.about} does not exist`,
        hint,
        position,
        file: 'parse_func.c',
        line: 629,
        routine: 'ParseFuncOrColumn',
      };
    }
    case 'variable':
      return error('setting', fault.about);
    case 'syntax': {
      const scanned = { code: '42601', position, file: 'scan.l', line: 1188, routine: 'scanner_yyerror' };
      if (fault.about === '') return { ...scanned, text: 'syntax error at end of input' };
      if (fault.about.startsWith("'"))
        return { ...scanned, text: `unterminated quoted string at or near "${fault.about}"` };
      const word = /^([\w$]+|"[^"]*"|'[^']*'|.)/s.exec(fault.about)![0];
      return { ...scanned, text: `syntax error at or near "${word}"` };
    }
    default:
      return error('tooMany');
  }
}
