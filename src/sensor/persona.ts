/** The machine that a sensor pretends to be. Made from a seed: the same sensor is always the same machine, no two are alike. */
export interface Persona {
  hostname: string;
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
