import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Config } from '../config.ts';
import { emulators } from '../sensor/emulators/index.ts';
import { layoutOf, type Machine } from '../sensor/layout.ts';
import { kindNamed } from '../sensor/personas/index.ts';
import { type Complaint, lint, type RunningService } from '../sensor/personas/lint.ts';
import { type Marker, markersSchema } from '../sensor/personas/markers.ts';
import { createPersona } from '../sensor/personas.ts';
import { derivedSeed, seedOf } from '../sensor/seed.ts';
import { packageFolder } from '../version.ts';

/** A machine as it will be shown, and in what it gives itself away. */
export interface CheckedMachine extends Machine {
  hostname: string;
  services: string[];
  complaints: Complaint[];
}

/** Looks at each machine of this configuration as an expert would. Nothing is started or written: without a seed yet, one is assumed. */
export function checkPersonas(config: Config, data: string, now: number): CheckedMachine[] {
  const folder = join(data, 'sensor');
  const seed = existsSync(join(folder, 'seed')) ? seedOf(folder, config.sensor.name) : config.sensor.name;
  const markers = readMarkers();
  const { machines, listening } = layoutOf(config.sensor);
  return machines.map((machine, index) => {
    const persona = createPersona(machine.salt ? derivedSeed(seed, machine.salt) : seed, machine.kind);
    const own = kindNamed(machine.kind).services;
    const services = new Map<string, RunningService>();
    for (const one of listening) {
      if (one.machine !== index || services.has(one.emulator)) continue;
      const { emulator, options } = one;
      const usual = emulators.find(({ name }) => name === emulator)!.port;
      // Where it listens without privileges says nothing of the machine: whoever forwards to it shows the real port.
      const ports = own.find((service) => service.emulator === emulator)?.ports ?? [usual];
      services.set(emulator, { emulator, ports, options });
    }
    return {
      ...machine,
      name: machine.name ?? config.sensor.name,
      hostname: persona.hostname,
      services: [...services.keys()],
      complaints: lint(persona, { services: [...services.values()], markers, now }),
    };
  });
}

/** What decoys are known by: data that comes with Caltrop. */
function readMarkers(): Marker[] {
  return markersSchema.parse(parse(readFileSync(join(packageFolder('decoys'), 'markers.yaml'), 'utf8')));
}
