import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { absent, named, run } from '../../../test/setup/clients.ts';
import { serve } from '../fixture.ts';
import { elasticsearch } from './elasticsearch.ts';
import { ldap } from './ldap.ts';
import { memcached } from './memcached.ts';
import { mongodb } from './mongodb.ts';
import { mqtt } from './mqtt.ts';
import { mssql } from './mssql.ts';

it.skipIf(absent('memcstat') || absent('nmap'))(
  'memcached: libmemcached reads its statistics and sets a key, nmap names it (needs libmemcached-tools, nmap)',
  async () => {
    const live = await serve(memcached);
    try {
      expect(await run('memcstat', [`--servers=127.0.0.1:${live.port}`])).toContain('version: 1.6.18');
      expect(await run('memccat', [`--servers=127.0.0.1:${live.port}`, '--binary', 'nothing'])).not.toContain(
        'abort',
      );
      expect(await named(live.port, 'Memcache')).toMatch(
        /open\s+memcached\s+Memcached 1\.6\.18 \(uptime \d+ seconds\)/,
      );
      expect(live.faults).toEqual([]);
    } finally {
      await live.close();
    }
  },
);

const python = (text: string) => run('/usr/bin/python3', ['-c', text]);
const pymongo = existsSync('/usr/lib/python3/dist-packages/pymongo');

it.skipIf(!pymongo || absent('nmap'))(
  'mongodb: PyMongo reads, drops and leaves a note, nmap names it (needs python3-pymongo, nmap)',
  async () => {
    const live = await serve(mongodb);
    try {
      const said = await python(`
import pymongo
c = pymongo.MongoClient('127.0.0.1', ${live.port}, serverSelectionTimeoutMS=40000)
print(c.server_info()['version'])
own = [n for n in c.list_database_names() if n not in ('admin', 'config', 'local')][0]
print(c[own].list_collection_names(), c[own].users.count_documents({}) > 100, '@' in c[own].users.find_one()['email'])
c.drop_database(own)
print(c['READ_ME']['README'].insert_one({'text': 'pay'}).acknowledged, c['READ_ME']['README'].find_one()['text'])
try:
    pymongo.MongoClient('127.0.0.1', ${live.port}, username='root', password='toor').admin.command('listDatabases')
except pymongo.errors.OperationFailure as e:
    print(e.code)
`);
      expect(said).toBe("4.4.29\n['orders', 'users'] True True\nTrue pay\n18\n");
      expect(live.told('login')).toMatchObject([{ user: 'root', ok: false, method: 'scram-sha-1' }]);
      expect(await named(live.port, 'mongodb')).toMatch(/open\s+mongodb\s+MongoDB 4\.4\.29/);
      expect(live.faults).toEqual([]);
    } finally {
      await live.close();
    }
  },
);

it.skipIf(absent('curl') || absent('nmap'))('elasticsearch: nmap names it (needs curl, nmap)', async () => {
  const live = await serve(elasticsearch, { version: '7.10.2' });
  try {
    expect(await run('curl', ['-s', `http://127.0.0.1:${live.port}/_cat/health`])).toContain('yellow');
    expect(await named(live.port, 'GetRequest')).toMatch(/Elasticsearch REST API 7\.10\.2/);
    expect(live.faults).toEqual([]);
  } finally {
    await live.close();
  }
});

it.skipIf(absent('tsql') || absent('nmap'))(
  'mssql: tsql asks for the version, nmap names it (needs freetds-bin, nmap)',
  async () => {
    const live = await serve(mssql, {}, { kind: 'windows-server' });
    const args = ['-H', '127.0.0.1', '-p', String(live.port), '-U', 'sa', '-P', 'Passw0rd'];
    try {
      let said = '';
      // Gets in at the third try at the latest.
      for (let tries = 0; tries < 3 && !said.includes('SQL Server'); tries++)
        said = await run('tsql', args, "select @@version\ngo\nexec xp_cmdshell 'whoami'\ngo\nexit\n", {
          TDSVER: '7.4',
        });
      expect(said).toContain('Microsoft SQL Server 2016 (SP3)');
      expect(said).toContain('SQL Server blocked access to procedure');
      expect(live.told('login').at(-1)).toMatchObject({ user: 'sa', secret: 'Passw0rd', ok: true });
      expect(await named(live.port, 'ms-sql-s')).toMatch(/ms-sql-s\s+Microsoft SQL Server 2016 13\.00\.6300/);
      expect(live.faults).toEqual([]);
    } finally {
      await live.close();
    }
  },
);

it.skipIf(absent('mosquitto_pub') || absent('nmap'))(
  'mqtt: mosquitto_pub and mosquitto_sub speak all three versions, nmap names it (needs mosquitto-clients, nmap)',
  async () => {
    const live = await serve(mqtt);
    const at = ['-h', '127.0.0.1', '-p', String(live.port)];
    try {
      for (const version of ['mqttv31', 'mqttv311', 'mqttv5']) {
        expect(
          await run('mosquitto_pub', [
            ...at,
            '-V',
            version,
            '-q',
            '2',
            '-r',
            '-t',
            'x/y',
            '-m',
            version,
            '-u',
            'ab',
            '-P',
            'cd',
          ]),
        ).toBe('');
        expect(await run('mosquitto_sub', [...at, '-V', version, '-C', '1', '-W', '20', '-t', 'x/#'])).toBe(
          `${version}\n`,
        );
      }
      expect(live.told('login')).toHaveLength(3);
      expect(await named(live.port, 'mqtt')).toMatch(/open\s+(mqtt|mosquitto version 2\.0\.11)/);
      expect(live.faults).toEqual([]);
    } finally {
      await live.close();
    }
  },
);

it.skipIf(absent('ldapsearch') || absent('nmap'))(
  'ldap: ldapsearch reads people, nmap names it (needs ldap-utils, nmap)',
  async () => {
    const live = await serve(ldap);
    const at = ['-x', '-LLL', '-H', `ldap://127.0.0.1:${live.port}`];
    try {
      const root = await run('ldapsearch', [...at, '-s', 'base', '-b', '', '+']);
      const suffix = /^namingContexts: (.*)$/m.exec(root)![1]!;
      expect(await run('ldapsearch', [...at, '-b', suffix, '(objectClass=inetOrgPerson)', 'mail'])).toMatch(
        /^dn: uid=\w+,ou=people,.*\nmail: \S+@/m,
      );
      expect(await run('ldapsearch', [...at, '-D', 'cn=someone', '-w', 'x', '-b', suffix])).toContain(
        'Invalid credentials (49)',
      );
      expect(live.told('login')).toMatchObject([{ user: 'cn=someone', secret: 'x', ok: false }]);
      expect(await named(live.port, 'LDAPBindReq')).toMatch(/open\s+ldap\s+OpenLDAP/);
      expect(live.faults).toEqual([]);
    } finally {
      await live.close();
    }
  },
);
