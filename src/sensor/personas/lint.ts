import { transportsOf } from '../emulator.ts';
import { emulators } from '../emulators/index.ts';
import type { Persona } from '../persona.ts';
import { productNamed, products } from '../ssh/products/index.ts';
import { validFrom } from '../tls/identity.ts';
import { siteNames } from '../web/sites/index.ts';
import { type Marker, markersIn } from './markers.ts';
import { belongs, packagesOf, programs } from './packages.ts';

/** A service as it would run: by its persona, or as the configuration has it. */
export interface RunningService {
  emulator: string;
  /** The real ports. */
  ports: readonly number[];
  options: Record<string, unknown>;
}

export interface Complaint {
  rule: string;
  says: string;
}

/** More on one address than this gives a decoy away (nuclei's honeypot threshold). */
const serviceLimit = 10;

interface Case {
  persona: Persona;
  services: readonly RunningService[];
  markers: readonly Marker[];
  now: number;
}
type Rule = (one: Case) => Iterable<string>;

const rules: Record<string, Rule> = {
  *banner({ persona, services }) {
    if (!services.some(({ emulator }) => emulator === 'ssh')) return;
    const options = services.find(({ emulator }) => emulator === 'ssh')!.options;
    const name = typeof options.product === 'string' ? options.product : persona.ssh;
    if (!products.some((one) => one.name === name)) {
      yield `it runs ssh, and no server is named ${JSON.stringify(name)}`;
      return;
    }
    yield* packaged(persona, 'ssh', productNamed(name).ident);
  },

  *kernel({ persona }) {
    yield* packaged(persona, 'kernel', persona.kernel.release);
    yield* packaged(persona, 'build', persona.kernel.version);
  },

  *arch({ persona: { arch, cpu, memoryKb, kernel, system } }) {
    const known = machines[arch.name];
    if (!known) yield `no machine is named ${arch.name}`;
    else {
      if (arch.elfMachine !== known.elf || arch.elfClass !== known.bits)
        yield `programs of ${arch.name} are not ELF machine ${arch.elfMachine} of ${arch.elfClass} bits`;
      if (!known.cpu.test(cpu.model)) yield `${cpu.model} is no processor of ${arch.name}`;
      if (!known.eitherEnd && !arch.littleEndian) yield `${arch.name} is little-endian`;
    }
    if (arch.elfClass === 32 && memoryKb > 4_194_304) yield 'more memory than 32 bits reach';
    if (system.id === 'debian' && !kernel.release.endsWith(arch.name === 'x86_64' ? 'amd64' : 'arm64'))
      yield `the kernel ${kernel.release} is not of ${arch.name}`;
    if (cpu.count < 1 || cpu.bogoMips <= 0) yield 'a processor that does nothing';
  },

  *memory({ persona: { memoryKb } }) {
    const size = sizesMb.find((one) => one * 1_024 >= memoryKb);
    if (size === undefined || memoryKb / (size * 1_024) < 0.8)
      yield `${memoryKb} KiB are what no set of modules leaves`;
  },

  *users({ persona: { users, admin, daemons, system } }) {
    const windows = system.id === 'windows';
    const [first] = users;
    if (
      windows
        ? first?.name !== 'Administrator' || first.uid !== 500
        : first?.name !== 'root' || first.uid !== 0
    )
      yield 'the first account is not the system’s own';
    for (const key of ['name', 'uid'] as const)
      if (new Set(users.map((one) => one[key])).size !== users.length) yield `two accounts share a ${key}`;
    if (!users.some(({ name }) => name === admin)) yield `the administrator ${admin} has no account`;
    for (const { name, comment, home, shell } of users)
      if (
        !windows &&
        (/[^a-z0-9._-]/.test(name.replace(/^_/, '')) ||
          (/[:\n]/.test(`${comment}${home}${shell}`) && !windows))
      )
        yield `${name} cannot stand in /etc/passwd`;
    for (const { user, command } of daemons)
      if (!(windows && user === 'SYSTEM') && !users.some(({ name }) => name === user))
        yield `${command.slice(0, 40)} runs as ${user}, who has no account`;
  },

  *daemons({ persona: { daemons }, services }) {
    for (const { emulator, ports } of services) {
      if (emulator === 'catchall') continue;
      for (const port of ports) {
        const known = emulators.find(({ name }) => name === emulator);
        const transport = known && !known.session ? 'udp' : 'tcp';
        const owner = daemons.find(({ listens = [] }) => listens.includes(`${transport}/${port}`));
        if (!owner) yield `${emulator} listens on ${port}, and no process does`;
        else if (programs[emulator] && !programs[emulator].test(owner.command))
          yield `${emulator} on ${port} is held by ${owner.command.slice(0, 40)}`;
      }
    }
    const seen = new Set<string>();
    for (const { listens = [] } of daemons)
      for (const one of listens) {
        if (seen.has(one)) yield `two processes listen on ${one}`;
        seen.add(one);
      }
  },

  *time({ persona: { bootedAt, web }, now }) {
    if (bootedAt >= now) yield 'it will only be started';
    if (web.modifiedAt >= now) yield 'its pages are of the future';
    if (bootedAt < now - 6 * 365 * 86_400_000) yield 'it has been up for longer than its parts last';
  },

  *certificate({ persona, services, now }) {
    const { subject, names, termMs } = persona.certificate;
    const from = validFrom(persona, now);
    if (from > now) yield 'its certificate is not valid yet';
    if (from + termMs < now) yield 'its certificate is over';
    if (from % 1_000 !== 0) yield 'its certificate counts parts of a second';
    const own = [persona.hostname, `${persona.hostname}.${persona.domain}`];
    const named = [subject.name, ...names];
    if (services.some(({ emulator }) => tls.has(emulator)) && !named.some((one) => own.includes(one)))
      yield `its certificate is for ${subject.name}, not for ${persona.hostname}`;
    if (subject.organization !== undefined && subject.organization !== persona.product.vendor)
      yield `its certificate is of ${subject.organization}`;
  },

  *web({ persona, services }) {
    if (!services.some(({ emulator }) => emulator === 'http' || emulator === 'https')) return;
    const { family, server, site } = persona.web;
    if (!siteNames.includes(site)) yield `no pages are named ${JSON.stringify(site)}`;
    if (family === 'go' ? server !== '' : !server.toLowerCase().includes(family))
      yield `${server || 'no name'} is not what ${family} says`;
    if (family !== 'go' && family !== 'uvicorn') yield* packaged(persona, family, server);
  },

  *packages({ persona, services }) {
    for (const { emulator, options } of services) {
      const said = options.version ?? (emulator === 'smb' ? options.system : undefined);
      if (typeof said === 'string' && said !== '' && emulator !== 'ssh')
        yield* packaged(persona, emulator, said);
    }
  },

  *services({ persona, services }) {
    if (services.length > serviceLimit)
      yield `${services.length} services: one machine has at most ${serviceLimit}`;
    const ports = services.flatMap((one) => {
      const known = emulators.find(({ name }) => name === one.emulator);
      return (known ? transportsOf(known) : []).flatMap((over) => one.ports.map((port) => `${over}/${port}`));
    });
    if (new Set(ports).size !== ports.length) yield 'two services listen on one port';
    for (const { emulator } of services) {
      if (!emulators.some(({ name }) => name === emulator)) yield `there is no service ${emulator}`;
      const where = belongs[emulator];
      if (where && !where.includes(persona.system.id))
        yield `${emulator} does not run on ${persona.system.name}`;
      if (emulator === 'adb' && persona.system.name !== 'Android') yield 'adb is Android’s';
    }
    const names = new Set(services.map(({ emulator }) => emulator));
    for (const [one, other] of strangers)
      if (names.has(one) && names.has(other)) yield `${one} and ${other} are of different worlds`;
  },

  *identity({ persona: { mac, machineId, hostname, address } }) {
    if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) || Number.parseInt(mac.slice(0, 2), 16) & 1)
      yield `${mac} is no address of a card`;
    if (!/^[0-9a-f]{32}$/.test(machineId)) yield `${machineId} is no machine id`;
    if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(hostname))
      yield `${hostname} is no host name (RFC 1123 §2.1)`;
    if (!/^(10|192\.168)(\.\d{1,3}){2,3}$/.test(address))
      yield `${address} is no address of a home or an office`;
  },

  *marker({ persona, services, markers }) {
    const ssh = products.find(({ name }) => name === persona.ssh);
    const { token: _, services: __, ...rest } = persona;
    const text = [JSON.stringify(rest), JSON.stringify(services), ssh ? JSON.stringify(ssh) : ''].join('\n');
    for (const { of, found } of markersIn(text, markers)) yield `${found}: ${of}`;
  },
};

