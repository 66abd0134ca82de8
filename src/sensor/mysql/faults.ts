import type { SqlFault } from '../sql/lexer.ts';
import type { Answer } from './answers.ts';
import type { Flavour } from './handshake.ts';

type Failure = Extract<Answer, { kind: 'error' }>;
const nearLimit = 80;

/** Numbers, states and texts of the server's error messages (Server Error Message Reference). */
const errors = {
  accessDenied: [1045, '28000', "Access denied for user '%0'@'%1' (using password: %2)"],
  badHandshake: [1043, '08S01', 'Bad handshake'],
  outOfOrder: [1156, '08S01', 'Got packets out of order'],
  tooLarge: [1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes"],
  oldClient: [
    1251,
    '08004',
    'Client does not support authentication protocol requested by server; consider upgrading MySQL client',
  ],
  unknownCommand: [1047, '08S01', 'Unknown command'],
  emptyQuery: [1065, '42000', 'Query was empty'],
  noDatabase: [1046, '3D000', 'No database selected'],
  unknownDatabase: [1049, '42000', "Unknown database '%0'"],
  databaseExists: [1007, 'HY000', "Can't create database '%0'; database exists"],
  cannotDropDatabase: [1008, 'HY000', "Can't drop database '%0'; database doesn't exist"],
  tableExists: [1050, '42S01', "Table '%0' already exists"],
  unknownTable: [1051, '42S02', "Unknown table '%0'"],
  noSuchTable: [1146, '42S02', "Table '%0' doesn't exist"],
  unknownColumn: [1054, '42S22', "Unknown column '%0' in '%1'"],
  columnCount: [1136, '21S01', "Column count doesn't match value count at row %0"],
  unionColumns: [1222, '21000', 'The used SELECT statements have a different number of columns'],
  noFunction: [1305, '42000', 'FUNCTION %0 does not exist'],
  noUdf: [1305, '42000', 'FUNCTION (UDF) %0 does not exist'],
  functionExists: [1125, 'HY000', "Function '%0' already exists"],
  noLibrary: [1126, 'HY000', "Can't open shared library '%0' (errno: %1)"],
  noPaths: [1124, 'HY000', 'No paths allowed for shared library'],
  unknownVariable: [1193, 'HY000', "Unknown system variable '%0'"],
  arguments: [1582, '42000', "Incorrect parameter count in the call to native function '%0'"],
  fileExists: [1086, 'HY000', "File '%0' already exists"],
  cannotCreateFile: [
    1,
    'HY000',
    "Can't create/write to file '%0' (Errcode: 2 \"No such file or directory\")",
  ],
  secureFile: [
    1290,
    'HY000',
    'The MySQL server is running with the --secure-file-priv option so it cannot execute this statement',
  ],
  unknownThread: [1094, 'HY000', 'Unknown thread id: %0'],
  notPrepared: [1295, 'HY000', 'This command is not supported in the prepared statement protocol yet'],
  localInfile: [
    4166,
    'HY000',
    'The used command is not allowed because the MariaDB server or client has disabled the local infile capability',
  ],
  localInfileMysql: [
    3948,
    '42000',
    'Loading local data is disabled; this must be enabled on both the client and server sides',
  ],
  syntax: [
    1064,
    '42000',
    "You have an error in your SQL syntax; check the manual that corresponds to your %0 server version for the right syntax to use near '%1' at line %2",
  ],
} as const satisfies Record<string, readonly [number, string, string]>;

export function failure(name: keyof typeof errors, ...values: (string | number)[]): Failure {
  const [code, state, text] = errors[name];
  return {
    kind: 'error',
    code,
    state,
    text: text.replace(/%(\d)/g, (_, digit: string) => String(values[Number(digit)] ?? '')),
  };
}

/** What the server says to a statement that cannot be read or run. */
export function fromFault(fault: SqlFault, text: string, database: string | null, flavour: Flavour): Failure {
  const inDatabase = (name: string) => (name.includes('.') || !database ? name : `${database}.${name}`);
  switch (fault.kind) {
    case 'column':
      return failure('unknownColumn', fault.about, flavour.maria ? 'SELECT' : 'field list');
    case 'table':
      return failure('noSuchTable', fault.about);
    case 'database':
      return failure('unknownDatabase', fault.about);
    case 'noDatabase':
      return failure('noDatabase');
    case 'function':
      return failure('noFunction', inDatabase(fault.about));
    case 'variable':
      return failure('unknownVariable', fault.about);
    case 'columns':
      return failure('unionColumns');
    case 'arguments':
      return failure('arguments', fault.about);
    default: {
      const line = text.slice(0, fault.at).split('\n').length;
      return failure('syntax', flavour.maria ? 'MariaDB' : 'MySQL', fault.about.slice(0, nearLimit), line);
    }
  }
}
