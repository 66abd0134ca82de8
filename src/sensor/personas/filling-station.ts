import { companyOf } from './company.ts';
import { fieldDevice } from './field.ts';
import { defineKind } from './kind.ts';

/** Tank gauge of a filling station behind a serial-to-network card. */
export const fillingStation = defineKind({
  name: 'filling-station',
  summary: 'Tank gauge of a filling station',
  services: [{ emulator: 'guardian-ast' }],

  create(seed) {
    const { pick, number } = seed;
    const { name } = companyOf(seed);
    return fieldDevice(seed, {
      make: {
        vendor: 'Veeder-Root',
        oui: '00:80:a3',
        model: 'TLS-350',
        firmware: `3${25 + (number('revision') % 8)}.0${1 + (number('build') % 8)}`,
      },
      hostname: `atg-${pick('road', ['a4', 'b27', 'r9', 'm1', 'e45'])}-${10 + (number('index') % 80)}`,
      memoryMb: 32,
      owner: `${name.toUpperCase()} ${100 + (number('station') % 900)}`,
      daemons: [
        { user: 'root', sizeKb: 2_204, command: '/usr/bin/serial2tcp ttyS1 9600', listens: ['tcp/10001'] },
      ],
    });
  },
});
