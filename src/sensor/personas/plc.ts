import { accounts } from './accounts.ts';
import { day, defineKind, epoch } from './kind.ts';
import { unixDate } from './unix-date.ts';

const vendors = [
  { name: 'Kaltrex', oui: '00:30:de', line: 'CP' },
  { name: 'Brandal Automation', oui: '00:0a:dc', line: 'BX' },
  { name: 'Norvik Controls', oui: '00:06:17', line: 'NC' },
];
const plants = ['PUMP', 'HVAC', 'LINE', 'TANK', 'BOILER', 'WELL', 'SILO'];

/** Programmable controller of a small plant: Linux with real-time patches on ARM, a page for those who look after it. */
export const plc = defineKind({
  name: 'plc',
  summary: 'Programmable controller of a small plant: embedded Linux, web page',
  services: [
    { emulator: 'ssh' },
    { emulator: 'http' },
    { emulator: 'https' },
    { emulator: 'snmp' },
    { emulator: 'modbus' },
    { emulator: 'ntp' },
    { emulator: 'mqtt', options: { version: '2.0.11' } },
  ],

  create({ token, number, pick }) {
    const vendor = pick('vendor', vendors);
    const model = `${vendor.line}-${pick('series', ['750', '820', '3100'])}-${pick('variant', ['E', 'ET', 'X'])}`;
    const firmware = `0${3 + (number('major') % 2)}.0${1 + (number('minor') % 8)}.${10 + (number('patch') % 20)}`;
    const bootedAt = epoch - (number('boot') % (200 * day));
    const builtAt = Date.UTC(2023, 8, 1) + (number('build') % (400 * day));
    const mac = `${vendor.oui}:${token('mac', 6).match(/../g)!.join(':')}`;
    const hostname = pick('shape', [
      `${model}-${token('mac', 6).slice(0, 4).toUpperCase()}`,
      `PLC-${pick('plant', plants)}-${1 + (number('index') % 12)}`,
      `${pick('plant', plants).toLowerCase()}${10 + (number('index') % 80)}`,
    ]);
    return {
      system: { id: 'firmware', name: vendor.name, version: firmware, codename: '' },
      kernel: { release: '5.15.107-rt62', version: `#1 PREEMPT_RT ${unixDate(builtAt)}` },
      ssh: 'dropbear-2022.83',
      bootedAt,
      arch: { name: 'armv7l', elfMachine: 40, elfClass: 32, littleEndian: true },
      cpu: { model: 'ARMv7 Processor rev 2 (v7l)', count: 1, bogoMips: 594.73 },
      memoryKb: 512 * 1_024 - 15_000 - (number('reserved') % 4_000),
      mac,
      product: {
        vendor: vendor.name,
        model,
        firmware,
        serial: `${20 + (number('year') % 5)}${String(1 + (number('week') % 52)).padStart(2, '0')}${10_000 + (number('serial') % 89_999)}`,
      },
      address: `192.168.${pick('net', [1, 2, 10, 17, 100])}.${10 + (number('host') % 200)}`,
      hostname,
      admin: 'admin',
      users: accounts(`root:0:0:root:/root:/bin/sh
daemon:1:1:daemon:/usr/sbin:/bin/false
www:12:102:www:/var/www:/bin/false
ftp:14:50:ftp:/home/ftp:/bin/false
admin:1000:1000:admin:/home/admin:/bin/sh
user:1001:1001:user:/home/user:/bin/sh
nobody:65534:65534:nobody:/nonexistent:/bin/false`),
      daemons: [
        { user: 'root', sizeKb: 2_804, command: '/sbin/udevd -d' },
        { user: 'root', sizeKb: 3_112, command: '/usr/sbin/syslog-ng -f /etc/syslog-ng.conf' },
        { user: 'root', sizeKb: 3_208, command: '/usr/bin/dbus-daemon --system' },
        { user: 'root', sizeKb: 1_404, command: '/usr/sbin/crond -c /etc/cron.d' },
        { user: 'root', sizeKb: 1_612, command: '/usr/sbin/dropbear -p 22', listens: ['tcp/22'] },
        {
          user: 'www',
          sizeKb: 5_204,
          command: '/usr/sbin/lighttpd -f /etc/lighttpd/lighttpd.conf',
          listens: ['tcp/80', 'tcp/443'],
        },
        {
          user: 'root',
          sizeKb: 5_816,
          command: '/usr/sbin/snmpd -Lsd -p /var/run/snmpd.pid',
          listens: ['udp/161'],
        },
        { user: 'root', sizeKb: 61_348, command: '/usr/bin/plcrt -c /etc/plcrt.cfg', listens: ['tcp/502'] },
        {
          user: 'root',
          sizeKb: 2_212,
          command: '/usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf',
          listens: ['tcp/1883'],
        },
        { user: 'root', sizeKb: 1_836, command: '/usr/sbin/ntpd -g', listens: ['udp/123'] },
      ],
      disk: {
        device: '/dev/mmcblk0p2',
        fileSystem: 'ext4',
        sizeKb: 1_892_216,
        usedShare: 0.18 + (number('used') % 15) / 100,
      },
      owner: '',
      domain: pick('inner', ['lan', 'local', 'localdomain']),
      web: {
        server: 'lighttpd/1.4.69',
        family: 'lighttpd',
        site: 'plc',
        title: `${vendor.name} ${model}`,
        modifiedAt: builtAt,
        php: '',
        lures: [],
      },
      certificate: {
        subject: { organization: vendor.name, unit: model, name: hostname },
        names: [],
        from: Math.floor(builtAt / 1_000) * 1_000,
        termMs: 20 * 365 * day,
        renewed: false,
        authority: true,
      },
    };
  },
});
