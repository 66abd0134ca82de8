import { transportsOf } from './emulator.ts';
import { emulators } from './emulators/index.ts';
import { type Ports, portsOf } from './ports.ts';

/** One machine that the sensor pretends to be, and the addresses that wear it. */
export interface Machine {
  /** Under which name its events are told, where that is not the sensor's. */
  name?: string | undefined;
  kind: string;
  hosts: string[];
  /** What its seed is made of besides the sensor's; empty for the machine of the short form. */
  salt: string;
}

/** Where one service of one machine listens. */
export interface Listening {
  emulator: string;
  host: string;
  port: number;
  transport: 'tcp' | 'udp';
  options: Record<string, unknown>;
  /** Which of the machines it belongs to. */
  machine: number;
}

type Services = Record<string, { enabled: boolean; port: Ports; options: Record<string, unknown> }>;

/** The part of the configuration that says what is shown where. */
export interface SensorSettings {
  persona: string;
  bind: string[];
  services: Services;
  addresses: { ip: string; name?: string | undefined; persona: string; services: Services }[];
}

/** Every machine of a sensor, and all that listens: the addresses of `bind` are one machine, each of `addresses` is another. */
export function layoutOf(sensor: SensorSettings): { machines: Machine[]; listening: Listening[] } {
  const machines: Machine[] = [];
  const listening: Listening[] = [];
  const add = (machine: Machine, services: Services) => {
    const index = machines.push(machine) - 1;
    for (const host of machine.hosts)
      for (const { emulator, port, transport, options } of portsIn(services))
        listening.push({ emulator, host, port, transport, options, machine: index });
  };
  if (sensor.bind.length) add({ kind: sensor.persona, hosts: sensor.bind, salt: '' }, sensor.services);
  for (const { ip, name, persona, services } of sensor.addresses)
    add({ ...(name === undefined ? {} : { name }), kind: persona, hosts: [ip], salt: ip }, services);
  return { machines, listening };
}

/** The ports of one machine. The catch-all takes what the others leave of its range. */
export function portsIn(services: Services) {
  const found: Pick<Listening, 'emulator' | 'port' | 'transport' | 'options'>[] = [];
  for (const [emulator, { enabled, port, options }] of Object.entries(services)) {
    if (!enabled) continue;
    for (const one of portsOf(port))
      for (const transport of transports.get(emulator) ?? [])
        found.push({ emulator, port: one, transport, options });
  }
  const taken = new Set(
    found.flatMap(({ emulator, transport, port }) =>
      emulator === 'catchall' || transport === 'udp' ? [] : [port],
    ),
  );
  return found.filter(({ emulator, port }) => emulator !== 'catchall' || port === 0 || !taken.has(port));
}

const transports = new Map(emulators.map((emulator) => [emulator.name, transportsOf(emulator)]));
