import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { day, defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** Mail server: Debian 12 with Postfix 3.7 on three ports, and webmail behind Apache. */
export const mailServer = defineKind({
  name: 'mail-server',
  summary: 'Debian 12 mail server: Postfix, webmail behind Apache',
  services: [
    { emulator: 'ssh' },
    { emulator: 'smtp', ports: [25, 587], highPorts: [2_525, 5_587] },
    { emulator: 'ldap' },
    { emulator: 'http' },
    { emulator: 'https' },
    { emulator: 'dns' },
  ],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '12');
    const admin = pick('admin', ['debian', 'postmaster', 'mailadmin', 'sysadmin']);
    const hostname = pick('shape', ['mail', 'mx1', 'mx', 'smtp', `mail${1 + (number('index') % 3)}`]);
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...virtual(seed, [
        [2, 4_096],
        [4, 8_192],
      ]),
      hostname,
      admin,
      users: debianAccounts('12', ['postfix', 'dovecot', 'bind', 'openldap'], admin),
      daemons: systemdDaemons('12', [
        {
          user: 'openldap',
          sizeKb: 11_932,
          command: '/usr/sbin/slapd -h ldap:/// ldapi:/// -g openldap -u openldap -F /etc/ldap/slapd.d',
          listens: ['tcp/389'],
        },
        {
          user: 'root',
          sizeKb: 19_212,
          command: '/usr/sbin/apache2 -k start',
          listens: ['tcp/80', 'tcp/443'],
        },
        { user: 'www-data', sizeKb: 21_004, command: '/usr/sbin/apache2 -k start' },
        {
          user: 'root',
          sizeKb: 4_868,
          command: '/usr/lib/postfix/sbin/master -w',
          listens: ['tcp/25', 'tcp/587'],
        },
        { user: 'postfix', sizeKb: 6_984, command: 'qmgr -l -t unix -u' },
        {
          user: 'bind',
          sizeKb: 41_880,
          command: '/usr/sbin/named -f -u bind',
          listens: ['tcp/53', 'udp/53'],
        },
        { user: 'root', sizeKb: 4_116, command: '/usr/sbin/dovecot -F' },
        { user: 'dovecot', sizeKb: 1_204, command: 'dovecot/anvil' },
      ]),
      disk: serverDisk(seed, '12', [80, 160, 320]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: 'Apache/2.4.65 (Debian)',
        family: 'apache',
        site: 'webmail',
        title: `${company.name} Webmail`,
        modifiedAt: installed + (number('edited') % (90 * day)),
        php: '',
        lures: ['git'],
      },
      certificate: snakeoil(`${hostname}.${company.domain}`, installed),
    };
  },
});
