import type { Persona } from '../persona.ts';
import type { Seed } from './kind.ts';

const x86 = { name: 'x86_64', elfMachine: 62, elfClass: 64, littleEndian: true } as const;

const processors = [
  { model: 'Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz', bogoMips: 4_788.94 },
  { model: 'Intel(R) Xeon(R) Silver 4214 CPU @ 2.20GHz', bogoMips: 4_400 },
  { model: 'Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz', bogoMips: 5_800.01 },
  { model: 'Intel(R) Xeon(R) CPU E5-2650 v3 @ 2.30GHz', bogoMips: 4_589.37 },
  { model: 'AMD EPYC 7452 32-Core Processor', bogoMips: 4_699.96 },
];

type Hardware = Pick<Persona, 'arch' | 'cpu' | 'memoryKb' | 'mac' | 'product' | 'address'>;

/** What Linux leaves of this much memory: its own tables and the firmware take some. */
export function usable({ number }: Seed, megabytes: number): number {
  return Math.floor(megabytes * 1_024 * 0.985) - 90_000 - (number('reserved') % 18_000);
}

/** A rented or own virtual machine: QEMU or VMware. */
export function virtual(
  seed: Seed,
  sizes: readonly (readonly [cores: number, megabytes: number])[],
): Hardware {
  const { token, number, pick } = seed;
  const tail = token('mac', 6).match(/../g)!.join(':');
  const [count, megabytes] = pick('size', sizes);
  const processor = pick('cpu', processors);
  const vmware = number('hypervisor') % 2 === 0;
  const uuid = token('vmware-serial', 32).match(/../g)!;
  return {
    arch: x86,
    cpu: { ...processor, count },
    memoryKb: usable(seed, megabytes),
    // VMware hands out 00:50:56:00 to 3f by hand and the rest by itself.
    mac: vmware
      ? `00:50:56:${(0x80 + (number('mac-block') % 64)).toString(16)}:${tail.slice(3)}`
      : `52:54:00:${tail}`,
    product: vmware
      ? {
          vendor: 'VMware, Inc.',
          model: 'VMware Virtual Platform',
          firmware: '6.00',
          serial: `VMware-${uuid.slice(0, 8).join(' ')}-${uuid.slice(8).join(' ')}`,
        }
      : {
          vendor: 'QEMU',
          model: 'Standard PC (i440FX + PIIX, 1996)',
          firmware: pick('bios', ['1.14.0-2', '1.15.0-1', '1.16.2-1']),
          serial: 'Not Specified',
        },
    address: `10.${number('net') % 60}.${number('subnet') % 32}.${10 + (number('host') % 200)}`,
  };
}

/** A server of one's own in a rack. */
export function rack(
  seed: Seed,
  model: {
    vendor: string;
    models: readonly string[];
    oui: readonly string[];
    cpu: string;
    count: number;
    bogoMips: number;
  },
  sizes: readonly number[],
): Hardware {
  const { token, number, pick } = seed;
  return {
    arch: x86,
    cpu: { model: model.cpu, count: model.count, bogoMips: model.bogoMips },
    memoryKb: usable(seed, pick('size', sizes)),
    mac: `${pick('oui', model.oui)}:${token('mac', 6).match(/../g)!.join(':')}`,
    product: {
      vendor: model.vendor,
      model: pick('model', model.models),
      firmware: pick('bios', ['3.3', '3.4', '3.6']),
      serial: `S${number('serial') % 900_000_000}X${1_000 + (number('unit') % 9_000)}`,
    },
    address: `10.${number('net') % 60}.${number('subnet') % 32}.${10 + (number('host') % 200)}`,
  };
}
