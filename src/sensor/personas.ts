import { createHash } from 'node:crypto';
import type { Daemon, Persona, User } from './persona.ts';

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

const day = 86_400_000;
/** The boot and the pages lie before this day, so that they never lie in the future: 2026-01-01. */
const epoch = 1_767_225_600_000;

/** The machine of a seed: the same seed always gives the same one, whatever the clock says. */
export function createPersona(seed: string): Persona {
  const token = (label: string, size = 32) => {
    let text = '';
    for (let block = 0; text.length < size; block++) {
      text += createHash('sha256').update(`${seed}\0${label}\0${block}`).digest('hex');
    }
    return text.slice(0, size);
  };
  const number = (label: string) => Number.parseInt(token(label, 12), 16);
  const pick = <T>(label: string, list: readonly T[]): T => list[number(label) % list.length]!;

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
  return {
    kind: 'storage-box',
    system: { id: 'busybox', name: vendor.name, version: firmware, codename: '' },
    users: accounts(admin),
    daemons,
    disk: {
      device: '/dev/sda3',
      fileSystem: 'ext4',
      sizeKb: 1_921_277_884,
      usedShare: 0.3 + (number('used') % 40) / 100,
    },
    hostname: pick('shape', [
      `${pick('name', names)}-${token('mac', 6).toUpperCase()}`,
      `${pick('name', names)}${1 + (number('index') % 12)}`,
      `${vendor.name.toLowerCase()}-${token('host', 4)}`,
    ]),
    arch: board.arch,
    kernel: { release: board.release, version: `${board.build} ${unixDate(builtAt)}` },
    cpu: { model: board.cpu, count: pick('count', board.counts), bogoMips: pick('bogo', board.bogoMips) },
    memoryKb,
    bootedAt,
    mac,
    machineId: token('machine-id'),
    product: { vendor: vendor.name, model, firmware, serial },
    address: `192.168.${number('net') % 24}.${10 + (number('host') % 200)}`,
    web: { server: pick('server', servers), title: `${vendor.name} ${model}`, modifiedAt: builtAt },
    // A BusyBox system has the small server.
    ssh: 'dropbear-2022.83',
    admin,
    token,
  };
}

/** A time as `date` prints it: `Thu Jan  1 00:00:00 UTC 1970`. */
export function unixDate(ms: number): string {
  const [weekday, dayOfMonth, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${String(Number(dayOfMonth)).padStart(2)} ${time} UTC ${year}`;
}