/** The real ports of a persona's own services. */
export function ownServices({ services }: Persona): RunningService[] {
  return services.map(({ emulator, ports, options = {} }) => ({
    emulator,
    ports: ports ?? [emulators.find(({ name }) => name === emulator)?.port ?? 0],
    options,
  }));
}

/** Everything in which a persona contradicts itself, or is what decoys are known by. Empty where it will pass. */
export function lint(
  persona: Persona,
  {
    services = ownServices(persona),
    markers = [],
    now,
  }: { services?: readonly RunningService[]; markers?: readonly Marker[]; now: number },
): Complaint[] {
  return Object.entries(rules).flatMap(([rule, check]) =>
    [...check({ persona, services, markers, now })].map((says) => ({ rule, says })),
  );
}

function* packaged({ system }: Persona, part: string, said: string): Generator<string> {
  const pattern = packagesOf(system)[part];
  if (!pattern) yield `${system.name} ${system.version} has no ${part}`;
  else if (!pattern.test(said))
    yield `${part} says ${said}, which ${system.name} ${system.version} does not have`;
}

const tls = new Set(['https', 'rdp', 'kubernetes', 'kubelet']);
const strangers = [
  ['smb', 'ssh'],
  ['rdp', 'redis'],
  ['adb', 'mysql'],
  ['adb', 'postgres'],
  ['adb', 'smtp'],
  ['telnet', 'postgres'],
  ['telnet', 'docker'],
  ['docker', 'rdp'],
] as const;

const sizesMb = [
  32, 64, 128, 256, 512, 1_024, 2_048, 3_072, 4_096, 6_144, 8_192, 12_288, 16_384, 24_576, 32_768, 49_152,
  65_536, 98_304, 131_072, 196_608, 262_144, 393_216, 524_288, 1_048_576,
];

/** `uname -m`, the machine number of ELF (gABI, `e_machine`), and whose processors say so. */
const machines: Record<string, { elf: number; bits: 32 | 64; cpu: RegExp; eitherEnd?: true }> = {
  x86_64: { elf: 62, bits: 64, cpu: /^(Intel|AMD)/ },
  aarch64: { elf: 183, bits: 64, cpu: /^(ARMv8|AArch64|Cortex-A|Neoverse)/ },
  armv7l: { elf: 40, bits: 32, cpu: /^ARMv7/ },
  mips: { elf: 8, bits: 32, cpu: /^MIPS/, eitherEnd: true },
};
