/** An operating system. What a shell says, which commands there are and where files lie follows its `id`. */
export interface System {
  id: 'busybox' | 'debian' | 'ubuntu' | 'windows' | 'firmware' | 'alpine';
  /** As /etc/os-release has them: `Debian GNU/Linux`, `12`, `bookworm`. */
  name: string;
  version: string;
  codename: string;
}

export interface User {
  name: string;
  uid: number;
  gid: number;
  comment: string;
  home: string;
  shell: string;
}

export interface Daemon {
  user: string;
  /** Resident memory. */
  sizeKb: number;
  command: string;
  /** Where it listens: `tcp/22`, `udp/161`; for one address `tcp/127.0.0.1:6379`. */
  listens?: readonly string[];
}

/** A service that a kind of machine runs by itself: an emulator, what it is told, and the ports of the real thing where they are unusual. */
export interface PersonaService {
  emulator: string;
  /** The real port, or ports; the emulator's own where it is left out. */
  ports?: readonly number[];
  /** What it listens on where low ports are not to be had, one for each of `ports`. */
  highPorts?: readonly number[];
  options?: Record<string, unknown>;
}

export type WebFamily = 'nginx' | 'apache' | 'lighttpd' | 'iis' | 'uvicorn' | 'go';

/** The names in a certificate (RFC 5280 §4.1.2.4), in the order in which they stand there. */
export interface Subject {
  country?: string;
  organization?: string;
  unit?: string;
  name: string;
}

export interface Certificate {
  subject: Subject;
  /** Who signed it; itself where it is left out. */
  issuer?: Subject;
  /** Its other names: host names, addresses (RFC 5280 §4.2.1.6). */
  names: readonly string[];
  /** When it is valid from, in milliseconds since the epoch, and for how long. */
  from: number;
  termMs: number;
  /** A new one follows where one ends, as machines do that make their own. */
  renewed: boolean;
  authority: boolean;
}

/** A container on a machine's kernel: what is seen from inside of it. */
export interface ContainerView {
  /** 64 hexadecimal characters. */
  id: string;
  /** What it runs, as process 1. */
  command: string;
  /** True for what is process 1 itself, false for what was started beside it. */
  first: boolean;
  /** True where it sees the processes of its machine. */
  hostProcesses: boolean;
  /** What of its machine is seen inside, and whether it may be changed. */
  binds: readonly { path: string; readOnly: boolean }[];
  /** The folder of the layers that its files are made of. */
  layer: string;
  /** What is installed beside the base system: names of packages, and programs by their paths. */
  packages: readonly string[];
  programs: readonly string[];
}

/** The machine that a sensor pretends to be. Made from a seed: the same sensor is always the same machine, no two are alike. */
export interface Persona {
  /** What kind of machine it is, such as `storage-box`. */
  kind: string;
  hostname: string;
  system: System;
  /** Its accounts, in the order of /etc/passwd, with root first. */
  users: readonly User[];
  /** What runs besides the kernel's threads and what a session starts, in the order of their process ids. */
  daemons: readonly Daemon[];
  disk: { device: string; fileSystem: string; sizeKb: number; usedShare: number };
  /** `uname -m` and the ELF machine number of its programs. */
  arch: { name: string; elfMachine: number; elfClass: 32 | 64; littleEndian: boolean };
  kernel: { release: string; version: string };
  cpu: { model: string; count: number; bogoMips: number };
  memoryKb: number;
  /** When it was started, in milliseconds since the epoch. */
  bootedAt: number;
  mac: string;
  machineId: string;
  /** What it is sold as. */
  product: { vendor: string; model: string; firmware: string; serial: string };
  /** Its own address inside the network that it claims to be in. */
  address: string;
  /** Whose machine it is; empty for what stands in a home. */
  owner: string;
  /** The domain of its full name, such as `lan`. */
  domain: string;
  web: {
    /** What it says of itself in the `Server` header; empty where it says nothing. */
    server: string;
    family: WebFamily;
    /** Which pages it has: a name of `web/sites`. */
    site: string;
    title: string;
    /** When its pages were last changed. */
    modifiedAt: number;
    /** The PHP that says so in `X-Powered-By`; empty where it is silent or absent. */
    php: string;
    /** Weaknesses that it seems to have: names of `emulators/http-lures.ts`. */
    lures: readonly string[];
  };
  certificate: Certificate;
  /** What it runs unless told otherwise. */
  services: readonly PersonaService[];
  /** Graphics processors for computing, where it has any. */
  gpus?: { model: string; count: number; memoryMb: number; driver: string };
  /** Its SSH server: a name of `ssh/products`. */
  ssh: string;
  /** Where this is the inside of a container. */
  container?: ContainerView;
  /** The account with administrator rights besides root. */
  admin: string;
  /**
   * Bait that belongs to this sensor alone: the same label always gives the same `size` hexadecimal characters.
   * It opens nothing anywhere.
   */
  token(label: string, size?: number): string;
}
