// Over 300 lines: one list of processes and the programs that show it or end what is in it.
import { census, programOf } from '../../census.ts';
import { clockText, memory, ownPid, upSeconds } from '../../machine.ts';
import { Regex, RegexFault } from '../../regex.ts';
import { type Call, type ShellCommand, type ShellView, shellLimits } from '../../shell.ts';
import { getopt, missingOperand, program, quoted } from './getopt.ts';
import { uptimeLine } from './machine.ts';

export interface Row {
  pid: number;
  ppid: number;
  user: string;
  tty: string;
  state: string;
  rssKb: number;
  vszKb: number;
  startedAt: number;
  cpuSeconds: number;
  command: string;
}

/** Everything that runs: the machine's own, the session's chain, and what the attacker started. */
export function rowsOf({ hooks, shell }: Pick<Call, 'hooks'> & { shell: ShellView }, last?: string): Row[] {
  const { persona } = hooks;
  const now = hooks.now();
  const days = upSeconds(persona.bootedAt, now) / 86_400;
  const rows: Row[] = census(persona).map((one) => ({
    ...one,
    tty: one.command.includes('agetty') ? 'tty1' : '?',
    startedAt: persona.bootedAt + one.after * 1_000,
    cpuSeconds: Math.floor(one.cpuPerDay * days),
  }));
  const own = ownPid(hooks.src.port, persona);
  const user = shell.identity.name;
  const tty =
    (shell.variables.get('SSH_TTY') ?? '').replace('/dev/', '') || (shell.interactive ? 'pts/0' : '?');
  const master = rows.find(({ command }) => command.includes('[listener]'))?.pid ?? 1;
  const base = { user, startedAt: now - 4_000, cpuSeconds: 0 };
  if (shell.variables.has('SSH_CONNECTION'))
    rows.push({
      ...base,
      user: 'root',
      pid: own - 2,
      ppid: master,
      tty: '?',
      state: 'Ss',
      rssKb: 11_204,
      vszKb: 17_976,
      command: `sshd: ${user}@${tty === '?' ? 'notty' : tty}`,
    });
  rows.push({
    ...base,
    pid: own,
    ppid: persona.container && !persona.container.hostProcesses ? 0 : own - 2,
    tty,
    state: 'Ss',
    rssKb: 4_120,
    vszKb: 7_984,
    command: persona.container?.first
      ? persona.container.command
      : persona.container
        ? shell.dialect.id
        : tty === '?'
          ? `${shell.dialect.id} -c`
          : `-${shell.dialect.id}`,
  });
  for (const one of shell.processes.running(now))
    rows.push({
      pid: one.pid,
      ppid: 1,
      user: one.user,
      tty: '?',
      state: 'S',
      rssKb: 2_412,
      vszKb: 11_320,
      startedAt: one.startedAt,
      cpuSeconds: Math.floor((now - one.startedAt) / 60_000),
      command: one.command,
    });
  if (last !== undefined)
    rows.push({
      ...base,
      startedAt: now,
      pid: shell.processes.nextPid(now),
      ppid: own,
      tty,
      state: 'R+',
      rssKb: 4_460,
      vszKb: 11_084,
      command: last,
    });
  return rows.sort((a, b) => a.pid - b.pid);
}

