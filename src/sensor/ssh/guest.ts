import type { Wire } from '../emulator.ts';
import { Nap } from '../nap.ts';
import type { FileSystem } from '../shell/fs.ts';
import { accountOf, filesOf, type Hooks, hooksOf, isGnu } from '../shell/index.ts';
import type { Transport } from './transport.ts';

/** Who has logged in: what its channels share. */
export class Guest {
  readonly wire: Wire;
  readonly transport: Transport;
  readonly user: string;
  /** The client's identification string. */
  readonly client: string;
  readonly nap: Nap;

  constructor(wire: Wire, transport: Transport, user: string, client: string) {
    this.wire = wire;
    this.transport = transport;
    this.user = user;
    this.client = client;
    this.nap = new Nap((ms) => wire.pause(ms));
  }

  /** What a shell sees of the world; it wakes when the connection is over. */
  hooks(more: Partial<Hooks> = {}): Hooks {
    return hooksOf(this.wire, { pause: (ms) => this.nap.sleep(ms), ...more });
  }

  get files(): FileSystem {
    return filesOf(this.hooks(), this.wire.memory);
  }

  /** Home and login shell as /etc/passwd has them; those of root where it does not know the user. */
  get account(): { home: string; shell: string; uid: number; gid: number } {
    const fs = this.files;
    const { persona } = this.wire;
    if (isGnu(persona)) {
      const { home, shell, uid, gid } = accountOf(fs, persona, this.user);
      return { home: fs.exists(home) ? home : '/', shell, uid, gid };
    }
    const passwd = fs.exists('/etc/passwd') ? fs.read('/etc/passwd').toString('latin1', 0, 65_536) : '';
    const lines = passwd.split('\n').map((line) => line.split(':'));
    const found = lines.find(([name]) => name === this.user) ?? lines.find(([name]) => name === 'root');
    const home = found?.[5] && fs.exists(found[5]) ? found[5] : '/';
    return {
      home,
      shell: found?.[6] || '/bin/sh',
      uid: Number(found?.[2] ?? 0) || 0,
      gid: Number(found?.[3] ?? 0) || 0,
    };
  }
}
