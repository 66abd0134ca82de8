import type { Persona } from '../persona.ts';
import { put, putInteger, putOid, tags } from './ber.ts';

/** An object and its value as it stands in an answer. */
export interface ManagedObject {
  oid: number[];
  value: Buffer;
}

/** The agent starts so long after the machine, in milliseconds. */
const agentStartMs = 21_000;

/** Where whoever set it up says that it stands. */
const places = ['', '', 'Server room', 'Rack 2', 'Basement', 'Office', 'Building B', 'Data centre', 'Hall 1'];

/**
 * What an agent shows to those who know its community: the system group (RFC 3418 §2) and hrSystem (RFC 2790 §2), as the view
 * `systemonly` of Debian's snmpd.conf has it; in the order of their identifiers.
 */
export function objectsOf(persona: Persona, now: number): ManagedObject[] {
  const { system, hostname, kernel, arch, product, bootedAt, cpu } = persona;
  const text = (value: string) => put(tags.string, Buffer.from(value, 'latin1'));
  const ticks = (ms: number) => putInteger(Math.floor(Math.max(0, ms) / 10) % 2 ** 32, tags.timeTicks);
  const uname = `Linux ${hostname} ${kernel.release} ${kernel.version} ${arch.name}`;
  const drawn = (label: string, list: readonly string[]) =>
    list[Number.parseInt(persona.token(label, 4), 16) % list.length]!;
  const described =
    system.id === 'windows'
      ? `Hardware: Intel64 Family 6 Model 85 Stepping 7 AT/AT COMPATIBLE - Software: Windows Version 10.0 (Build 17763 Multiprocessor Free)`
      : system.id === 'firmware'
        ? `${product.vendor} ${product.model}, FW ${product.firmware}`
        : uname;
  // Microsoft's server (RFC 1213's enterprises 311), and Net-SNMP's own for Linux (8072.3.2.10).
  const kind =
    system.id === 'windows' ? [1, 3, 6, 1, 4, 1, 311, 1, 1, 3, 1, 2] : [1, 3, 6, 1, 4, 1, 8072, 3, 2, 10];
  const group = [1, 3, 6, 1, 2, 1, 1];
  const host = [1, 3, 6, 1, 2, 1, 25, 1];
  return [
    { oid: [...group, 1, 0], value: text(described.slice(0, 255)) },
    { oid: [...group, 2, 0], value: putOid(kind) },
    { oid: [...group, 3, 0], value: ticks(now - bootedAt - agentStartMs) },
    {
      oid: [...group, 4, 0],
      value: text(drawn('snmp contact', ['root', '', `${persona.admin}@${persona.domain}`, 'it'])),
    },
    { oid: [...group, 5, 0], value: text(hostname) },
    { oid: [...group, 6, 0], value: text(drawn('snmp location', places)) },
    { oid: [...group, 7, 0], value: putInteger(system.id === 'windows' ? 76 : 72) },
    { oid: [...host, 1, 0], value: ticks(now - bootedAt) },
    { oid: [...host, 5, 0], value: putInteger(1 + (cpu.count > 1 ? 1 : 0), 0x42) },
    { oid: [...host, 6, 0], value: putInteger(persona.daemons.length + 61, 0x42) },
  ];
}

/** Less than 0 where `a` stands before `b` (RFC 3416 §4.2.2: lexicographic). */
export function compareOids(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
