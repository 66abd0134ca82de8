import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** A telephone system on Ubuntu 22.04: Asterisk 18, and the files that telephones fetch as they start. */
export const pbx = defineKind({
  name: 'pbx',
  summary: 'Ubuntu 22.04 with Asterisk 18, TFTP for its telephones',
  services: [{ emulator: 'ssh' }, { emulator: 'sip' }, { emulator: 'tftp' }, { emulator: 'ntp' }],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '22.04');
    const admin = pick('admin', ['ubuntu', 'voip', 'telecom', 'support']);
    const hostname = pick('shape', [
      `pbx${1 + (number('index') % 4)}`,
      `voip-0${1 + (number('index') % 6)}`,
      `asterisk${1 + (number('index') % 3)}`,
      `${company.short}-pbx`,
    ]);
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...virtual(seed, [
        [2, 2_048],
        [2, 4_096],
        [4, 8_192],
      ]),
      hostname,
      admin,
      users: debianAccounts('22.04', ['asterisk'], admin),
      daemons: systemdDaemons('22.04', [
        {
          user: 'asterisk',
          sizeKb: 68_412,
          command: '/usr/sbin/asterisk -g -f -p -U asterisk',
          listens: ['tcp/5060', 'udp/5060'],
        },
        {
          user: 'root',
          sizeKb: 1_204,
          command: '/usr/sbin/in.tftpd --listen --user tftp --address :69 --secure /srv/tftp',
          listens: ['udp/69'],
        },
        {
          user: 'root',
          sizeKb: 5_412,
          command: '/usr/sbin/ntpd -p /var/run/ntpd.pid -g -u 114:121',
          listens: ['udp/123'],
        },
      ]),
      disk: serverDisk(seed, '22.04', [32, 60, 120]),
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
