import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { flavourOf } from '../mysql/handshake.ts';
import { startCatalogue as mysqlCatalogue } from '../mysql/schema.ts';
import { query } from '../mysql/statements.ts';
import { systemVariables } from '../mysql/variables.ts';
import { createPersona } from '../personas.ts';
import { startCatalogue } from '../postgres/catalog.ts';
import { Refusal } from '../postgres/messages.ts';
import { bannerOf, defaultSettings } from '../postgres/settings.ts';
import { execute } from '../postgres/statements.ts';
import { Catalogue } from './catalogue.ts';
import { statements } from './cursor.ts';
import { SqlFault } from './lexer.ts';
import { like } from './operators.ts';

const runs = Number(process.env.CALTROP_FUZZ_RUNS ?? 10_000);
const words =
  "select|*|from|where|(|)|,|'a'|1|-1|0x41|null|x|t|a.b|=|<|like '%'|in (1,2)|between 1 and|and|or|not|union all|group by|order by 1 desc|limit 1|as y|count(*)|concat(|version()|sleep(99)|case when|then|else|end|cast(1 as int)|::text|$1|@a|@@version|:=|create table t (x int, y text)|insert into t values|drop table t|update t set x=|delete from t|show tables|show variables like|set|use mysql|information_schema.tables|pg_class|pg_settings|copy t from program 'id'|into outfile '/tmp/x'|create function f returns string soname 'x'|/*|*/|--|#|$$|;|`|\"|exists|join t on|interval 1 day|repeat('a',99999)|E'\\x'|\\|array[1]|distinct|values|substring('abc',2,1)|truncate t|create database d|alter|do|begin|rollback".split(
    '|',
  );
const persona = createPersona('sql');
const wire = () => {
  const events: unknown[] = [];
  const memory = new Memory();
  return {
    line: async () => null,
    bytes: async () => null,
    read: async () => null,
    unread() {},
    record() {},
    send() {},
    emit: (body: unknown) => events.push(body),
    keep: (bytes: Uint8Array) => ({ sha256: '', size: bytes.length }),
    startTls: async () => false,
    opaque() {},
    deadline() {},
    pause: async () => {},
    random: () => 0.5,
    now: () => 1_780_000_000_000,
    persona,
    memory,
    src: { ip: '192.0.2.7', port: 4_000 },
    dst: { ip: '198.51.100.1', port: 3_306 },
  };
};

it(`answers any statement of either language without a bug (${runs} inputs)`, async () => {
  const flavour = flavourOf('10.11.14-MariaDB-0+deb12u2');
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(...words) },
          { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
        ),
        { maxLength: 14 },
      ),
      async (pieces) => {
        const text = pieces.join(' ');
        const line = wire();
        const own = new Catalogue(line.memory, mysqlCatalogue(persona, true));
        const answer = await query(
          {
            wire: line,
            flavour,
            id: 1,
            user: 'root',
            account: 'root@192.0.2.7',
            database: 'mysql',
            catalogue: own,
            system: systemVariables(persona, flavour),
            variables: new Map(),
            charset: 45,
            questions: 0,
            waitMs: 0,
            lastError: null,
          },
          text,
        );
        expect(['ok', 'rows', 'error']).toContain(answer.kind);
        const other = wire();
        const catalogue = new Catalogue(other.memory, startCatalogue(persona));
        try {
          for (const cursor of statements(text, 'postgres'))
            await execute(
              {
                wire: other,
                version: '15.18',
                banner: bannerOf('15.18', persona),
                user: 'postgres',
                database: 'postgres',
                catalogue,
                settings: defaultSettings('15.18', 'postgres'),
                parameters: [],
                transaction: 'I',
                process: 1,
                waitMs: 0,
              },
              cursor,
            );
        } catch (error) {
          if (!(error instanceof SqlFault) && !(error instanceof Refusal)) throw error;
        }
      },
    ),
    { numRuns: runs },
  );
}, 180_000);

it.each<[string, string, boolean]>([
  ['plugin_dir', 'PLUGIN%', true],
  ['abc', 'a_c', true],
  ['abc', 'a_', false],
  ['a%c', 'a\\%c', true],
  ['abc', 'a\\%c', false],
  ['', '%', true],
  ['a'.repeat(5_000), `${'%a'.repeat(2_000)}b`, false],
])('matches %s like %s: %s', (text, pattern, fits) => {
  expect(like(text, pattern)).toBe(fits);
});
