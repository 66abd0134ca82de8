import type { Persona } from '../persona.ts';
import type { Table } from '../sql/catalogue.ts';
import type { Relation } from '../sql/evaluate.ts';
import type { Value } from '../sql/expression.ts';
import { SqlFault } from '../sql/lexer.ts';
import type { Client } from './client.ts';

const table = (columns: string, rows: Value[][] = []): Table => ({
  columns: columns.split(',').map((column) => {
    const [name, type = 'text'] = column.split(':');
    return { name: name!, type };
  }),
  rows,
});

/** What is there before anyone came: one application's database, which differs from sensor to sensor. */
export function startCatalogue(persona: Persona): Record<string, Record<string, Table>> {
  const list = ['app', 'orders', 'billing', 'gis', 'metrics', 'crm', 'backend', 'reports'];
  const application = list[Number.parseInt(persona.token('postgres-database', 8), 16) % list.length]!;
  const people = Array.from({ length: 9 }, (_, n): Value[] => [
    n + 1,
    `user${persona.token(`pg-user-${n}`, 3)}`,
    `$2b$12$${persona.token(`pg-hash-${n}`, 53)}`,
    n === 0,
  ]);
  const users = table('id:int4,login:text,password:text,is_admin:bool', people);
  const settings = table('name:text,value:text', [['api_key', persona.token('postgres-bait', 40)]]);
  return { postgres: {}, template1: {}, template0: {}, [application]: { users, settings } };
}

/** Row and column numbers of the catalogue's own relations that clients are told of. */
export const relationIds: Record<string, number> = {
  pg_user: 12_014,
  pg_database: 1_262,
  pg_roles: 12_000,
  pg_class: 1_259,
  pg_namespace: 2_615,
  pg_shadow: 12_006,
  pg_settings: 12_110,
};
export const firstTableId = 16_384;

const relation = (columns: string, rows: Value[][]): Relation => {
  const made = table(columns, rows);
  return {
    columns: made.columns.map(({ name }) => name),
    types: made.columns.map(({ type }) => type),
    rows: made.rows,
  };
};

/** A table to read: of pg_catalog, of information_schema, or the attacker's. */
export function readTable(client: Client, path: string[], at: number): Relation {
  const name = path.at(-1)!;
  const schema = path.length > 1 ? path.at(-2)! : null;
  const { catalogue, database } = client;
  const own = schema === null || schema === 'public' ? catalogue.table(database, name) : undefined;
  if (own)
    return {
      columns: own.columns.map((column) => column.name),
      types: own.columns.map((column) => column.type),
      rows: own.rows,
    };
  const found =
    schema === 'information_schema'
      ? information(client, name)
      : schema === null || schema === 'pg_catalog'
        ? system(client, name)
        : undefined;
  if (!found) throw new SqlFault('table', path.join('.'), at);
  return found;
}

