// Over 300 lines: programs that manage services, jobs and packages, one after the other.
import { createHash } from 'node:crypto';
import { census, programOf } from '../../census.ts';
import { FsError } from '../../fs.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { debianArch } from '../../systems/etc.ts';
import { packagesOf } from '../../systems/packages.ts';
import { getopt, program } from './getopt.ts';
import { strftime } from './hardware.ts';

/** Units by the daemons that run. */
function units(call: Call): { unit: string; pid: number; name: string; what: string }[] {
  const names: Record<string, [string, string]> = {
    sshd: ['ssh', 'OpenBSD Secure Shell server'],
    cron: ['cron', 'Regular background program processing daemon'],
    rsyslogd: ['rsyslog', 'System Logging Service'],
    'dbus-daemon': ['dbus', 'D-Bus System Message Bus'],
    mysqld: ['mysql', 'MySQL Community Server'],
    mariadbd: ['mariadb', 'MariaDB database server'],
    dockerd: ['docker', 'Docker Application Container Engine'],
    nginx: ['nginx', 'A high performance web server and a reverse proxy server'],
  };
  const seen = new Set<string>();
  return census(call.hooks.persona)
    .filter(
      ({ command, ppid, pid }) =>
        !command.startsWith('[') && pid !== 1 && ppid === 1 && !command.includes('agetty'),
    )
    .flatMap(({ command, pid }) => {
      const name = programOf(command);
      const [unit, what] = names[name] ?? [name, `${name} service`];
      if (seen.has(unit)) return [];
      seen.add(unit);
      return [{ unit, pid, name, what }];
    });
}

const systemctl = program('systemctl service', (call) => {
  const { args, out, err, hooks, shell } = call;
  const words = args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (args[0] === 'service') words.reverse();
  const [verb = 'list-units', name = ''] = words;
  const bare = name.replace(/\.(service|socket|timer)$/, '').replace(/^sshd$/, 'ssh');
  const found = units(call).find(({ unit }) => unit === bare);
  const own =
    call.fs.exists(`/etc/systemd/system/${bare}.service`) ||
    call.fs.exists(`/lib/systemd/system/${bare}.service`);
  if (args[0] === 'service' && !found && bare && !own && verb !== '--status-all') {
    err(`${bare}: unrecognized service\n`);
    return 1;
  }
  switch (verb) {
    case 'status': {
      if (name === '') {
        out(`\xe2\x97\x8f ${hooks.persona.hostname}\n    State: running\n`);
        return 0;
      }
      if (!found) {
        err(`Unit ${bare}.service could not be found.\n`);
        return 4;
      }
      const since = strftime('%a %F %T UTC', hooks.persona.bootedAt + 9_000);
      const days = Math.floor((hooks.now() - hooks.persona.bootedAt) / 86_400_000);
      out(
        `\xe2\x97\x8f ${found.unit}.service - ${found.what}\n     Loaded: loaded (/lib/systemd/system/${found.unit}.service; enabled; preset: enabled)\n     Active: active (running) since ${since}; ${days} days ago\n   Main PID: ${found.pid} (${found.name})\n      Tasks: 1 (limit: ${Math.floor(hooks.persona.memoryKb / 900)})\n     Memory: 6.1M\n        CPU: 1.204s\n     CGroup: /system.slice/${found.unit}.service\n             \xe2\x94\x94\xe2\x94\x80${found.pid} ${census(hooks.persona).find(({ pid }) => pid === found.pid)?.command}\n`,
      );
      return 0;
    }
    case 'is-active':
      out(found ? 'active\n' : 'inactive\n');
      return found ? 0 : 3;
    case 'is-enabled':
      out(
        found || own
          ? 'enabled\n'
          : `Failed to get unit file state for ${bare}.service: No such file or directory\n`,
      );
      return found || own ? 0 : 1;
    case 'is-system-running':
      out('running\n');
      return 0;
    case 'list-units':
    case 'list-unit-files':
      out('  UNIT                     LOAD   ACTIVE SUB     DESCRIPTION\n');
      for (const { unit, what } of units(call))
        out(`  ${`${unit}.service`.padEnd(24)} loaded active running ${what}\n`);
      return 0;
    case 'daemon-reload':
    case 'daemon-reexec':
    case 'reset-failed':
      return 0;
    case 'enable':
      if (own)
        out(
          `Created symlink /etc/systemd/system/multi-user.target.wants/${bare}.service \xe2\x86\x92 /etc/systemd/system/${bare}.service.\n`,
        );
      else if (!found) {
        err(`Failed to enable unit: Unit file ${bare}.service does not exist.\n`);
        return 1;
      }
      return 0;
    case 'start':
    case 'stop':
    case 'restart':
    case 'reload':
    case 'disable':
    case 'mask':
    case 'kill':
      if (shell.identity.uid !== 0) {
        err(
          `Failed to ${verb} ${bare}.service: Interactive authentication required.\nSee system logs and 'systemctl status ${bare}.service' for details.\n`,
        );
        return 4;
      }
      if (found || own) return 0;
      err(
        verb === 'stop' || verb === 'kill'
          ? `Failed to stop ${bare}.service: Unit ${bare}.service not loaded.\n`
          : verb === 'disable'
            ? `Failed to disable unit: Unit file ${bare}.service does not exist.\n`
            : `Failed to ${verb} ${bare}.service: Unit ${bare}.service not found.\n`,
      );
      return 5;
    default:
      err(`Unknown command verb ${verb}.\n`);
      return 1;
  }
});

