import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** Database host: Debian 12 with PostgreSQL 15 and MariaDB 10.11 from its packages, and a page to look after them. */
export const debian12Database = defineKind({
  name: 'debian12-database',
  summary: 'Debian 12 database host: PostgreSQL 15, MariaDB 10.11',
  services: [
    { emulator: 'ssh' },
    { emulator: 'http' },
    { emulator: 'memcached', options: { version: '1.6.18' } },
    { emulator: 'postgres', options: { version: '15.14' } },
    { emulator: 'mysql', options: { version: '10.11.14-MariaDB-0+deb12u2' } },
  ],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '12');
    const admin = pick('admin', ['debian', 'dba', 'sysadmin', 'ops']);
    const hostname = pick('shape', [
      `db-0${1 + (number('index') % 5)}`,
      `${company.short}-db`,
      `sql${1 + (number('index') % 9)}`,
      `pgsql-${pick('stage', ['prod', 'main', 'core'])}`,
    ]);
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...virtual(seed, [
        [4, 16_384],
        [8, 32_768],
        [4, 8_192],
      ]),
      hostname,
      admin,
      users: debianAccounts('12', ['postgres', 'mysql', 'memcache'], admin),
      daemons: systemdDaemons('12', [
        {
          user: 'memcache',
          sizeKb: 4_116,
          command:
            '/usr/bin/memcached -m 64 -p 11211 -u memcache -l 0.0.0.0 -P /var/run/memcached/memcached.pid',
          listens: ['tcp/11211'],
        },
        {
          user: 'root',
          sizeKb: 1_712,
          command: 'nginx: master process /usr/sbin/nginx -g daemon on; master_process on;',
          listens: ['tcp/80'],
        },
        { user: 'www-data', sizeKb: 5_940, command: 'nginx: worker process' },
        {
          user: 'postgres',
          sizeKb: 29_880,
          command:
            '/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main -c config_file=/etc/postgresql/15/main/postgresql.conf',
          listens: ['tcp/5432'],
        },
        { user: 'postgres', sizeKb: 8_104, command: 'postgres: 15/main: checkpointer ' },
        { user: 'postgres', sizeKb: 6_120, command: 'postgres: 15/main: background writer ' },
        { user: 'postgres', sizeKb: 10_216, command: 'postgres: 15/main: walwriter ' },
        { user: 'mysql', sizeKb: 114_772, command: '/usr/sbin/mariadbd', listens: ['tcp/3306'] },
      ]),
      disk: serverDisk(seed, '12', [200, 400, 800]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: 'nginx/1.22.1',
        family: 'nginx',
        site: 'database',
        title: 'Database administration',
        modifiedAt: installed,
        php: '',
        lures: ['dotenv'],
      },
      certificate: snakeoil(hostname, installed),
    };
  },
});
