// The sensor process: faces attackers, holds no secrets, speaks to nobody but its parent (IPC, datagrams on fd 5) and the intake (fd 4).
import { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../kit/clock.ts';
import { createLog, sampled } from '../kit/log.ts';
import { orderedUuidv7 } from '../kit/uuid.ts';
import { Door, type Service } from './door.ts';
import { emulators } from './emulators/index.ts';
import { Link } from './link.ts';
import { Payloads } from './payloads.ts';
import { createPersona } from './personas.ts';
import { systemRandom } from './random.ts';
import { Recordings } from './recordings.ts';
import type { Surroundings } from './session.ts';
import { Spool } from './spool.ts';
import { type FromSensor, type SensorConfig, sensorConfigSchema, type ToSensor } from './status.ts';
import { DatagramDoor, type DatagramService } from './udp/door.ts';

const intakeFd = 4;
const datagramFd = 5;
const statusMs = 1_000;

const log = createLog('sensor');
const tell = (message: FromSensor) => process.connected && process.send?.(message, () => {});

function start(config: SensorConfig): (message: ToSensor, handle: unknown) => void {
  const { limits } = config;
  const spool = new Spool(config.spoolDir, limits, log);
  const payloads = new Payloads(config.payloadDir, limits, systemClock, log);
  const recordings = new Recordings(join(config.payloadDir, 'recordings'), limits, log);
  const link = new Link(new Socket({ fd: intakeFd, readable: true, writable: true }), spool, {
    sensor: config.name,
    window: limits.window,
    log,
  });
  let faults = 0;
  let lastFault: { protocol: string; error: unknown } | undefined;
  const sayFault = sampled((count) =>
    log.error('An emulator failed; its session ended', { count, ...lastFault }),
  );
  const around: Surroundings = {
    sensor: config.machines[0]!.name,
    persona: createPersona(config.machines[0]!.seed, config.machines[0]!.kind),
    limits,
    clock: systemClock,
    random: systemRandom(),
    nextId: orderedUuidv7(systemRandom()),
    log,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    append: (event) => spool.append(event),
    keep: (bytes) => payloads.keep(bytes),
    recordings,
    fault(protocol, error) {
      faults++;
      lastFault = { protocol, error };
      sayFault();
    },
  };
  const door = new Door(around, () => spool.full);
  const machines = config.machines.map(
    ({ name, kind, seed }, i): Surroundings =>
      i === 0 ? around : { ...around, sensor: name, persona: createPersona(seed, kind) },
  );
  const datagramDoor = new DatagramDoor(around, () => spool.full);
  const streams: (Service | undefined)[] = [];
  const datagrams: (DatagramService | undefined)[] = [];
  for (const [index, { emulator: name, options, machine, datagramsAt }] of config.services.entries()) {
    const emulator = emulators.find((one) => one.name === name);
    if (!emulator) throw new Error(`there is no emulator named ${name}`);
    const service = { options: emulator.options.parse(options), around: machines[machine]! };
    if (datagramsAt && emulator.datagram) datagrams[index] = { ...service, emulator, at: datagramsAt };
    else if (!datagramsAt && emulator.session) streams[index] = { ...service, emulator };
    else throw new Error(`${name} does not speak ${datagramsAt ? 'UDP' : 'TCP'}`);
  }
  datagramDoor.open(new Socket({ fd: datagramFd, readable: true, writable: true }), datagrams);

  const report = () =>
    tell({
      type: 'status',
      counters: {
        ...door.counters,
        ...datagramDoor.counters,
        ...spool.counters,
        ...payloads.counters,
        ...recordings.counters,
        ...link.counters,
        faults,
        rssBytes: process.memoryUsage.rss(),
      },
    });
  setInterval(report, statusMs).unref();

  const stop = async () => {
    datagramDoor.close();
    await door.close();
    await spool.flush();
    await payloads.flush();
    await recordings.close();
    report();
    process.exit(0);
  };
  // Without its parent nobody could stop it: what it has seen is on disk before it goes.
  process.on('disconnect', () => void stop());
  tell({ type: 'ready' });
  return (message, handle) => {
    if (message.type === 'stop') void stop();
    else if (message.type === 'listen' && handle instanceof Server) {
      door.open(handle, streams[message.service]!);
    } else if (message.type === 'connection' && handle instanceof Socket) {
      door.arrive(handle, streams[message.service]!);
    }
  };
}

let handle: ((message: ToSensor, handle: unknown) => void) | undefined;
process.on('message', (message: ToSensor, passed: unknown) => {
  if (message.type === 'start') handle ??= start(sensorConfigSchema.parse(message.config));
  else handle?.(message, passed);
});
// Signals reach the whole group on Ctrl-C; the parent decides when the sensor stops.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