const cpuTime = (seconds: number) =>
  `${String(Math.floor(seconds / 3_600)).padStart(2, '0')}:${String(Math.floor((seconds % 3_600) / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;

function started(at: number, now: number): string {
  const text = new Date(at).toUTCString();
  if (now - at < 86_400_000 && new Date(now).getUTCDate() === new Date(at).getUTCDate())
    return text.slice(17, 22);
  return new Date(now).getUTCFullYear() === new Date(at).getUTCFullYear()
    ? text.slice(8, 11) + text.slice(5, 7)
    : text.slice(12, 16);
}

const ps = program('ps', (call) => {
  const { args, hooks, out, shell } = call;
  const now = hooks.now();
  const text = args.slice(1).join(' ');
  const bsd = /^[a-z]*[aux][a-z]*$/.test(args[1] ?? '') || /^-?aux/.test(args[1] ?? '');
  let rows = rowsOf(call, args.join(' '));
  const columns = /(?:^-?|\s-)[a-zA-Z]*o\s+(\S+)/.exec(text)?.[1];
  const wanted = /(?:^|\s)-?-?p(?:id)?[= ]?(\d[\d,]*)/.exec(text)?.[1]?.split(',').map(Number);
  const named = /-C\s*(\S+)/.exec(text)?.[1];
  const everything = /(^|\s)-[a-zA-Z]*[eA]/.test(text) || bsd;
  const owner = /-[uU]\s*(\S+)/.exec(text)?.[1];
  if (wanted) rows = rows.filter(({ pid }) => wanted.includes(pid));
  else if (named) rows = rows.filter(({ command }) => programOf(command) === named);
  else if (owner && !bsd) rows = rows.filter(({ user }) => user === owner);
  else if (!everything) {
    const own = rows.find(({ pid }) => pid === ownPid(hooks.src.port, hooks.persona))?.tty;
    rows = rows.filter(({ tty, user }) => tty === own && user === shell.identity.name);
  }
  const { total } = memory(hooks.persona, now);
  const up = upSeconds(hooks.persona.bootedAt, now);
  const cpu = (row: Row) =>
    Math.min(99, (100 * row.cpuSeconds) / Math.max(1, Math.min(up, (now - row.startedAt) / 1_000))).toFixed(
      1,
    );
  const name = (row: Row) =>
    (row.command.startsWith('[') ? row.command.slice(1, -1) : programOf(row.command).replace(/^-/, '')).slice(
      0,
      15,
    );
  if (columns) {
    const fields: Record<string, (row: Row) => string> = {
      pid: (r) => String(r.pid),
      ppid: (r) => String(r.ppid),
      user: (r) => r.user,
      uid: (r) => r.user,
      comm: name,
      cmd: (r) => r.command,
      args: (r) => r.command,
      command: (r) => r.command,
      tty: (r) => r.tty,
      '%cpu': cpu,
      pcpu: cpu,
      '%mem': (r) => ((100 * r.rssKb) / total).toFixed(1),
      pmem: (r) => ((100 * r.rssKb) / total).toFixed(1),
      rss: (r) => String(r.rssKb),
      vsz: (r) => String(r.vszKb),
      stat: (r) => r.state,
      state: (r) => r.state[0]!,
      etime: (r) => cpuTime(Math.floor((now - r.startedAt) / 1_000)),
      time: (r) => cpuTime(r.cpuSeconds),
      start: (r) => started(r.startedAt, now),
    };
    const heads: Record<string, string> = {
      cmd: 'CMD',
      args: 'COMMAND',
      comm: 'COMMAND',
      tty: 'TT',
      time: 'TIME',
      etime: 'ELAPSED',
      stat: 'STAT',
    };
    const list = columns
      .split(',')
      .map((one) => one.replace(/[=:].*$/, ''))
      .filter((one) => fields[one]);
    const silent = columns.includes('=');
    const cells = [
      list.map((one) => heads[one] ?? one.toUpperCase()),
      ...rows.map((row) => list.map((one) => fields[one]!(row))),
    ].slice(silent ? 1 : 0);
    const widths = list.map((_, c) => Math.max(...cells.map((row) => row[c]!.length), 0));
    for (const row of cells)
      out(
        `${row.map((cell, c) => (c === row.length - 1 ? cell : /^(pid|ppid|rss|vsz|%cpu|%mem|pcpu|pmem|time|etime)$/.test(list[c]!) ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!))).join(' ')}\n`,
      );
    return rows.length ? 0 : 1;
  }
  if (bsd && /u/.test(args[1] ?? '')) {
    out('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n');
    for (const row of rows)
      out(
        `${row.user.slice(0, 8).padEnd(8)} ${String(row.pid).padStart(7)} ${cpu(row).padStart(4)} ${((100 * row.rssKb) / total).toFixed(1).padStart(4)} ${String(row.vszKb).padStart(6)} ${String(row.rssKb).padStart(5)} ${row.tty.padEnd(8)} ${row.state.padEnd(4)} ${started(row.startedAt, now).padStart(5)} ${`${Math.floor(row.cpuSeconds / 60)}:${String(row.cpuSeconds % 60).padStart(2, '0')}`.padStart(6)} ${row.command}\n`,
      );
  } else if (bsd) {
    out('    PID TTY      STAT   TIME COMMAND\n');
    for (const row of rows)
      out(
        `${String(row.pid).padStart(7)} ${row.tty.padEnd(8)} ${row.state.padEnd(4)} ${`${Math.floor(row.cpuSeconds / 60)}:${String(row.cpuSeconds % 60).padStart(2, '0')}`.padStart(6)} ${row.command}\n`,
      );
  } else if (/(^|\s)-[a-zA-Z]*[fF]/.test(text)) {
    out('UID          PID    PPID  C STIME TTY          TIME CMD\n');
    for (const row of rows)
      out(
        `${row.user.slice(0, 8).padEnd(8)} ${String(row.pid).padStart(7)} ${String(row.ppid).padStart(7)}  0 ${started(row.startedAt, now).padStart(5)} ${row.tty.padEnd(8)} ${cpuTime(row.cpuSeconds)} ${row.command}\n`,
      );
  } else {
    out('    PID TTY          TIME CMD\n');
    for (const row of rows)
      out(`${String(row.pid).padStart(7)} ${row.tty.padEnd(8)} ${cpuTime(row.cpuSeconds)} ${name(row)}\n`);
  }
  return shell.status;
});

const top = program('top htop', async (call) => {
  const { hooks, out, args } = call;
  const now = hooks.now();
  const m = memory(hooks.persona, now);
  const rows = rowsOf(call, 'top').sort((a, b) => b.cpuSeconds - a.cpuSeconds);
  if (!call.isTerminal && !args.some((arg) => /^-[a-z]*b/.test(arg))) {
    call.err(
      call.shell.variables.get('TERM') ? 'top: failed tty get\n' : 'TERM environment variable not set.\n',
    );
    return 1;
  }
  const mib = (kb: number) => (kb / 1_024).toFixed(1).padStart(8);
  const batch = args.some((arg) => /^-[a-z]*b/.test(arg));
  let text = `top -${uptimeLine(call).replace(' up', ' up')}\nTasks: ${rows.length} total,   1 running, ${rows.length - 1} sleeping,   0 stopped,   0 zombie\n%Cpu(s):  0.7 us,  0.4 sy,  0.0 ni, 98.9 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st \nMiB Mem :${mib(m.total)} total,${mib(m.free)} free,${mib(m.used)} used,${mib(m.cache)} buff/cache     \nMiB Swap:${mib(0)} total,${mib(0)} free,${mib(0)} used.${mib(m.available)} avail Mem \n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n`;
  for (const row of batch ? rows : rows.slice(0, 16))
    text += `${String(row.pid).padStart(7)} ${row.user.slice(0, 8).padEnd(8)}  20   0 ${String(row.vszKb).padStart(7)} ${String(row.rssKb).padStart(6)} ${String(Math.floor(row.rssKb * 0.7)).padStart(6)} ${row.state[0]}   0.0 ${((100 * row.rssKb) / m.total).toFixed(1).padStart(5)} ${`${Math.floor(row.cpuSeconds / 60)}:${String(row.cpuSeconds % 60).padStart(2, '0')}.00`.padStart(9)} ${programOf(row.command).slice(0, 15)}\n`;
  out(batch ? text : `\x1b[?1h\x1b=\x1b[H\x1b[2J${text}`);
  // It runs until `q`.
  if (!batch)
    for (let line = await call.stdinLine(); line !== null && !/q/.test(line); line = await call.stdinLine())
      call.shell.step(64);
  if (!batch) out('\x1b[?1l\x1b>\n');
  return 0;
});

const signals =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU'.split(
    ' ',
  );

/** kill(1), as a shell's built-in. */
export async function runKill(call: Call): Promise<number> {
  const { args, shell, hooks } = call;
  if (args[1] === '-l') {
    call.out(`${signals.map((name, i) => `${String(i + 1).padStart(2)}) SIG${name}`).join('\t')}\n`);
    return 0;
  }
  const words = args
    .slice(1)
    .filter((arg, i) => !(arg.startsWith('-') && i === 0) && !(i === 1 && /^-[sn]$/.test(args[1] ?? '')));
  if (words.length === 0) {
    call.err(
      shell.dialect.id === 'bash'
        ? 'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n'
        : `${shell.prefix}kill: usage: kill [-s sigspec | -signum | -sigspec] [pid | job]...\n`,
    );
    return 2;
  }
  let status = 0;
  for (const word of words) {
    const job = /^%(\d+)$/.exec(word);
    const found = job ? shell.jobs.find(({ number }) => number === Number(job[1])) : undefined;
    const pid = found?.pid ?? Number(word);
    if (!/^%?-?\d+$/.test(word)) {
      call.err(`${shell.prefix}kill: ${word}: arguments must be process or job IDs\n`);
      status = 1;
      continue;
    }
    const row = rowsOf(call).find((one) => one.pid === Math.abs(pid));
    for (const one of shell.jobs) if (one.pid === pid) one.until = hooks.now();
    if (shell.processes.end((one) => one.pid === Math.abs(pid)) > 0 || found) continue;
    if (row && shell.identity.uid === 0) continue;
    if (row && row.user !== shell.identity.name) {
      call.err(`${shell.prefix}kill: (${pid}) - Operation not permitted\n`);
      status = 1;
    } else if (!row) {
      call.err(
        shell.dialect.id === 'dash'
          ? `${shell.prefix}kill: No such process\n`
          : `${shell.prefix}kill: (${pid}) - No such process\n`,
      );
      status = 1;
    }
  }
  return status;
}

const pkill = program('pkill pgrep', (call) => {
  const { args, shell } = call;
  const shown = args.map((arg) =>
    /^-(\d+|SIG[A-Z0-9]+|HUP|INT|KILL|TERM|STOP|CONT|QUIT|USR1|USR2)$/.test(arg) ? '-e' : arg,
  );
  const options = getopt({ ...call, args: shown, err: () => {} }, 'aceflinouvxwd:g:G:P:s:t:u:U:F:', {
    full: 'f',
    exact: 'x',
    'list-name': 'l',
    newest: 'n',
    signal: 's:',
    euid: 'u:',
  });
  const pattern = options?.words[0];
  const owner = args[args.indexOf('-u') + 1];
  if (!options || (pattern === undefined && !args.includes('-u'))) {
    call.err(`${args[0]}: no matching criteria specified\nTry \`${args[0]} --help' for more information.\n`);
    return 2;
  }
  let regex: Regex;
  try {
    regex = new Regex(pattern ?? '', { extended: true, ignoreCase: options.flags.has('i') });
  } catch (error) {
    if (!(error instanceof RegexFault)) throw error;
    return 2;
  }
  const full = options.flags.has('f');
  const hits = rowsOf(call).filter((row) => {
    if (args.includes('-u') && row.user !== owner) return false;
    const text = full ? row.command : programOf(row.command).slice(0, 15);
    return (
      (options.flags.has('x') ? text === pattern : regex.test(text, (n) => shell.step(n))) &&
      row.pid !== ownPid(call.hooks.src.port)
    );
  });
  if (args[0] === 'pgrep')
    for (const { pid, command } of hits)
      call.out(
        `${pid}${options.flags.has('a') ? ` ${command}` : options.flags.has('l') ? ` ${programOf(command)}` : ''}\n`,
      );
  else shell.processes.end(({ pid }) => hits.some((row) => row.pid === pid));
  return hits.length ? 0 : 1;
});

