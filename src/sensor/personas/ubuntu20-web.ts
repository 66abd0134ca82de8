import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { day, defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** Web server that nobody has upgraded: Ubuntu 20.04, Apache 2.4.41 with PHP 7.4.3, MySQL 8.0, vsftpd. */
export const ubuntu20Web = defineKind({
  name: 'ubuntu20-web',
  summary: 'Ubuntu 20.04 web server: Apache with PHP, MySQL, vsftpd',
  services: [
    { emulator: 'mongodb', options: { version: '4.4.29' } },
    { emulator: 'ssh' },
    { emulator: 'http' },
    { emulator: 'https' },
    { emulator: 'mysql', options: { version: '8.0.42-0ubuntu0.20.04.1' } },
    { emulator: 'ftp', options: { anonymous: false, tls: true } },
  ],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '20.04');
    const admin = pick('admin', ['ubuntu', 'admin', 'webadmin', 'deploy']);
    const hostname = pick('shape', [
      `${company.short}-web`,
      `lamp${1 + (number('index') % 6)}`,
      `vps${1_000 + (number('vps') % 9_000)}`,
    ]);
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...virtual(seed, [
        [1, 2_048],
        [2, 4_096],
      ]),
      hostname,
      admin,
      users: debianAccounts('20.04', ['mysql', 'ftp', 'mongodb'], admin),
      daemons: systemdDaemons('20.04', [
        {
          user: 'mongodb',
          sizeKb: 102_884,
          command: '/usr/bin/mongod --config /etc/mongod.conf',
          listens: ['tcp/27017'],
        },
        {
          user: 'root',
          sizeKb: 21_460,
          command: '/usr/sbin/apache2 -k start',
          listens: ['tcp/80', 'tcp/443'],
        },
        { user: 'www-data', sizeKb: 14_236, command: '/usr/sbin/apache2 -k start' },
        { user: 'www-data', sizeKb: 14_236, command: '/usr/sbin/apache2 -k start' },
        { user: 'mysql', sizeKb: 372_908, command: '/usr/sbin/mysqld', listens: ['tcp/3306'] },
        { user: 'root', sizeKb: 3_008, command: '/usr/sbin/vsftpd /etc/vsftpd.conf', listens: ['tcp/21'] },
      ]),
      disk: serverDisk(seed, '20.04', [25, 50, 80]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: 'Apache/2.4.41 (Ubuntu)',
        family: 'apache',
        site: 'company',
        title: company.name,
        modifiedAt: installed + (number('edited') % (120 * day)),
        php: '',
        lures: ['phpunit', 'thinkphp', 'dotenv', 'git'],
      },
      certificate: snakeoil(hostname, installed),
    };
  },
});
