import type { Persona } from '../../persona.ts';
import { census, programOf } from '../census.ts';
import { programBytes } from '../elf.ts';
import type { Image } from '../fs.ts';
import { bait } from './bait.ts';
import { etcFiles } from './etc.ts';
import { kernelFiles } from './kernel-files.ts';
import { logFiles } from './logs.ts';
import { packagesOf } from './packages.ts';
import { Tree } from './tree.ts';

const day = 86_400_000;

/** The files of a Debian or Ubuntu server, with a merged /usr. */
export function gnuImage(persona: Persona): Image {
  const installed =
    persona.bootedAt - (60 + (Number.parseInt(persona.token('installed', 4), 16) % 200)) * day;
  const tree = new Tree(persona, installed);
  folders(tree);
  programs(tree);
  devices(tree);
  etcFiles(tree);
  kernelFiles(tree);
  for (const { pid, command } of census(persona)) {
    tree.live(`/proc/${pid}/cmdline`, () =>
      command.startsWith('[') ? '' : `${command.replaceAll(' ', '\0')}\0`,
    );
    tree.live(`/proc/${pid}/comm`, () => `${programOf(command).slice(0, 15)}\n`);
  }
  homes(tree);
  logFiles(tree);
  bait(tree);
  return tree.image;
}

function folders(tree: Tree): void {
  for (const name of ['bin', 'sbin', 'lib']) {
    tree.dir(`/usr/${name}`);
    tree.link(`/${name}`, `usr/${name}`);
  }
  tree.dir('/usr/lib64');
  tree.link('/lib64', 'usr/lib64');
  for (const path of '/boot /etc /home /media /mnt /opt /run/lock /srv /usr/games /usr/include /usr/lib/systemd/system /usr/local/bin /usr/local/etc /usr/local/lib /usr/local/sbin /usr/local/share /usr/share/doc /usr/share/man /usr/src /var/backups /var/cache/apt /var/lib/apt/lists /var/lib/systemd /var/log /var/mail /var/opt /var/spool/cron /var/www/html'.split(
    ' ',
  ))
    tree.dir(path);
  for (const path of ['/tmp', '/var/tmp', '/dev/shm', '/dev/mqueue', '/run/lock'])
    tree.dir(path, { mode: 0o1777, mtime: tree.persona.bootedAt });
  tree.dir('/root', { mode: 0o700 });
  tree.dir('/lost+found', { mode: 0o700 });
  tree.dir('/var/spool/cron/crontabs', { mode: 0o1730, gid: 104 });
  tree.link('/var/run', '/run');
  tree.link('/var/lock', '/run/lock');
  tree.dir('/run/user/0', { mode: 0o700, mtime: tree.persona.bootedAt });
  const { release } = tree.persona.kernel;
  tree.file(`/boot/vmlinuz-${release}`, () => Buffer.alloc(0), {}, 8_153_920);
  tree.file(`/boot/initrd.img-${release}`, () => Buffer.alloc(0), {}, 39_412_284);
  tree.link('/vmlinuz', `boot/vmlinuz-${release}`);
  tree.link('/initrd.img', `boot/initrd.img-${release}`);
  tree.dir(`/usr/lib/modules/${release}/kernel`);
  tree.file('/usr/lib/systemd/systemd', programBytes(tree.persona, 97_104), { mode: 0o755 }, 97_104);
}

