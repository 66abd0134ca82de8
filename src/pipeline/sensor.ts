import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.ts';
import { writeAtomic } from '../kit/atomic-file.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { planOf } from '../sensor/plan.ts';
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
  const { machines, listening } = planOf(sensor);
  const seed = seedOf(folder, sensor.name);
  return supervise({
    name: sensor.name,
    seed,
    machines: machines.map(({ salt, ...machine }) => ({
      ...machine,
      seed: salt ? derived(seed, salt) : seed,
    })),
    pidFile: join(folder, 'pid'),
    spoolDir: join(folder, 'spool'),
    payloadDir: join(folder, 'payloads'),
    limits: sensor.limits,
    services: listening,
    onLink: link,
    log,
    clock,
  });
}

/** What makes this sensor unlike any other: drawn once, kept, and never shown to it but as a digest with its name. */
export function seedOf(folder: string, name: string): string {
  const path = join(folder, 'seed');
  if (!existsSync(path)) writeAtomic(path, randomBytes(32).toString('hex'));
  return derived(readFileSync(path, 'utf8'), name);
}

/** The seed of what is one of several. */
export function derived(seed: string, name: string): string {
  return createHash('sha256').update(`${seed}\0${name}`).digest('hex');
}
