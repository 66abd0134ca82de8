import type { Persona } from '../persona.ts';

/** A process of a machine with systemd. */
export interface Resident {
  pid: number;
  ppid: number;
  user: string;
  /** Resident and virtual memory, in KiB; none for the kernel's own. */
  rssKb: number;
  vszKb: number;
  state: string;
  command: string;
  /** After the start of the machine, in seconds. */
  after: number;
  /** CPU time used for each day of running, in seconds. */
  cpuPerDay: number;
}

const kernel =
  'kthreadd rcu_gp rcu_par_gp slub_flushwq netns mm_percpu_wq rcu_tasks_kthread ksoftirqd/0 rcu_preempt migration/0 cpuhp/0 kdevtmpfs inet_frag_wq kauditd khungtaskd oom_reaper writeback kcompactd0 ksmd khugepaged kintegrityd kblockd blkcg_punt_bio tpm_dev_wq edac-poller devfreq_wq kworker/0:1H-kblockd kswapd0 kthrotld acpi_thermal_pm mld ipv6_addrconf kstrp zswap-shrink scsi_eh_0 jbd2/root ext4-rsv-conver kworker/u4:2-events_unbound'.split(
    ' ',
  );
const services: [string, string, number][] = [
  ['root', '/lib/systemd/systemd-journald', 14_212],
  ['root', '/lib/systemd/systemd-udevd', 6_904],
  ['systemd-timesync', '/lib/systemd/systemd-timesyncd', 6_712],
  ['root', '/usr/sbin/cron -f', 2_704],
  [
    'messagebus',
    '/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only',
    4_820,
  ],
  ['root', '/lib/systemd/systemd-logind', 7_604],
  ['root', '/usr/sbin/rsyslogd -n -iNONE', 5_632],
  ['root', '/sbin/agetty -o -p -- \\u --noclear - linux', 1_128],
  ['root', 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups', 9_240],
];
const known = new WeakMap<Persona, readonly Resident[]>();

/** What runs on the machine before anybody logs in, in the order of the process ids. */
export function census(persona: Persona): readonly Resident[] {
  let list = known.get(persona);
  if (!list) {
    list = make(persona);
    known.set(persona, list);
  }
  return list;
}

/** The program that a command line starts: `sshd: …` and `nginx: …` are named before the colon. */
export function programOf(command: string): string {
  const first = /^\[?(.*?)[\]:]?(?:\s|$)/.exec(command)?.[1] ?? command;
  return first.slice(first.lastIndexOf('/') + 1);
}

/** The one process of a container. */
function only(command: string): Resident {
  return {
    pid: 1,
    ppid: 0,
    user: 'root',
    rssKb: 3_480,
    vszKb: 4_624,
    state: 'Ss',
    command,
    after: 0,
    cpuPerDay: 0,
  };
}

function make(persona: Persona): Resident[] {
  const { container } = persona;
  if (container && !container.hostProcesses) return container.first ? [] : [only(container.command)];
  const list: Resident[] = [
    {
      pid: 1,
      ppid: 0,
      user: 'root',
      rssKb: 12_340,
      vszKb: 168_752,
      state: 'Ss',
      command: '/sbin/init',
      after: 0,
      cpuPerDay: 2,
    },
  ];
  for (const [i, name] of kernel.entries()) {
    const state = /_wq|rcu_gp|rcu_par|netns|kworker|kblockd|kstrp|mld|ipv6/.test(name) ? 'I<' : 'S';
    const command = `[${name.replace('jbd2/root', `jbd2/${persona.disk.device.slice(5)}-8`)}]`;
    list.push({
      pid: 2 + i,
      ppid: i === 0 ? 0 : 2,
      user: 'root',
      rssKb: 0,
      vszKb: 0,
      state,
      command,
      after: 0,
      cpuPerDay: name.startsWith('rcu_preempt') ? 9 : 0,
    });
  }
  let pid = 226 + (Number.parseInt(persona.token('pids', 4), 16) % 90);
  let after = 2;
  const own = new Set(persona.daemons.map(({ command }) => programOf(command)));
  const all = [
    ...services
      .filter(([, command]) => !own.has(programOf(command)))
      .map(([user, command, sizeKb]) => ({ user, command, sizeKb })),
    ...persona.daemons,
  ];
  let master = 1;
  for (const { user, command, sizeKb } of all) {
    const worker = /: (worker|pool|checkpointer|background writer|walwriter|autovacuum|logical)/.test(
      command,
    );
    if (!worker) master = pid;
    list.push({
      pid,
      ppid: worker ? master : 1,
      user,
      rssKb: sizeKb,
      vszKb: sizeKb * 3 + 6_000 + (command.length % 17) * 212,
      state: worker ? 'S' : 'Ss',
      command: command.replace('-P -- ', ''),
      after,
      cpuPerDay: (sizeKb >> 11) + 1,
    });
    pid += 1 + ((command.length * 7) % 23);
    after += (command.length % 3) + 1;
  }
  return list;
}