const crontab = program('crontab', async (call) => {
  const { fs, shell, args, out, err } = call;
  const at = args.indexOf('-u');
  const user = at > 0 ? (args[at + 1] ?? '') : shell.identity.name;
  const path = `/var/spool/cron/crontabs/${user.replaceAll('/', '')}`;
  const rest = args.slice(1).filter((_, i) => !(at > 0 && (i === at - 1 || i === at)));
  const who = { uid: 0, gid: 0, groups: [] };
  fs.as(who);
  try {
    if (rest[0] === '-l') {
      if (!fs.exists(path)) {
        err(`no crontab for ${user}\n`);
        return 1;
      }
      out(fs.read(path).toString('latin1'));
      return 0;
    }
    if (rest[0] === '-r') {
      if (!fs.exists(path)) {
        err(`no crontab for ${user}\n`);
        return 1;
      }
      shell.capture(path, 'removed');
      fs.remove(path);
      return 0;
    }
    if (rest[0] === '-e') {
      if (!fs.exists(path)) err(`no crontab for ${user} - using an empty one\n`);
      if (call.isTerminal) while ((await call.stdinLine()) !== null) shell.step(16);
      err('No modification made\n');
      return 0;
    }
    const from = rest[0];
    if (from !== undefined && from !== '-' && !fs.exists(shell.path(from))) {
      err(`${from}: No such file or directory\n`);
      return 1;
    }
    const text =
      from === undefined || from === '-' ? await call.stdin() : fs.read(shell.path(from)).toString('latin1');
    fs.write(path, Buffer.from(text, 'latin1'), { mode: 0o600 });
    shell.written.add(path);
    return 0;
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    err(`${path}: ${error.message}\n`);
    return 1;
  } finally {
    fs.as(shell.identity);
  }
});