function system(client: Client, name: string): Relation | undefined {
  const { catalogue, database, user } = client;
  const tables = catalogue.tables(database);
  switch (name) {
    case 'pg_database':
      return relation(
        'oid:oid,datname:name,datdba:oid,encoding:int4,datlocprovider:text,datcollate:text,datctype:text,daticulocale:text,datistemplate:bool,datallowconn:bool,datacl:text,datconnlimit:int4,dattablespace:oid',
        [...catalogue.databases]
          .sort((a, b) => order(a) - order(b))
          .map((each, n) => [
            each === 'postgres' ? 5 : each === 'template1' ? 1 : each === 'template0' ? 4 : firstTableId + n,
            each,
            10,
            6,
            'c',
            'C.UTF-8',
            'C.UTF-8',
            null,
            each.startsWith('template'),
            each !== 'template0',
            null,
            -1,
            1_663,
          ]),
      );
    case 'pg_user':
    case 'pg_shadow':
      return relation(
        'usename:name,usesysid:oid,usecreatedb:bool,usesuper:bool,userepl:bool,usebypassrls:bool,passwd:text,valuntil:timestamptz,useconfig:text',
        roles(user).map((role, n) => [
          role,
          n === 0 ? 10 : firstTableId + n,
          true,
          true,
          true,
          true,
          '********',
          null,
          null,
        ]),
      );
    case 'pg_roles':
    case 'pg_authid':
      return relation(
        'rolname:name,rolsuper:bool,rolinherit:bool,rolcreaterole:bool,rolcreatedb:bool,rolcanlogin:bool,rolreplication:bool,rolconnlimit:int4,rolpassword:text,rolvaliduntil:timestamptz,rolbypassrls:bool,rolconfig:text,oid:oid',
        roles(user).map((role, n) => [
          role,
          true,
          true,
          true,
          true,
          true,
          true,
          -1,
          '********',
          null,
          true,
          null,
          n === 0 ? 10 : firstTableId + n,
        ]),
      );
    case 'pg_tables':
      return relation(
        'schemaname:name,tablename:name,tableowner:name,tablespace:name,hasindexes:bool,hasrules:bool,hastriggers:bool,rowsecurity:bool',
        tables.map((each) => ['public', each, user, null, false, false, false, false]),
      );
    case 'pg_class':
      return relation(
        'oid:oid,relname:name,relnamespace:oid,relowner:oid,relam:oid,relkind:text,relpages:int4,reltuples:int4,relhasindex:bool,relispartition:bool,relpersistence:text',
        tables.map((each, n) => [firstTableId + n, each, 2_200, 10, 2, 'r', 0, -1, false, false, 'p']),
      );
    case 'pg_namespace':
      return relation('oid:oid,nspname:name,nspowner:oid,nspacl:text', [
        [99, 'pg_toast', 10, null],
        [11, 'pg_catalog', 10, null],
        [2_200, 'public', 6_171, null],
        [13_381, 'information_schema', 10, null],
      ]);
    case 'pg_settings':
      return relation(
        'name:text,setting:text,unit:text,category:text,short_desc:text,context:text,vartype:text,source:text',
        [...client.settings].map(([key, value]) => [
          key,
          value,
          null,
          'Preset Options',
          '',
          'user',
          'string',
          'default',
        ]),
      );
    case 'pg_extension':
      return relation(
        'oid:oid,extname:name,extowner:oid,extnamespace:oid,extrelocatable:bool,extversion:text',
        [[13_523, 'plpgsql', 10, 11, false, '1.0']],
      );
    case 'pg_language':
      return relation('oid:oid,lanname:name,lanowner:oid,lanispl:bool,lanpltrusted:bool', [
        [12, 'internal', 10, false, false],
        [13, 'c', 10, false, false],
        [14, 'sql', 10, false, true],
        [13_520, 'plpgsql', 10, true, true],
      ]);
    case 'pg_stat_activity':
      return relation(
        'datid:oid,datname:name,pid:int4,usesysid:oid,usename:name,application_name:text,client_addr:inet,client_port:int4,state:text,query:text',
        [
          [
            5,
            database,
            client.process,
            10,
            user,
            client.settings.get('application_name') ?? '',
            client.wire.src.ip,
            client.wire.src.port,
            'active',
            '',
          ],
        ],
      );
    case 'pg_am':
      return relation('oid:oid,amname:name,amhandler:text,amtype:text', [
        [2, 'heap', 'heap_tableam_handler', 't'],
        [403, 'btree', 'bthandler', 'i'],
      ]);
    case 'pg_proc':
      return relation(
        'oid:oid,proname:name,pronamespace:oid,prosrc:text,probin:text',
        [...catalogue.notes.keys()]
          .filter((note) => note.startsWith('function '))
          .map((note, n) => [
            firstTableId + 100 + n,
            note.slice(9),
            2_200,
            note.slice(9),
            catalogue.notes.get(note)!,
          ]),
      );
    case 'pg_largeobject_metadata':
    case 'pg_largeobject':
      return relation('oid:oid,loid:oid,pageno:int4,data:bytea', []);
    case 'pg_type':
      return relation('oid:oid,typname:name,typnamespace:oid,typlen:int4,typtype:text,typarray:oid', [
        [16, 'bool', 11, 1, 'b', 1_000],
        [17, 'bytea', 11, -1, 'b', 1_001],
        [20, 'int8', 11, 8, 'b', 1_016],
        [23, 'int4', 11, 4, 'b', 1_007],
        [25, 'text', 11, -1, 'b', 1_009],
        [1_043, 'varchar', 11, -1, 'b', 1_015],
      ]);
    case 'pg_attribute':
      return relation(
        'attrelid:oid,attname:name,atttypid:oid,attnum:int4,attnotnull:bool,attisdropped:bool',
        tables.flatMap((each, n) =>
          catalogue
            .table(database, each)!
            .columns.map((column, k): Value[] => [firstTableId + n, column.name, 25, k + 1, false, false]),
        ),
      );
    case 'pg_tablespace':
      return relation('oid:oid,spcname:name,spcowner:oid', [
        [1_663, 'pg_default', 10],
        [1_664, 'pg_global', 10],
      ]);
    case 'pg_description':
    case 'pg_index':
    case 'pg_constraint':
    case 'pg_inherits':
    case 'pg_publication':
    case 'pg_views':
    case 'pg_matviews':
      return relation(
        'oid:oid,objoid:oid,classoid:oid,objsubid:int4,description:text,schemaname:name,viewname:name',
        [],
      );
    default:
      return undefined;
  }
}

const order = (name: string) => (name === 'postgres' ? 0 : name.startsWith('template') ? 2 : 1);
const roles = (user: string) => ['postgres', ...(user === 'postgres' ? [] : [user])];

function information({ catalogue, database }: Client, name: string): Relation | undefined {
  const tables = catalogue.tables(database);
  if (name === 'tables')
    return relation(
      'table_catalog:name,table_schema:name,table_name:name,table_type:text',
      tables.map((each) => [database, 'public', each, 'BASE TABLE']),
    );
  if (name === 'schemata')
    return relation(
      'catalog_name:name,schema_name:name,schema_owner:name',
      ['pg_toast', 'pg_catalog', 'public', 'information_schema'].map((each) => [database, each, 'postgres']),
    );
  if (name !== 'columns') return undefined;
  return relation(
    'table_catalog:name,table_schema:name,table_name:name,column_name:name,ordinal_position:int4,data_type:text,is_nullable:text',
    tables.flatMap((each) =>
      catalogue
        .table(database, each)!
        .columns.map((column, n): Value[] => [
          database,
          'public',
          each,
          column.name,
          n + 1,
          column.type,
          'YES',
        ]),
    ),
  );
}