const killall = program('killall pidof', (call) => {
  const { args, shell } = call;
  const words = args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (words.length === 0) {
    if (args[0] === 'killall')
      call.err(
        'Usage: killall [OPTION]... [--] NAME...\n       killall -l, --list\n       killall -V, --version\n',
      );
    return 1;
  }
  const rows = rowsOf(call);
  const found: number[] = [];
  let status = 0;
  for (const word of words) {
    const hits = rows.filter(({ command }) => programOf(command) === word.slice(word.lastIndexOf('/') + 1));
    found.push(...hits.map(({ pid }) => pid));
    if (args[0] === 'killall') {
      shell.processes.end(({ pid }) => hits.some((row) => row.pid === pid));
      if (hits.length === 0) {
        if (!args.includes('-q')) call.err(`${word}: no process found\n`);
        status = 1;
      }
    }
  }
  if (args[0] === 'pidof') {
    if (found.length) call.out(`${found.reverse().join(' ')}\n`);
    return found.length ? 0 : 1;
  }
  return status;
});

const around: ShellCommand[] = [
  program('nohup setsid nice ionice stdbuf time chrt taskset unbuffer', async (call) => {
    const name = call.args[0]!;
    const rest = call.args.slice(1);
    while (rest[0]?.startsWith('-')) {
      const valued = /^-(n|c|o|e|i|p)$/.test(rest[0]);
      rest.splice(0, valued ? 2 : 1);
    }
    if (rest.length === 0 && name === 'nice') {
      call.out('0\n');
      return 0;
    }
    if (rest.length === 0) return missingOperand(call, 'operand', name === 'nohup' ? 125 : 1);
    if (name === 'nohup' && call.isTerminal)
      call.err("nohup: ignoring input and appending output to 'nohup.out'\n");
    return start(call, rest, name === 'nohup' ? `'${rest[0]}'` : quoted(call, rest[0]!));
  }),
  program('timeout', (call) => {
    const rest = call.args.slice(1);
    while (rest[0]?.startsWith('-')) rest.splice(0, /^-[ks]$/.test(rest[0]) ? 2 : 1);
    const duration = rest.shift();
    if (duration === undefined || rest.length === 0) {
      call.err("timeout: missing operand\nTry 'timeout --help' for more information.\n");
      return 125;
    }
    return start(call, rest, quoted(call, rest[0]!), true);
  }),
  program('watch', (call) => {
    const rest = call.args.slice(1).filter((arg, i, all) => !arg.startsWith('-') && all[i - 1] !== '-n');
    return rest.length
      ? call.shell.run(rest.join(' '), call, { apart: true })
      : missingOperand(call, 'command');
  }),
  program('sleep', async (call) => {
    const words = call.args.slice(1);
    if (words.length === 0) return missingOperand(call);
    let seconds = 0;
    for (const word of words) {
      const found = /^(\d+\.?\d*|\.\d+|inf|infinity)([smhd]?)$/.exec(word);
      if (!found) {
        call.err(
          `sleep: invalid time interval ${quoted(call, word)}\nTry 'sleep --help' for more information.\n`,
        );
        return 1;
      }
      seconds +=
        (Number(found[1]!.replace(/^inf.*/, '1e9')) || 0) * ({ m: 60, h: 3_600, d: 86_400 }[found[2]!] ?? 1);
    }
    await call.hooks.pause(Math.min(shellLimits.sleepMs, seconds * 1_000));
    return 0;
  }),
  program('pstree', (call) => {
    const rows = rowsOf(call);
    const names = rows
      .filter(({ ppid, pid }) => ppid === 1 && pid !== 1)
      .map(({ command }) => programOf(command));
    call.out(
      names
        .map(
          (name, i) =>
            `${i === 0 ? 'systemd-' : '        '}${i === 0 ? '+' : i === names.length - 1 ? '`' : '|'}-${name}\n`,
        )
        .join(''),
    );
    return 0;
  }),
  program('lsof', (call) => {
    call.out(
      'COMMAND     PID   TID TASKCMD               USER   FD      TYPE             DEVICE  SIZE/OFF       NODE NAME\n',
    );
    for (const { pid, user, command } of rowsOf(call)
      .filter((row) => !row.command.startsWith('['))
      .slice(0, 40))
      call.out(
        `${programOf(command).slice(0, 9).padEnd(9)} ${String(pid).padStart(5)}                         ${user.padStart(8)}  cwd       DIR                8,1      4096          2 /\n`,
      );
    return 0;
  }),
];

/** Starts the program of a wrapper such as nohup. */
async function start(call: Call, rest: string[], shown: string, run = false): Promise<number> {
  const { shell, args } = call;
  if (!shell.which(rest[0]!)) {
    call.err(`${args[0]}: failed to run command ${shown}: No such file or directory\n`);
    return 127;
  }
  return shell.call(rest, run ? call : { ...call, err: call.err });
}

/** w(1), who(1) and the like show one session: the attacker's own. */
const w = program('w', (call) => {
  const { hooks, out, shell } = call;
  out(`${uptimeLine(call)}\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n`);
  out(
    `${shell.identity.name.padEnd(8)} pts/0    ${hooks.src.ip.slice(0, 16).padEnd(16)} ${clockText(hooks.now() - 4_000).slice(0, 5)}    1.00s  0.02s  0.00s w\n`,
  );
  return 0;
});

export const gnuProcesses: readonly ShellCommand[] = [
  ps,
  top,
  pkill,
  killall,
  w,
  program('kill', runKill),
  ...around,
];