const apt = program('apt apt-get aptitude apt-cache apt-mark apt-key', async (call) => {
  const { args, out, err, shell, hooks } = call;
  const words = args.slice(1).filter((arg) => !arg.startsWith('-'));
  const [verb, ...names] = words;
  const { codename, id } = hooks.persona.system;
  const site = id === 'ubuntu' ? 'http://archive.ubuntu.com/ubuntu' : 'http://deb.debian.org/debian';
  if (verb === undefined) {
    out(
      `${args[0]} ${packagesOf(hooks.persona).find(({ name }) => name === 'apt')?.version ?? '2.6.1'} (${debianArch(hooks.persona.arch.name)})\nUsage: ${args[0]} [options] command\n`,
    );
    return 0;
  }
  const changes = /^(update|install|remove|purge|upgrade|dist-upgrade|full-upgrade|autoremove|clean)$/.test(
    verb,
  );
  if (changes && shell.identity.uid !== 0) {
    err(
      'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n',
    );
    return 100;
  }
  if (args[0] === 'apt' && !call.isTerminal)
    err('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n');
  if (verb === 'update') {
    await hooks.pause(2_500);
    out(
      `Ign:1 ${site} ${codename} InRelease\nErr:1 ${site} ${codename} InRelease\n  Temporary failure resolving '${site.split('/')[2]}'\nReading package lists...\nW: Failed to fetch ${site}/dists/${codename}/InRelease  Temporary failure resolving '${site.split('/')[2]}'\nW: Some index files failed to download. They have been ignored, or old ones used instead.\n`,
    );
    return 0;
  }
  const known = packagesOf(hooks.persona);
  if (verb === 'install' || verb === 'remove' || verb === 'purge') {
    out('Reading package lists...\nBuilding dependency tree...\nReading state information...\n');
    const missing = names.filter((name) => !known.some((one) => one.name === name));
    if (verb === 'install' && missing.length) {
      for (const name of missing) err(`E: Unable to locate package ${name}\n`);
      return 100;
    }
    for (const name of names)
      out(
        verb === 'install'
          ? `${name} is already the newest version (${known.find((one) => one.name === name)!.version}).\n`
          : `Package '${name}' is not installed, so not removed\n`,
      );
    out('0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n');
    return 0;
  }
  if (verb === 'list') {
    out('Listing...\n');
    for (const { name, version } of known)
      out(`${name}/now ${version} ${debianArch(hooks.persona.arch.name)} [installed,local]\n`);
    return 0;
  }
  if (/^(upgrade|dist-upgrade|full-upgrade|autoremove)$/.test(verb))
    out(
      'Reading package lists...\nBuilding dependency tree...\nReading state information...\nCalculating upgrade...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n',
    );
  else if (!/^(clean|autoclean|search|show|policy|check|hold|add)$/.test(verb)) {
    err(`E: Invalid operation ${verb}\n`);
    return 100;
  }
  return 0;
});

const dpkg = program('dpkg dpkg-query', (call) => {
  const { args, out, err, hooks } = call;
  const arch = debianArch(hooks.persona.arch.name);
  const known = packagesOf(hooks.persona);
  const flag = args[1] ?? '';
  if (flag === '--print-architecture') out(`${arch}\n`);
  else if (/^(-l|--list|-W|--show)$/.test(flag)) {
    const wanted = args.slice(2).filter((arg) => !arg.startsWith('-'));
    const rows = known.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
    if (rows.length === 0) {
      err(`dpkg-query: no packages found matching ${wanted.join(' ')}\n`);
      return 1;
    }
    if (flag === '-W' || flag === '--show')
      out(rows.map(({ name, version }) => `${name}\t${version}\n`).join(''));
    else
      out(
        `Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n||/ Name                 Version                    Architecture Description\n+++-====================-==========================-============-=================================\n${rows.map(({ name, version }) => `ii  ${name.padEnd(20)} ${version.padEnd(26)} ${arch.padEnd(12)} ${name}\n`).join('')}`,
      );
  } else if (/^(-s|--status)$/.test(flag)) {
    const found = known.find(({ name }) => name === args[2]);
    if (!found) {
      err(`dpkg-query: package '${args[2]}' is not installed and no information is available\n`);
      return 1;
    }
    out(
      `Package: ${found.name}\nStatus: install ok installed\nArchitecture: ${arch}\nVersion: ${found.version}\n`,
    );
  } else if (flag === '' || !flag.startsWith('-')) {
    err(
      "dpkg: error: need an action option\n\nType dpkg --help for help about installing and deinstalling packages [*];\nUse 'apt' or 'aptitude' for user-friendly package management;\n",
    );
    return 2;
  }
  return 0;
});

