import { dateText } from '../commands/listing.ts';
import type { Tree } from './tree.ts';

/** /var/log: what a machine that has been up for a while wrote. */
export function logFiles(tree: Tree): void {
  const { persona } = tree;
  const { hostname, bootedAt, admin } = persona;
  const log = { mode: 0o640, gid: 4, mtime: bootedAt + 3_600_000 };
  const at = (seconds: number) => {
    const time = new Date(bootedAt + seconds * 1_000).toISOString().slice(17, 19);
    return `${dateText(bootedAt + seconds * 1_000, bootedAt + seconds * 1_000)}:${time} ${hostname}`;
  };
  const kernel = [
    `Linux version ${persona.kernel.release}`,
    'Command line: BOOT_IMAGE=/boot/vmlinuz ro quiet',
    'x86/fpu: Supporting XSAVE feature 0x001: x87 floating point registers',
    `Memory: ${persona.memoryKb}K available`,
    'NET: Registered PF_INET protocol family',
    `EXT4-fs (${persona.disk.device.slice(5)}): mounted filesystem with ordered data mode`,
    'systemd[1]: Detected architecture.',
  ];
  const syslog = [
    ...kernel.map(
      (text, i) => `${at(i)} kernel: [    ${i}.${String(212_000 + i * 3_131).slice(0, 6)}] ${text}`,
    ),
    `${at(8)} systemd[1]: Started Regular background program processing daemon.`,
    `${at(9)} systemd[1]: Started OpenBSD Secure Shell server.`,
    `${at(10)} systemd[1]: Reached target Multi-User System.`,
    `${at(1_020)} CRON[1204]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)`,
    '',
  ].join('\n');
  tree.file('/var/log/syslog', syslog, log);
  tree.file('/var/log/kern.log', `${kernel.map((text, i) => `${at(i)} kernel: ${text}`).join('\n')}\n`, log);
  tree.file(
    '/var/log/auth.log',
    `${at(9)} sshd[612]: Server listening on 0.0.0.0 port 22.\n${at(1_020)} CRON[1203]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)\n${at(1_020)} CRON[1203]: pam_unix(cron:session): session closed for user root\n${at(90_112)} sshd[2210]: Accepted publickey for ${admin} from ${persona.address.replace(/\d+$/, '5')} port 51324 ssh2: ED25519 SHA256:${Buffer.from(persona.token('accepted', 64), 'hex').toString('base64').slice(0, 43)}\n`,
    log,
  );
  for (const name of [
    'daemon.log',
    'messages',
    'user.log',
    'dpkg.log',
    'alternatives.log',
    'bootstrap.log',
    'cloud-init.log',
  ])
    tree.file(`/var/log/${name}`, '', log);
  for (const name of ['wtmp', 'btmp', 'lastlog', 'faillog'])
    tree.file(
      `/var/log/${name}`,
      () => Buffer.alloc(384),
      { mode: name === 'btmp' ? 0o660 : 0o664, gid: 43, mtime: log.mtime },
      name === 'lastlog' ? 292_292 : 13_824,
    );
  tree.dir('/var/log/apt');
  tree.file('/var/log/apt/history.log', '', log);
  tree.dir('/var/log/journal', { mode: 0o2755 });
  for (const { command } of persona.daemons)
    for (const name of ['nginx', 'apache2', 'mysql', 'redis', 'postgresql'])
      if (command.includes(name)) tree.dir(`/var/log/${name}`);
}
