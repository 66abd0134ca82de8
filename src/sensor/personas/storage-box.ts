import type { Daemon, Persona, User } from '../persona.ts';
import { day, defineKind, epoch } from './kind.ts';
import { unixDate } from './unix-date.ts';

interface Board {
  arch: Persona['arch'];
  release: string;
  build: string;
  cpu: string;
  counts: number[];
  bogoMips: number[];
  memoryMb: number[];
  models: string[];
}

const ELF = { x86: 62, arm: 40, aarch64: 183 };

// Small office storage boxes: they plausibly have telnet, a web interface with PHP, and a Redis for its cache.
const boards: Board[] = [
  {
    arch: { name: 'aarch64', elfMachine: ELF.aarch64, elfClass: 64, littleEndian: true },
    release: '4.14.221',
    build: '#1 SMP PREEMPT',
    cpu: 'ARMv8 Processor rev 4 (v8l)',
    counts: [4],
    bogoMips: [48, 50, 100],
    memoryMb: [1_024, 2_048],
    models: ['S2-204', 'S2-208', 'S2-404'],
  },
  {
    arch: { name: 'armv7l', elfMachine: ELF.arm, elfClass: 32, littleEndian: true },
    release: '4.4.180',
    build: '#1 SMP',
    cpu: 'ARMv7 Processor rev 1 (v7l)',
    counts: [2],
    bogoMips: [1_332.01, 1_594.16, 1_866.13],
    memoryMb: [512, 1_024],
    models: ['S1-102', 'S1-104'],
  },
  {
    arch: { name: 'x86_64', elfMachine: ELF.x86, elfClass: 64, littleEndian: true },
    release: '4.19.152',
    build: '#1 SMP',
    cpu: 'Intel(R) Celeron(R) J4125 CPU @ 2.00GHz',
    counts: [4],
    bogoMips: [3_993.6, 3_999.98, 4_001.2],
    memoryMb: [4_096, 8_192],
    models: ['S4-416', 'S4-420'],
  },
  {
    arch: { name: 'x86_64', elfMachine: ELF.x86, elfClass: 64, littleEndian: true },
    release: '5.4.109',
    build: '#2 SMP',
    cpu: 'Intel(R) Atom(TM) CPU C3538 @ 2.10GHz',
    counts: [4],
    bogoMips: [4_200, 4_199.97, 4_203.4],
    memoryMb: [4_096, 8_192, 16_384],
    models: ['S6-612', 'S6-616'],
  },
];

const vendors = [
  { name: 'Nordvault', oui: '00:1c:7b', firmware: ['4.2', '4.3', '5.0'] },
  { name: 'Halden', oui: '00:25:31', firmware: ['2.8', '2.9', '3.1'] },
  { name: 'Corvia', oui: '00:0f:c9', firmware: ['6.1', '6.2'] },
];
const names = ['nas', 'storage', 'files', 'backup', 'archive', 'office', 'media', 'share'];
const domains = ['lan', 'local', 'localdomain', 'home.arpa', 'internal'];
const admins = ['admin', 'support', 'service', 'operator'];
const servers = ['nginx/1.14.2', 'nginx/1.16.1', 'nginx/1.18.0', 'nginx/1.20.2'];
const daemons: Daemon[] = [
  { user: 'root', sizeKb: 2_212, command: '/sbin/syslogd -n' },
  { user: 'root', sizeKb: 2_212, command: '/sbin/klogd -n' },
  { user: 'root', sizeKb: 3_128, command: '/usr/sbin/udevd --daemon' },
  { user: 'root', sizeKb: 2_340, command: '/usr/sbin/crond -f -c /var/spool/cron/crontabs' },
  {
    user: 'root',
    sizeKb: 8_404,
    command: 'nginx: master process /usr/sbin/nginx',
    listens: ['tcp/80', 'tcp/443'],
  },
  { user: 'www', sizeKb: 9_120, command: 'nginx: worker process' },
  { user: 'www', sizeKb: 54_212, command: 'php-fpm: pool www' },
  { user: 'root', sizeKb: 41_320, command: '/usr/bin/redis-server *:6379', listens: ['tcp/6379'] },
  { user: 'root', sizeKb: 24_808, command: '/usr/sbin/smbd -D', listens: ['tcp/139', 'tcp/445'] },
  { user: 'root', sizeKb: 2_340, command: '/usr/sbin/telnetd -F -l /bin/login', listens: ['tcp/23'] },
  { user: 'root', sizeKb: 1_180, command: '/usr/sbin/dropbear -R', listens: ['tcp/22'] },
];

