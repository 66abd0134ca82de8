import type { Daemon, Persona } from '../persona.ts';
import { accounts } from './accounts.ts';
import { day, epoch, type Kind, type Seed } from './kind.ts';
import { unixDate } from './unix-date.ts';

export interface Make {
  vendor: string;
  /** The first half of its cards' addresses. */
  oui: string;
  model: string;
  firmware: string;
}

export interface FieldDevice {
  make: Make;
  hostname: string;
  memoryMb: number;
  /** What it does, beside what every such device runs. */
  daemons: readonly Daemon[];
  /** Its pages, where it has any: a name of `web/sites`. */
  site?: string;
  owner?: string;
}

/** A device that stands in a plant, a building or an office: embedded Linux on ARM, made once and seldom updated. */
export function fieldDevice(
  { token, number, pick }: Seed,
  { make, hostname, memoryMb, daemons, site = 'plc', owner = '' }: FieldDevice,
): ReturnType<Kind['create']> {
  const { vendor, oui, model, firmware } = make;
  const builtAt = Date.UTC(2021, 2, 1) + (number('build') % (1_200 * day));
  const [release, build] = pick('kernel', [
    ['4.9.125', '#1 SMP PREEMPT'],
    ['4.14.98', '#1 SMP PREEMPT'],
    ['4.19.72-rt25', '#1 SMP PREEMPT'],
    ['5.4.47', '#1 SMP PREEMPT'],
  ] as const);
  const pages: Persona['web'] = {
    server: 'lighttpd/1.4.59',
    family: 'lighttpd',
    site,
    title: `${vendor} ${model}`,
    modifiedAt: builtAt,
    php: '',
    lures: [],
  };
  return {
    system: { id: 'firmware', name: vendor, version: firmware, codename: '' },
    kernel: { release, version: `${build} ${unixDate(builtAt)}` },
    ssh: 'dropbear-2022.83',
    bootedAt: epoch - (number('boot') % (300 * day)),
    arch: { name: 'armv7l', elfMachine: 40, elfClass: 32, littleEndian: true },
    cpu: { model: 'ARMv7 Processor rev 5 (v7l)', count: 1, bogoMips: 396 },
    memoryKb: Math.floor(memoryMb * 1_024 * 0.95) - (number('reserved') % 4_000),
    mac: `${oui}:${token('mac', 6).match(/../g)!.join(':')}`,
    product: {
      vendor,
      model,
      firmware,
      serial: `${pick('serial line', ['A', 'C', 'S', 'V'])}${10_000_000 + (number('serial') % 89_999_999)}`,
    },
    address: `192.168.${pick('net', [1, 2, 10, 20, 100, 150])}.${10 + (number('host') % 200)}`,
    hostname,
    admin: 'admin',
    users: accounts(`root:0:0:root:/root:/bin/sh
daemon:1:1:daemon:/usr/sbin:/bin/false
www:33:33:www:/var/www:/bin/false
admin:1000:1000:admin:/home/admin:/bin/sh
nobody:65534:65534:nobody:/nonexistent:/bin/false`),
    daemons: [
      { user: 'root', sizeKb: 1_108, command: '/sbin/syslogd -n' },
      { user: 'root', sizeKb: 1_096, command: '/sbin/klogd -n' },
      { user: 'root', sizeKb: 1_260, command: '/usr/sbin/crond -f' },
      ...daemons,
    ],
    disk: {
      device: '/dev/mmcblk0p2',
      fileSystem: 'ext4',
      sizeKb: 478_312,
      usedShare: 0.3 + (number('used') % 30) / 100,
    },
    owner,
    domain: pick('inner', ['lan', 'local', 'localdomain']),
    web: pages,
    certificate: {
      subject: { organization: vendor, unit: model, name: hostname },
      names: [],
      from: Math.floor(builtAt / 1_000) * 1_000,
      termMs: 20 * 365 * day,
      renewed: false,
      authority: true,
    },
  };
}

/** What serves a device's pages. */
export const pageServer: Daemon = {
  user: 'www',
  sizeKb: 4_812,
  command: '/usr/sbin/lighttpd -f /etc/lighttpd.conf',
  listens: ['tcp/80'],
};
/** Its agent for those who watch the network. */
export const agent: Daemon = {
  user: 'root',
  sizeKb: 3_904,
  command: '/usr/sbin/snmpd -Lsd',
  listens: ['udp/161'],
};
