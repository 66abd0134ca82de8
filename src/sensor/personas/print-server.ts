import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** CUPS on Debian 12, for the printers of an office. */
export const printServer = defineKind({
  name: 'print-server',
  summary: 'Debian 12 with CUPS 2.4, SSH',
  services: [{ emulator: 'ssh' }, { emulator: 'ipp', options: { version: '2.4.2' } }],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '12');
    const admin = pick('admin', ['admin', 'it', 'print', 'support']);
    const hostname = pick('shape', [
      `print${1 + (number('index') % 4)}`,
      `prn-srv-0${1 + (number('index') % 6)}`,
      `cups${1 + (number('index') % 5)}`,
      `${company.short}-print`,
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
      users: debianAccounts('12', [], admin),
      daemons: systemdDaemons('12', [
        { user: 'root', sizeKb: 12_204, command: '/usr/sbin/cupsd -l', listens: ['tcp/631'] },
        { user: 'root', sizeKb: 13_112, command: '/usr/sbin/cups-browsed' },
      ]),
      disk: serverDisk(seed, '12', [20, 32, 60]),
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
