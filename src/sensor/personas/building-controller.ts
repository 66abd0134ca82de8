import { agent, fieldDevice, pageServer } from './field.ts';
import { defineKind } from './kind.ts';

const makes = [
  { vendor: 'Kaltrex Building', oui: '00:30:de', line: 'BC' },
  { vendor: 'Elverhoy Klima', oui: '00:0f:e6', line: 'EK' },
  { vendor: 'Dunmarr Comfort', oui: '00:1e:c0', line: 'DC' },
];

/** Controller of a building's heating and air: BACnet/IP, Modbus towards its meters, a page for the caretaker. */
export const buildingController = defineKind({
  name: 'building-controller',
  summary: 'Controller of a building’s heating and air: BACnet, Modbus, web page',
  services: [
    { emulator: 'ssh' },
    { emulator: 'http' },
    { emulator: 'snmp' },
    { emulator: 'modbus' },
    { emulator: 'bacnet' },
  ],

  create(seed) {
    const { pick, number } = seed;
    const { vendor, oui, line } = pick('make', makes);
    return fieldDevice(seed, {
      make: {
        vendor,
        oui,
        model: `${line}${pick('series', ['200', '350', '600'])}${pick('variant', ['', 'W', '-R'])}`,
        firmware: `${3 + (number('major') % 3)}.${number('minor') % 12}.${number('patch') % 40}`,
      },
      hostname: `${pick('plant', ['ahu', 'hvac', 'boiler', 'chiller', 'bms'])}-${pick('part', ['north', 'south', 'roof', 'b1', 'hall'])}${1 + (number('index') % 6)}`,
      memoryMb: 128,
      daemons: [
        { user: 'root', sizeKb: 1_612, command: '/usr/sbin/dropbear -p 22', listens: ['tcp/22'] },
        pageServer,
        agent,
        { user: 'root', sizeKb: 12_904, command: '/usr/bin/plcrt -c /etc/plcrt.cfg', listens: ['tcp/502'] },
        { user: 'root', sizeKb: 8_132, command: '/usr/bin/bacserv -i eth0', listens: ['udp/47808'] },
      ],
    });
  },
});