function accounts(admin: string): User[] {
  return [
    { name: 'root', uid: 0, gid: 0, comment: 'root', home: '/root', shell: '/bin/sh' },
    { name: 'daemon', uid: 1, gid: 1, comment: 'daemon', home: '/usr/sbin', shell: '/bin/false' },
    { name: 'www', uid: 33, gid: 33, comment: 'www', home: '/var/www', shell: '/bin/false' },
    { name: 'nobody', uid: 65_534, gid: 65_534, comment: 'nobody', home: '/', shell: '/bin/false' },
    { name: admin, uid: 1_000, gid: 100, comment: admin, home: '/home', shell: '/bin/sh' },
  ];
}

/** A storage box of a small office: what a sensor is unless told otherwise. */
export const storageBox = defineKind({
  name: 'storage-box',
  summary: 'Storage box of a small office: BusyBox, web interface, Redis for its cache',
  services: [{ emulator: 'ssh' }, { emulator: 'telnet' }, { emulator: 'http' }, { emulator: 'redis' }],

  create({ token, number, pick }) {
    const board = pick('board', boards);
    const vendor = pick('vendor', vendors);
    const mac = `${vendor.oui}:${token('mac', 6).match(/../g)!.join(':')}`;
    const model = pick('model', board.models);
    const firmware = `${pick('firmware', vendor.firmware)}.${number('patch') % 9}`;
    const serial = `${model.replace('-', '')}${token('serial', 8).toUpperCase()}`;
    const bootedAt = epoch - (number('boot') % (90 * day));
    const builtAt = bootedAt - 60 * day - (number('build') % (200 * day));
    const memoryKb = pick('memory', board.memoryMb) * 1_024 - 8_192 - (number('reserved') % 40_000);
    const admin = pick('admin', admins);
    const hostname = pick('shape', [
      `${pick('name', names)}-${token('mac', 6).toUpperCase()}`,
      `${pick('name', names)}${1 + (number('index') % 12)}`,
      `${vendor.name.toLowerCase()}-${token('host', 4)}`,
    ]);
    return {
      system: { id: 'busybox', name: vendor.name, version: firmware, codename: '' },
      users: accounts(admin),
      daemons,
      disk: {
        device: '/dev/sda3',
        fileSystem: 'ext4',
        sizeKb: 1_921_277_884,
        usedShare: 0.3 + (number('used') % 40) / 100,
      },
      hostname,
      arch: board.arch,
      kernel: { release: board.release, version: `${board.build} ${unixDate(builtAt)}` },
      cpu: { model: board.cpu, count: pick('count', board.counts), bogoMips: pick('bogo', board.bogoMips) },
      memoryKb,
      bootedAt,
      mac,
      product: { vendor: vendor.name, model, firmware, serial },
      address: `192.168.${number('net') % 24}.${10 + (number('host') % 200)}`,
      owner: '',
      domain: domains[Number.parseInt(token('smtp-domain', 8), 16) % domains.length]!,
      web: {
        server: pick('server', servers),
        family: 'nginx',
        site: 'storage-box',
        title: `${vendor.name} ${model}`,
        modifiedAt: builtAt,
        php: '7.4.3',
        lures: ['phpunit', 'php-cgi', 'thinkphp', 'dotenv', 'git'],
      },
      certificate: {
        subject: {
          country: ['DE', 'US', 'TW', 'CN'][Number.parseInt(token('tls-country', 2), 16) % 4]!,
          organization: vendor.name,
          unit: model,
          name: hostname,
        },
        names: [],
        from: Math.floor(builtAt / 1_000) * 1_000,
        termMs: 10 * 365 * day,
        renewed: false,
        authority: true,
      },
      // A BusyBox system has the small server.
      ssh: 'dropbear-2022.83',
      admin,
    };
  },
});