/** The programs of the packages that a machine has. */
export function programs(tree: Tree): void {
  const { persona } = tree;
  const add = (path: string, size: number, mode: number, mtime: number) =>
    tree.file(path, programBytes(persona, size), { mode, mtime }, size);
  for (const { builtAt, programs: all } of packagesOf(persona))
    for (const { path, mode, size, target } of all) {
      if (target !== undefined) tree.link(path, target, builtAt);
      else add(path, size, mode, builtAt);
    }
  for (const [name, target] of [
    ['sh', 'dash'],
    ['awk', '/etc/alternatives/awk'],
    ['vi', '/etc/alternatives/vi'],
    ['editor', '/bin/nano'],
    ['pager', '/bin/less'],
    ['which', '/etc/alternatives/which'],
    ['nc', '/etc/alternatives/nc'],
    ['netcat', '/etc/alternatives/nc'],
    ['telnet', 'inetutils-telnet'],
  ] as const)
    if (!tree.has(`/usr/bin/${name}`)) tree.link(`/usr/bin/${name}`, target);
  for (const [name, target] of [
    ['awk', '/usr/bin/mawk'],
    ['vi', '/usr/bin/vim.tiny'],
    ['which', '/usr/bin/which.debianutils'],
    ['nc', '/bin/nc.openbsd'],
  ] as const)
    tree.link(`/etc/alternatives/${name}`, target);
  // What the machine's services bring along.
  for (const { command } of persona.daemons) {
    const path = /(?:^|\s)(\/(?:usr\/)?(?:local\/)?s?bin\/[\w.+-]+)/.exec(command)?.[1];
    const full = path?.replace(/^\/(s?bin)\//, '/usr/$1/');
    if (full && !tree.has(full)) add(full, 1_200_000 + command.length * 4_096, 0o755, tree.installed);
    for (const [pattern, names] of companions)
      if (pattern.test(command))
        for (const name of names)
          if (!tree.has(`/usr/bin/${name}`))
            add(`/usr/bin/${name}`, 900_000 + name.length * 90_112, 0o755, tree.installed);
  }
}

/** Clients that come with a service. */
const companions: [RegExp, string[]][] = [
  [/dockerd/, ['docker']],
  [/redis-server/, ['redis-cli']],
  [/mysqld|mariadbd/, ['mysql', 'mysqldump']],
  [/postgres/, ['psql', 'pg_dump']],
  [/kubelet/, ['kubectl', 'crictl']],
  [/nvidia|ollama|vllm|triton/i, ['nvidia-smi']],
  [/ollama/, ['ollama']],
  [/php-fpm/, ['php']],
  [/node /, ['node', 'npm']],
];

function devices(tree: Tree): void {
  for (const name of ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'pts/ptmx'])
    tree.device(`/dev/${name}`);
  tree.device('/dev/console', 0o600);
  tree.device('/dev/pts/0', 0o620);
  for (const name of ['stdin', 'stdout', 'stderr']) tree.device(`/dev/${name}`, 0o620);
  for (let n = 0; n < 4; n++) tree.device(`/dev/tty${n}`, 0o620);
  tree.device('/dev/kmsg', 0o644);
  const { device } = tree.persona.disk;
  if (device.startsWith('/dev/')) {
    tree.device(device, 0o660);
    tree.device(device.replace(/p?\d+$/, '') || device, 0o660);
  }
  tree.dir('/dev/fd', { mode: 0o777, mtime: tree.persona.bootedAt });
  tree.dir('/dev/net');
}

const profile = '# ~/.profile: executed by the command interpreter for login shells.\n';

function homes(tree: Tree): void {
  tree.file(
    '/root/.bashrc',
    "# ~/.bashrc: executed by bash(1) for non-login shells.\n\n# export LS_OPTIONS='--color=auto'\n# alias ls='ls $LS_OPTIONS'\n# alias ll='ls $LS_OPTIONS -l'\n# alias rm='rm -i'\n",
  );
  tree.file(
    '/root/.profile',
    `${profile}\nif [ "$BASH" ]; then\n  if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\n  fi\nfi\n\nmesg n 2> /dev/null || true\n`,
  );
  for (const { home, uid, gid, shell } of tree.persona.users) {
    if (!home.startsWith('/home/') || !/sh$/.test(shell)) continue;
    tree.dir(home, { mode: 0o700, uid, gid });
    tree.file(`${home}/.bashrc`, '# ~/.bashrc: executed by bash(1) for non-login shells.\n', { uid, gid });
    tree.file(`${home}/.profile`, profile, { uid, gid });
    tree.file(`${home}/.bash_logout`, '# ~/.bash_logout: executed by bash(1) when login shell exits.\n', {
      uid,
      gid,
    });
    tree.dir(`${home}/.ssh`, { mode: 0o700, uid, gid });
  }
}
