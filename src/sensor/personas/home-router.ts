import type { Persona } from '../persona.ts';
import { accounts } from './accounts.ts';
import { day, defineKind, epoch } from './kind.ts';

interface Board {
  arch: Persona['arch'];
  cpu: Persona['cpu'];
  megabytes: number[];
  models: string[];
}

const MIPS = 8;
const AARCH64 = 183;

const boards: Board[] = [
  {
    arch: { name: 'mips', elfMachine: MIPS, elfClass: 32, littleEndian: true },
    cpu: { model: 'MIPS 1004Kc V2.15', count: 4, bogoMips: 586.13 },
    megabytes: [128, 256],
    models: ['AX1800', 'AC1300', 'AC2100'],
  },
  {
    arch: { name: 'mips', elfMachine: MIPS, elfClass: 32, littleEndian: false },
    cpu: { model: 'MIPS 74Kc V5.0', count: 1, bogoMips: 358.8 },
    megabytes: [64, 128],
    models: ['AC1200', 'AC750', 'N600'],
  },
  {
    arch: { name: 'aarch64', elfMachine: AARCH64, elfClass: 64, littleEndian: true },
    cpu: { model: 'ARMv8 Processor rev 4 (v8l)', count: 2, bogoMips: 25 },
    megabytes: [256, 512],
    models: ['AX3000', 'AX4200'],
  },
];
const vendors = [
  { name: 'Telvanta', oui: '00:1d:aa' },
  { name: 'Rymark', oui: '00:26:f2' },
  { name: 'Ostrel', oui: '00:18:e7' },
];
/** Long-term kernels of OpenWrt 23.05's releases. */
const releases = [
  ['5.15.134', 'Tue Oct 10 09:54:38 2023'],
  ['5.15.137', 'Tue Nov 14 13:38:11 2023'],
  ['5.15.150', 'Fri Mar 22 22:09:42 2024'],
] as const;

/** Router of a home, its firmware built on OpenWrt 23.05: BusyBox, Dropbear, lighttpd, and a telnet that was left on. */
export const homeRouter = defineKind({
  name: 'home-router',
  summary: 'Router of a home: BusyBox firmware, web interface, telnet',
  services: [{ emulator: 'ssh' }, { emulator: 'telnet' }, { emulator: 'http' }, { emulator: 'snmp' }],

  create({ token, number, pick }) {
    const board = pick('board', boards);
    const vendor = pick('vendor', vendors);
    const model = pick('model', board.models);
    const [release, built] = pick('kernel', releases);
    const builtAt = Date.parse(`${built} UTC`);
    const mac = `${vendor.oui}:${token('mac', 6).match(/../g)!.join(':')}`;
    const admin = pick('admin', ['admin', 'user', 'support']);
    const firmware = `${pick('major', ['2.1', '2.3', '3.0'])}.${number('patch') % 20}`;
    const hostname = pick('shape', [
      `${vendor.name}-${model}`,
      `${vendor.name.toLowerCase()}-${token('mac', 6).slice(2)}`,
      `${model}-${token('mac', 6).slice(2).toUpperCase()}`,
    ]);
    return {
      system: { id: 'busybox', name: vendor.name, version: firmware, codename: '' },
      kernel: { release, version: `#0 ${board.cpu.count > 1 ? 'SMP ' : ''}${built}` },
      ssh: 'dropbear-2022.83',
      bootedAt: epoch - (number('boot') % (60 * day)),
      arch: board.arch,
      cpu: board.cpu,
      // The firmware of the radio takes its share.
      memoryKb: pick('memory', board.megabytes) * 1_024 - 7_000 - (number('reserved') % 3_000),
      mac,
      product: { vendor: vendor.name, model, firmware, serial: token('serial', 12).toUpperCase() },
      address: `192.168.${pick('net', [0, 1, 8, 50, 178])}.1`,
      hostname,
      admin,
      users: accounts(`root:0:0:root:/root:/bin/ash
daemon:1:1:daemon:/var:/bin/false
ftp:55:55:ftp:/home/ftp:/bin/false
network:101:101:network:/var:/bin/false
nobody:65534:65534:nobody:/var:/bin/false
ntp:123:123:ntp:/var/run/ntp:/bin/false
dnsmasq:453:453:dnsmasq:/var/run/dnsmasq:/bin/false
http:1001:1001:http:/www:/bin/false
${admin}:1000:1000:${admin}:/home/${admin}:/bin/ash`),
      daemons: [
        { user: 'root', sizeKb: 1_216, command: '/sbin/procd' },
        { user: 'root', sizeKb: 1_020, command: '/sbin/ubusd' },
        { user: 'root', sizeKb: 1_300, command: '/sbin/logd -S 64' },
        { user: 'root', sizeKb: 1_976, command: '/sbin/netifd' },
        {
          user: 'root',
          sizeKb: 1_108,
          command: '/usr/sbin/dropbear -F -P /var/run/dropbear.1.pid -p 22',
          listens: ['tcp/22'],
        },
        {
          user: 'root',
          sizeKb: 1_244,
          command: '/usr/sbin/telnetd -F -l /bin/login.sh',
          listens: ['tcp/23'],
        },
        {
          user: 'http',
          sizeKb: 4_212,
          command: '/usr/sbin/lighttpd -D -f /etc/lighttpd/lighttpd.conf',
          listens: ['tcp/80'],
        },
        {
          user: 'dnsmasq',
          sizeKb: 1_872,
          command: '/usr/sbin/dnsmasq -C /var/etc/dnsmasq.conf -k',
          listens: ['tcp/127.0.0.1:53', 'udp/127.0.0.1:53'],
        },
        {
          user: 'root',
          sizeKb: 2_604,
          command: '/usr/sbin/hostapd -s -P /var/run/wifi-phy0.pid /var/run/hostapd-phy0.conf',
        },
        {
          user: 'root',
          sizeKb: 3_208,
          command: '/usr/sbin/snmpd -Lf /dev/null -f -r',
          listens: ['udp/161'],
        },
        { user: 'root', sizeKb: 1_212, command: '/usr/sbin/ntpd -n -N -S /usr/sbin/ntpd-hotplug' },
      ],
      disk: {
        device: '/dev/mtdblock6',
        fileSystem: 'jffs2',
        sizeKb: pick('flash', [7_936, 20_480, 88_064]),
        usedShare: 0.04 + (number('used') % 12) / 100,
      },
      owner: '',
      domain: pick('inner', ['lan', 'home', 'home.arpa']),
      web: {
        server: 'lighttpd/1.4.69',
        family: 'lighttpd',
        site: 'router',
        title: `${vendor.name} ${model}`,
        modifiedAt: builtAt,
        php: '',
        lures: ['luci'],
      },
      certificate: {
        subject: {
          country: pick('tls-country', ['US', 'TW', 'CN']),
          organization: vendor.name,
          name: hostname,
        },
        names: [],
        from: Math.floor(builtAt / 1_000) * 1_000,
        termMs: 10 * 365 * day,
        renewed: false,
        authority: true,
      },
    };
  },
});
