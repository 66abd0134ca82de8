import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.ts';
import { writeAtomic } from '../kit/atomic-file.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
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
    limits: sensor.limits,
    services: sensor.bind.flatMap((host) =>
      Object.entries(sensor.services).flatMap(([emulator, { enabled, port, options }]) =>
        enabled ? [{ emulator, host, port, options }] : [],
      ),
    ),
    onLink: link,
    log,
    clock,
  });
}

/** What makes this sensor unlike any other: drawn once, kept, and never shown to it but as a digest with its name. */
function seedOf(folder: string, name: string): string {
  const path = join(folder, 'seed');
  if (!existsSync(path)) writeAtomic(path, randomBytes(32).toString('hex'));
  return createHash('sha256')
    .update(`${readFileSync(path, 'utf8')}\0${name}`)
    .digest('hex');
}
