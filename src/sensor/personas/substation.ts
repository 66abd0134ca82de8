import { agent, fieldDevice, pageServer } from './field.ts';
import { defineKind } from './kind.ts';

const makes = [
  { vendor: 'Brandal Grid', oui: '00:0a:dc', line: 'RTU' },
  { vendor: 'Norvik Energy', oui: '00:06:17', line: 'TCU' },
  { vendor: 'Kaltrex Power', oui: '00:30:de', line: 'RC' },
];

/** Remote terminal unit of a substation: telecontrol by IEC 60870-5-104, a page, and the clock that it hands on. */
export const substation = defineKind({
  name: 'substation',
  summary: 'Remote terminal unit of a substation: IEC 104, web page',
  services: [
    { emulator: 'ssh' },
    { emulator: 'http' },
    { emulator: 'snmp' },
    { emulator: 'ntp' },
    { emulator: 'iec104' },
  ],

  create(seed) {
    const { pick, number } = seed;
    const { vendor, oui, line } = pick('make', makes);
    const model = `${line}-${pick('series', ['560', '511', '740'])}`;
    return fieldDevice(seed, {
      make: {
        vendor,
        oui,
        model,
        firmware: `1${number('major') % 4}.${number('minor') % 9}.${number('patch') % 20}`,
      },
      hostname: `${pick('place', ['ust', 'sub', 'rtu', 'sw'])}${10 + (number('index') % 80)}-${pick('field', ['a', 'b', 'e01', 'k1'])}`,
      memoryMb: 256,
      daemons: [
        { user: 'root', sizeKb: 1_612, command: '/usr/sbin/dropbear -p 22', listens: ['tcp/22'] },
        pageServer,
        agent,
        {
          user: 'root',
          sizeKb: 18_240,
          command: '/opt/rtu/bin/iec104d -c /etc/rtu/iec104.xml',
          listens: ['tcp/2404'],
        },
        { user: 'root', sizeKb: 1_836, command: '/usr/sbin/ntpd -g', listens: ['udp/123'] },
      ],
    });
  },
});
