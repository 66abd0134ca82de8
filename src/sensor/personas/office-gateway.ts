import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** The way out of an office: Squid that asks for no password, the clock, the shell of who looks after it. */
export const officeGateway = defineKind({
  name: 'office-gateway',
  summary: 'Debian 12 with Squid, NTP, SSH',
  services: [{ emulator: 'ssh' }, { emulator: 'proxy' }, { emulator: 'ntp' }],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '12');
    const admin = pick('admin', ['admin', 'it', 'netadmin', 'support']);
    const hostname = pick('shape', [
      `gw${1 + (number('index') % 4)}`,
      `proxy0${1 + (number('index') % 6)}`,
      `squid${1 + (number('index') % 5)}`,
      `${company.short}-gw`,
    ]);
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...virtual(seed, [
        [2, 2_048],
        [2, 4_096],
      ]),
      hostname,
      admin,
      users: debianAccounts('12', [], admin),
      daemons: systemdDaemons('12', [
        {
          user: 'proxy',
          sizeKb: 41_336,
          command: '(squid-1) --kid squid-1 --foreground -sYC',
          listens: ['tcp/3128'],
        },
        {
          user: 'root',
          sizeKb: 5_412,
          command: '/usr/sbin/ntpd -p /run/ntpd.pid -c /etc/ntpsec/ntp.conf -g -N -u ntpsec:ntpsec',
          listens: ['udp/123'],
        },
      ]),
      disk: serverDisk(seed, '12', [20, 40, 80]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: '',
        family: 'go',
        site: 'company',
        title: company.name,
        modifiedAt: installed,
        php: '',
        lures: [],
      },
      certificate: snakeoil(hostname, installed),
    };
  },
});
