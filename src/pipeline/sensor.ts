import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { layoutOf, type SensorSettings } from '../sensor/layout.ts';
import type { Plan } from '../sensor/plan.ts';
import { seedOf } from '../sensor/seed.ts';
import { supervise } from '../sensor/supervise.ts';

/** Starts the sensor that this configuration describes, and links it to who takes its events. */
export async function startSensor(parts: {
  config: Config;
  data: string;
  /** Takes the link of each process of the sensor. */
  link(stream: Duplex): void;
  log: Log;
  clock: Clock;
}) {
  const { config, data, link, log, clock } = parts;
  const { sensor } = config;
  const folder = join(data, 'sensor');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return supervise({
    name: sensor.name,
    seed: seedOf(folder, sensor.name),
    pidFile: join(folder, 'pid'),
    spoolDir: join(folder, 'spool'),
    payloadDir: join(folder, 'payloads'),
    ...planOf(sensor),
    onLink: link,
    log,
    clock,
  });
}

/** What the settings of a sensor come to. */
export function planOf(settings: SensorSettings & { limits: Plan['limits'] }): Plan {
  const { machines, listening } = layoutOf(settings);
  return { machines, services: listening, limits: settings.limits };
}
