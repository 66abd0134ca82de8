import type { Persona } from '../persona.ts';

/** One model of the running machine, so that its many views agree with each other. */

export function upSeconds(bootedAt: number, now: number): number {
  return Math.max(1, Math.floor((now - bootedAt) / 1_000));
}

/** Load averages that drift with the hour. */
export function loads(now: number): [number, number, number] {
  const wave = (period: number) => 0.12 + 0.1 * Math.sin(now / period) ** 2;
  return [wave(41_000), wave(210_000), wave(630_000)];
}

export function clockText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** Memory in KiB, as free and /proc/meminfo show it. */
export function memory({ memoryKb }: Persona, now: number) {
  const used = Math.floor(memoryKb * (0.21 + 0.01 * Math.sin(now / 333_000)));
  const cache = Math.floor(memoryKb * 0.38);
  const free = memoryKb - used - cache;
  return {
    total: memoryKb,
    used,
    free,
    shared: 1_224,
    cache,
    available: free + Math.floor(cache * 0.8),
    buffers: Math.floor(cache * 0.1),
  };
}

export interface Process {
  pid: number;
  user: string;
  size: number;
  state: string;
  command: string;
}

/** What runs; the session's own shell last, under a number that its connection gives. */
export function processes(persona: Persona, port: number): Process[] {
  const kernel = [
    'kthreadd',
    'ksoftirqd/0',
    'kworker/0:0H',
    'rcu_sched',
    'migration/0',
    'kdevtmpfs',
    'kswapd0',
    'jbd2/sda3-8',
    'ext4-rsv-conver',
  ];
  const list: Process[] = [{ pid: 1, user: 'root', size: 2_340, state: 'S', command: '{init} /sbin/init' }];
  for (const [i, name] of kernel.entries())
    list.push({ pid: 2 + i * 3, user: 'root', size: 0, state: 'SW', command: `[${name}]` });
  const { container } = persona;
  if (container && !container.hostProcesses) {
    const own = ownPid(port, persona);
    const command = container.first ? [] : [row(1, container.command)];
    return [...command, row(own, container.first ? container.command : 'sh'), row(own + 6, 'ps')];
  }
  let pid = 212 + (persona.mac.charCodeAt(16) % 30);
  for (const { user, sizeKb: size, command } of persona.daemons) {
    list.push({ pid, user, size, state: 'S', command });
    pid += 7 + (command.length % 23);
  }
  const own = ownPid(port);
  list.push({ pid: own, user: 'root', size: 2_344, state: 'S', command: '-sh' });
  list.push({ pid: own + 1 + (port % 7), user: 'root', size: 2_340, state: 'R', command: 'ps' });
  return list;
}

function row(pid: number, command: string): Process {
  return { pid, user: 'root', size: 1_624, state: command === 'ps' ? 'R' : 'S', command };
}

/** The process id of a session's shell. */
export function ownPid(port: number, { container }: Pick<Persona, 'container'> = {}): number {
  if (container && !container.hostProcesses) return container.first ? 1 : 7 + (port % 40);
  return 900 + (port % 3_000);
}
