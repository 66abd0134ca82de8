import { agent, fieldDevice, pageServer } from './field.ts';
import { defineKind } from './kind.ts';

const models = [
  'LaserJet Pro M404dn',
  'LaserJet Enterprise M507',
  'LaserJet P3015',
  'LaserJet M612',
  'Color LaserJet M553',
];

/** An office printer: raw jobs, a page, an agent. */
export const printer = defineKind({
  name: 'printer',
  summary: 'Office printer: raw jobs on 9100, web page, SNMP',
  services: [{ emulator: 'http' }, { emulator: 'snmp' }, { emulator: 'jetdirect' }],

  create(seed) {
    const { pick, number, token } = seed;
    const mac = pick('oui', ['3c:d9:2b', '9c:b6:54', '48:0f:cf', 'fc:15:b4']);
    return fieldDevice(seed, {
      make: {
        vendor: 'HP',
        oui: mac,
        model: `HP ${pick('model', models)}`,
        firmware: `240${1 + (number('month') % 8)}${10 + (number('day') % 18)}_0${10_000 + (number('build') % 80_000)}`,
      },
      hostname: `NPI${token('mac', 6).toUpperCase()}`,
      memoryMb: 512,
      site: 'printer',
      daemons: [
        pageServer,
        agent,
        { user: 'root', sizeKb: 31_204, command: '/usr/bin/rawprintd -p 9100', listens: ['tcp/9100'] },
      ],
    });
  },
});
