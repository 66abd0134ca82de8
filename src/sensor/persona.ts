/** An operating system. What a shell says, which commands there are and where files lie follows its `id`. */
export interface System {
  id: 'busybox' | 'debian' | 'ubuntu' | 'windows' | 'firmware';
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
  /** The web server it shows and when its pages were last changed. */
  web: { server: string; title: string; modifiedAt: number };
  /** Its SSH server: a name of `ssh/products`. */
  ssh: string;
  /** The account with administrator rights besides root. */
  admin: string;
  /**
   * Bait that belongs to this sensor alone: the same label always gives the same `size` hexadecimal characters.
   * It opens nothing anywhere.
   */
  token(label: string, size?: number): string;
}
