import type { Persona } from '../persona.ts';
import type { Table } from '../sql/catalogue.ts';
import type { Relation } from '../sql/evaluate.ts';
import type { Value } from '../sql/expression.ts';
import { SqlFault } from '../sql/lexer.ts';
import type { Client } from './client.ts';

const table = (columns: string, rows: Value[][] = []): Table => ({
  columns: columns.split(',').map((column) => {
    const [name, type = 'varchar'] = column.split(':');
    return { name: name!, type };
  }),
  rows,
});

const virtual = ['information_schema', 'performance_schema'];

/** What is there before anyone came: the server's own, and one application's tables, which differ from sensor to sensor. */
export function startCatalogue(persona: Persona, maria: boolean): Record<string, Record<string, Table>> {
  const pick = <T>(label: string, list: readonly T[]): T =>
    list[Number.parseInt(persona.token(label, 8), 16) % list.length]!;
  const application = pick('mysql-database', [
    'webapp',
    'shop',
    'crm',
    'inventory',
    'wiki',
    'portal',
    'media',
    'intranet',
  ]);
  const plugin = maria ? 'mysql_native_password' : 'caching_sha2_password';
  const hash = `*${persona.token('mysql-root', 40).toUpperCase()}`;
  const user = table(
    'Host:char,User:char,Password:longtext,Select_priv,Insert_priv,File_priv,Super_priv,plugin:longtext,authentication_string:longtext',
    [
      ['localhost', maria ? 'mariadb.sys' : 'mysql.sys', '', 'N', 'N', 'N', 'N', plugin, ''],
      ['localhost', 'root', hash, 'Y', 'Y', 'Y', 'Y', plugin, hash],
      ['%', 'root', hash, 'Y', 'Y', 'Y', 'Y', plugin, hash],
      [
        'localhost',
        application,
        `*${persona.token('mysql-app', 40).toUpperCase()}`,
        'N',
        'N',
        'N',
        'N',
        plugin,
        '',
      ],
    ],
  );
  const people = Array.from({ length: 12 }, (_, n): Value[] => {
    const name = pick(`mysql-name-${n}`, [
      'anna',
      'mark',
      'peter',
      'julia',
      'tom',
      'sara',
      'ivan',
      'lena',
      'paul',
      'nina',
    ]);
    return [
      n + 1,
      `${name}${n}`,
      `${name}${n}@example.org`,
      `$2y$10$${persona.token(`mysql-hash-${n}`, 53)}`,
      n === 0 ? 1 : 0,
    ];
  });
  return {
    information_schema: {},
    performance_schema: {},
    sys: { sys_config: table('variable,value,set_time:datetime,set_by') },
    mysql: {
      columns_priv: table('Host,Db,User'),
      db: table('Host,Db,User,Select_priv'),
      event: table('db,name'),
      func: table('name:char,ret:int,dl:char,type:char'),
      general_log: table('event_time,user_host,argument'),
      plugin: table('name,dl'),
      proc: table('db,name,type'),
      procs_priv: table('Host,Db,User'),
      tables_priv: table('Host,Db,User'),
      user,
    },
    [application]: {
      settings: table('name,value:text', [
        ['site_name', persona.hostname],
        ['admin_email', 'admin@example.org'],
        ['api_key', persona.token('mysql-bait', 40)],
      ]),
      users: table('id:int,login,email,password,is_admin:int', people),
    },
  };
}

/** A table to read: of information_schema, or of the catalogue. */
export function relation(client: Client, path: string[]): Relation {
  const name = path.at(-1)!;
  const database = path.length > 1 ? path.at(-2)! : client.database;
  if (name.toLowerCase() === 'dual' && path.length === 1) return { columns: [], rows: [[]] };
  if (!database) throw new SqlFault('noDatabase');
  if (database.toLowerCase() === 'information_schema') return informationSchema(client, name);
  const { catalogue } = client;
  const found = catalogue.table(database, name);
  if (!found) throw new SqlFault('table', `${database}.${name}`);
  return {
    columns: found.columns.map((column) => column.name),
    types: found.columns.map((column) => column.type),
    rows: found.rows,
  };
}

function informationSchema(client: Client, name: string): Relation {
  const { catalogue } = client;
  const tables = catalogue.databases.flatMap((database) =>
    catalogue.tables(database).map((each) => [database, each] as const),
  );
  const kind = (database: string) => (virtual.includes(database) ? 'SYSTEM VIEW' : 'BASE TABLE');
  switch (name.toUpperCase()) {
    case 'SCHEMATA':
      return {
        columns: [
          'CATALOG_NAME',
          'SCHEMA_NAME',
          'DEFAULT_CHARACTER_SET_NAME',
          'DEFAULT_COLLATION_NAME',
          'SQL_PATH',
        ],
        rows: catalogue.databases.map((database) => ['def', database, 'utf8mb4', 'utf8mb4_general_ci', null]),
      };
    case 'TABLES':
      return {
        columns: [
          'TABLE_CATALOG',
          'TABLE_SCHEMA',
          'TABLE_NAME',
          'TABLE_TYPE',
          'ENGINE',
          'VERSION',
          'TABLE_ROWS',
          'DATA_LENGTH',
          'INDEX_LENGTH',
          'CREATE_TIME',
        ],
        rows: tables.map(([database, each]) => {
          const rows = catalogue.table(database, each)!.rows.length;
          return ['def', database, each, kind(database), 'InnoDB', 10, rows, 16_384, 0, null];
        }),
      };
    case 'COLUMNS':
      return {
        columns: [
          'TABLE_CATALOG',
          'TABLE_SCHEMA',
          'TABLE_NAME',
          'COLUMN_NAME',
          'ORDINAL_POSITION',
          'DATA_TYPE',
          'COLUMN_TYPE',
          'IS_NULLABLE',
          'COLUMN_KEY',
        ],
        rows: tables.flatMap(([database, each]) =>
          catalogue
            .table(database, each)!
            .columns.map((column, n): Value[] => [
              'def',
              database,
              each,
              column.name,
              n + 1,
              column.type,
              column.type,
              'YES',
              '',
            ]),
        ),
      };
    case 'PROCESSLIST':
      return {
        columns: ['ID', 'USER', 'HOST', 'DB', 'COMMAND', 'TIME', 'STATE', 'INFO'],
        rows: [processRow(client)],
      };
    case 'USER_PRIVILEGES':
      return {
        columns: ['GRANTEE', 'TABLE_CATALOG', 'PRIVILEGE_TYPE', 'IS_GRANTABLE'],
        rows: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'FILE', 'SUPER'].map((each) => [
          `'${client.user}'@'%'`,
          'def',
          each,
          'YES',
        ]),
      };
    case 'PLUGINS':
    case 'ROUTINES':
    case 'VIEWS':
    case 'TRIGGERS':
    case 'STATISTICS':
    case 'ENGINES':
      return {
        columns: ['TABLE_SCHEMA', 'TABLE_NAME', 'PLUGIN_NAME', 'ROUTINE_NAME', 'ROUTINE_SCHEMA', 'ENGINE'],
        rows: [],
      };
    default:
      throw new SqlFault('table', `information_schema.${name}`);
  }
}

export function processRow(client: Client): Value[] {
  return [
    client.id,
    client.user,
    `${client.wire.src.ip}:${client.wire.src.port}`,
    client.database,
    'Query',
    0,
    'starting',
    'show processlist',
  ];
}
