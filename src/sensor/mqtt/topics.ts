import type { Wire } from '../emulator.ts';

/** Messages that one attacker may leave, and what each costs beside its bytes. */
const limits = { retained: 256, cost: 128 } as const;

/** What a broker holds: its own figures, what devices left, and what the attacker left. */
export function retained(wire: Wire, version: string): [string, string][] {
  const { persona } = wire;
  const uptime = Math.max(60, Math.floor((wire.now() - persona.bootedAt) / 1_000) - 31);
  const number = (label: string) => Number.parseInt(persona.token(`mqtt ${label}`, 6), 16);
  const site = persona.token('mqtt site', 4);
  const sensors = 3 + (number('sensors') % 4);
  const devices = Array.from({ length: sensors }, (_, i): [string, string] => {
    const id = persona.token(`mqtt device ${i}`, 12);
    const celsius = (18 + (number(`warm ${i}`) % 80) / 10).toFixed(1);
    return [
      `site-${site}/sensor/${id}/state`,
      `{"temperature":${celsius},"humidity":${35 + (number(`humid ${i}`) % 30)},"battery":${60 + (number(`battery ${i}`) % 40)}}`,
    ];
  });
  return [
    ['$SYS/broker/version', `mosquitto version ${version}`],
    ['$SYS/broker/uptime', `${uptime} seconds`],
    ['$SYS/broker/clients/total', String(sensors + 2)],
    ['$SYS/broker/clients/inactive', '0'],
    ['$SYS/broker/clients/disconnected', '0'],
    ['$SYS/broker/clients/active', String(sensors + 2)],
    ['$SYS/broker/clients/connected', String(sensors + 2)],
    ['$SYS/broker/clients/expired', '0'],
    ['$SYS/broker/messages/received', String(Math.floor(uptime / 4))],
    ['$SYS/broker/messages/sent', String(Math.floor(uptime / 3))],
    ['$SYS/broker/retained messages/count', String(40 + sensors)],
    ...devices,
    ...left(wire),
  ];
}

function left({ memory }: Wire): Map<string, string> {
  const known = memory.get('mqtt') as Map<string, string> | undefined;
  const map = known ?? new Map<string, string>();
  if (!known) memory.set('mqtt', map);
  return map;
}

/** Keeps a message for who subscribes later; an empty one forgets it (§3.3.1.3). */
export function retain(wire: Wire, topic: string, payload: string): void {
  const map = left(wire);
  const old = map.get(topic);
  if (old !== undefined) {
    wire.memory.give(topic.length + old.length + limits.cost);
    map.delete(topic);
  }
  if (payload && map.size < limits.retained && wire.memory.take(topic.length + payload.length + limits.cost))
    map.set(topic, payload);
}
