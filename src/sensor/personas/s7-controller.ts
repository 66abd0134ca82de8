import { controllers } from '../plant/controllers.ts';
import { fieldDevice } from './field.ts';
import { defineKind } from './kind.ts';

/** An S7-300 behind its own network port: nothing but ISO on TCP is open. */
export const s7Controller = defineKind({
  name: 's7-controller',
  summary: 'S7-300 controller of a line, ISO on TCP',
  services: [{ emulator: 's7' }],

  create(seed) {
    const { order, firmware } = seed.pick('controller', controllers);
    const { pick, number } = seed;
    return fieldDevice(seed, {
      make: {
        vendor: 'Siemens',
        oui: pick('oui', ['00:1b:1b', '28:63:36', '00:0e:8c']),
        model: order,
        firmware,
      },
      hostname: `${pick('line', ['press', 'mixer', 'conveyor', 'filler', 'oven', 'crane'])}-cpu${1 + (number('index') % 9)}`,
      memoryMb: 32,
      daemons: [{ user: 'root', sizeKb: 9_420, command: '/usr/bin/s7srv', listens: ['tcp/102'] }],
    });
  },
});
