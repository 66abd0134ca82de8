import type { User } from '../persona.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { day, defineKind, epoch } from './kind.ts';

const users: User[] = [
  {
    name: 'Administrator',
    uid: 500,
    gid: 513,
    comment: '',
    home: 'C:\\Users\\Administrator',
    shell: 'cmd.exe',
  },
  { name: 'Guest', uid: 501, gid: 513, comment: '', home: 'C:\\Users\\Guest', shell: 'cmd.exe' },
  { name: 'DefaultAccount', uid: 503, gid: 513, comment: '', home: 'C:\\Users\\Default', shell: 'cmd.exe' },
];
const service = (sizeKb: number, name: string, listens: string[] = []) => ({
  user: 'SYSTEM',
  sizeKb,
  command: name,
  ...(listens.length ? { listens } : {}),
});

/** Windows Server 2016 (10.0.14393) in a small office: file shares, remote desktop, IIS 10. */
export const windowsServer = defineKind({
  name: 'windows-server',
  summary: 'Windows Server 2016: file shares, remote desktop, IIS 10',
  services: [
    { emulator: 'smb', options: { system: 'server2016' } },
    { emulator: 'rdp', options: { version: '10.0.14393', nla: true } },
    { emulator: 'mssql', options: { version: '2016' } },
    { emulator: 'http' },
  ],

  create(seed) {
    const { number, pick, token } = seed;
    const company = companyOf(seed);
    const bootedAt = epoch - (number('boot') % (60 * day));
    const installed = bootedAt - 200 * day - (number('installed') % (700 * day));
    const hostname = pick('shape', [
      `WIN-${token('name', 11).toUpperCase()}`,
      `SRV${pick('role', ['FILE', 'APP', 'TS', 'DATA'])}0${1 + (number('index') % 4)}`,
      `${company.short.split('-')[0]!.toUpperCase().slice(0, 10)}-SRV`,
    ]);
    return {
      system: {
        id: 'windows',
        name: 'Windows Server 2016 Standard',
        version: '10.0.14393',
        codename: '1607',
      },
      kernel: { release: '10.0.14393', version: 'Microsoft Windows [Version 10.0.14393]' },
      // It has none: OpenSSH came with the next release.
      ssh: '',
      bootedAt,
      ...virtual(seed, [
        [4, 8_192],
        [4, 16_384],
        [8, 32_768],
      ]),
      hostname,
      admin: 'Administrator',
      users: [
        ...users,
        {
          name: company.short.split('-')[0]!,
          uid: 1_001,
          gid: 513,
          comment: company.name,
          home: `C:\\Users\\${company.short.split('-')[0]}`,
          shell: 'cmd.exe',
        },
      ],
      daemons: [
        service(140, 'System', ['tcp/445', 'tcp/139', 'tcp/80']),
        service(1_192, 'smss.exe'),
        service(4_812, 'csrss.exe'),
        service(5_324, 'wininit.exe'),
        service(10_248, 'services.exe'),
        service(15_316, 'lsass.exe'),
        service(9_204, 'svchost.exe -k RPCSS', ['tcp/135']),
        service(24_108, 'svchost.exe -k termsvcs', ['tcp/3389']),
        service(11_844, 'svchost.exe -k iissvcs'),
        service(312_648, 'sqlservr.exe -sMSSQLSERVER', ['tcp/1433']),
        service(16_720, 'spoolsv.exe'),
        service(98_420, 'MsMpEng.exe'),
      ],
      disk: {
        device: 'C:',
        fileSystem: 'NTFS',
        sizeKb: pick('disk-size', [83_365_884, 125_308_924, 209_194_996]),
        usedShare: 0.3 + (number('used') % 40) / 100,
      },
      owner: company.name,
      domain: company.domain,
      web: {
        server: 'Microsoft-IIS/10.0',
        family: 'iis',
        site: 'iis',
        title: company.name,
        modifiedAt: installed,
        php: '',
        lures: [],
      },
      // Remote desktop makes its own for half a year, and a new one when it ends.
      certificate: {
        subject: { name: hostname },
        names: [],
        from: Math.floor((installed + (number('certificate') % (100 * day))) / 1_000) * 1_000,
        termMs: 182 * day + 43_200_000,
        renewed: true,
        authority: false,
      },
    };
  },
});
