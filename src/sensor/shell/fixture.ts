import type { Body } from '../../model/event.ts';
import { Memory } from '../memory.ts';
import type { Persona } from '../persona.ts';
import { createPersona } from '../personas.ts';
import { createShell, type Hooks, nobody, type Shell } from './index.ts';

/** What is now in these tests, in milliseconds since the epoch. */
export const testNow = 1_780_000_000_000;

/** A Debian 12 server for tests. */
export function debianPersona(seed: string): Persona {
  const base = createPersona(seed);
  return {
    ...base,
    kind: 'test-server',
    hostname: 'host',
    system: { id: 'debian', name: 'Debian GNU/Linux', version: '12', codename: 'bookworm' },
    users: [
      { name: 'root', uid: 0, gid: 0, comment: 'root', home: '/root', shell: '/bin/bash' },
      { name: 'daemon', uid: 1, gid: 1, comment: 'daemon', home: '/usr/sbin', shell: '/usr/sbin/nologin' },
      {
        name: 'www-data',
        uid: 33,
        gid: 33,
        comment: 'www-data',
        home: '/var/www',
        shell: '/usr/sbin/nologin',
      },
      { name: 'debian', uid: 1_000, gid: 1_000, comment: 'Debian', home: '/home/debian', shell: '/bin/bash' },
    ],
    admin: 'debian',
    daemons: [
      {
        user: 'root',
        sizeKb: 9_240,
        command: 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups',
        listens: ['tcp/22'],
      },
      {
        user: 'root',
        sizeKb: 1_720,
        command: 'nginx: master process /usr/sbin/nginx -g daemon on; master_process on;',
        listens: ['tcp/80'],
      },
      { user: 'www-data', sizeKb: 5_204, command: 'nginx: worker process' },
    ],
    disk: { device: '/dev/sda1', fileSystem: 'ext4', sizeKb: 41_152_736, usedShare: 0.21 },
    arch: { name: 'x86_64', elfMachine: 62, elfClass: 64, littleEndian: true },
    kernel: { release: '6.1.0-28-amd64', version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)' },
    cpu: { model: 'Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz', count: 2, bogoMips: 4_190.15 },
    memoryKb: 4_018_812,
    product: {
      vendor: 'QEMU',
      model: 'Standard PC (i440FX + PIIX, 1996)',
      firmware: 'pc-i440fx-7.2',
      serial: 'Not Specified',
    },
    ssh: 'openssh-9.2p1-debian12',
  };
}

export interface Trial {
  shell: Shell;
  memory: Memory;
  events: Body[];
  /** Runs a line and gives what both streams said, in order. */
  run(line: string, options?: { command?: boolean }): Promise<string>;
}

/** A shell to try, with the world around it: of root by exec where no name is given. */
export function trial(
  persona: Persona,
  around: { name?: string; user?: string; program?: string; memory?: Memory } = {},
): Trial {
  const events: Body[] = [];
  const memory = around.memory ?? new Memory();
  let now = testNow;
  const hooks: Hooks = {
    persona,
    src: { ip: '192.0.2.7', port: 40_000 },
    dst: { ip: '198.51.100.1', port: 22 },
    emit: (body) => events.push(body),
    keep: (bytes) => ({ sha256: 'x', size: bytes.length }),
    write() {},
    readLine: async () => null,
    async pause(ms) {
      now += ms;
    },
    now: () => now,
    random: () => 0.5,
  };
  const { name = 'bash', user = 'root', program = name } = around;
  const shell = createShell(hooks, memory, { name, user, program });
  return {
    shell,
    memory,
    events,
    async run(line, { command = true } = {}) {
      let text = '';
      const add = (more: string) => {
        text += more;
      };
      await shell.line(line, { ...nobody, out: add, err: add }, { command });
      return text;
    },
  };
}