const openssl = program('openssl', async (call) => {
  const [, verb, ...rest] = call.args;
  if (verb === 'version') call.out('OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)\n');
  else if (verb === 'passwd') {
    const kind = /^-(1|5|6|apr1)$/.exec(rest[0] ?? '')?.[1] ?? '1';
    const at = rest.indexOf('-salt');
    const words = rest.filter((arg, i) => !arg.startsWith('-') && i !== at + 1);
    const salt =
      at >= 0
        ? (rest[at + 1] ?? '')
        : call.hooks.persona.token(`openssl ${call.hooks.now()}`, kind === '1' || kind === 'apr1' ? 8 : 16);
    const secrets = rest.includes('-stdin') ? (await call.stdin()).split('\n').filter(Boolean) : words;
    // Of the shape of crypt(3), for nobody to check: the machine takes its own hashes.
    for (const secret of secrets.slice(0, 64))
      call.out(
        `$${kind}$${salt}$${createHash('sha512')
          .update(salt + secret)
          .digest('base64')
          .replace(/[+=]/g, '.')
          .slice(0, kind === '1' || kind === 'apr1' ? 22 : kind === '5' ? 43 : 86)}\n`,
      );
  } else if (verb === 'rand') {
    const count = Math.min(4_096, Number(rest.findLast((arg) => /^\d+$/.test(arg)) ?? 16));
    const bytes = Buffer.from(Array.from({ length: count }, () => Math.floor(call.hooks.random() * 256)));
    call.out(
      rest.includes('-hex')
        ? `${bytes.toString('hex')}\n`
        : rest.includes('-base64')
          ? `${bytes.toString('base64')}\n`
          : bytes.toString('latin1'),
    );
  } else if (verb === 'base64' || (verb === 'enc' && rest.includes('-base64'))) {
    const text = await call.stdin();
    call.out(
      rest.includes('-d')
        ? Buffer.from(text, 'base64').toString('latin1')
        : `${Buffer.from(text, 'latin1').toString('base64')}\n`,
    );
  } else if (
    verb === undefined ||
    /^(genrsa|req|x509|s_client|enc|dgst|rsa|ecparam|pkcs12|help|list|speed)$/.test(verb)
  )
    return 0;
  else {
    call.err(`Invalid command '${verb}'; type "help" for a list.\n`);
    return 1;
  }
  return 0;
});

const docker = program('docker', (call) => {
  const [, verb] = call.args;
  if (verb === 'version' || verb === '--version' || verb === '-v')
    call.out('Docker version 24.0.7, build afdd53b\n');
  else if (verb === 'ps')
    call.out('CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n');
  else if (verb === 'images') call.out('REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n');
  else if (verb === 'run' || verb === 'pull') {
    const image = call.args.slice(2).find((arg) => !arg.startsWith('-')) ?? '';
    call.hooks.emit({
      kind: 'download',
      url: `docker://${image}`.slice(0, 8_192),
      tool: 'docker',
      name: image.slice(0, 256),
    });
    call.err(
      `Unable to find image '${image}' locally\ndocker: Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers).\n`,
    );
    return 125;
  }
  return 0;
});

export const gnuServices: readonly ShellCommand[] = [
  systemctl,
  crontab,
  apt,
  dpkg,
  openssl,
  docker,
  program('journalctl', ({ fs, out }) => {
    out(fs.read('/var/log/syslog').toString('latin1'));
    return 0;
  }),
  program('timedatectl', ({ hooks, out }) => {
    out(
      `               Local time: ${strftime('%a %F %T UTC', hooks.now())}\n           Universal time: ${strftime('%a %F %T UTC', hooks.now())}\n                 RTC time: ${strftime('%a %F %T', hooks.now())}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: yes\n              NTP service: active\n          RTC in local TZ: no\n`,
    );
    return 0;
  }),
  program('loginctl', ({ shell, out }) => {
    out(
      `SESSION UID USER ${'SEAT'.padEnd(4)} TTY\n      1 ${String(shell.identity.uid).padStart(3)} ${shell.identity.name}      pts/0\n\n1 sessions listed.\n`,
    );
    return 0;
  }),
  program(
    'logger wall mesg update-rc.d chkconfig ldconfig udevadm depmod localectl update-alternatives',
    () => 0,
  ),
  program('reboot shutdown halt poweroff init telinit', (call) => {
    if (call.shell.identity.uid !== 0) {
      call.err(
        'Failed to set wall message, ignoring: Interactive authentication required.\nFailed to reboot system via logind: Interactive authentication required.\n',
      );
      return 1;
    }
    return call.shell.exit(0);
  }),
  program('snap', (call) => {
    if (!getopt(call, '', {})) return 1;
    call.out("No snaps are installed yet. Try 'snap install hello-world'.\n");
    return 0;
  }),
];
