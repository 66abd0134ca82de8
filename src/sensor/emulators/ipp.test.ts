import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absent, named, run } from '../../../test/setup/clients.ts';
import { type Served, serve } from '../fixture.ts';
import { decode } from '../ipp/message.ts';
import { Memory } from '../memory.ts';
import { bodyOf, meet } from '../play.ts';
import { ipp } from './ipp.ts';

const file = join(import.meta.dirname, '../../../test/transcripts/ipp/cups-2.4.2.txt');
const lines = readFileSync(file, 'utf8').split('\n');
const recorded = lines.flatMap((line, i) =>
  line.startsWith('> ')
    ? [[JSON.parse(line.slice(2)) as string, JSON.parse(lines[i + 1]!.slice(2)) as string] as const]
    : [],
);

/** What an answer says, without what differs from machine to machine and from time to time. */
function normal(answer: string): unknown {
  const at = answer.indexOf('\r\n\r\n') + 4;
  const head = answer
    .slice(0, at)
    .replace(/Date: [^\r]*/, 'Date: *')
    .replace(/(Content-Length: )\d{4}/, '$1*');
  const read = head.includes('application/ipp') ? decode(Buffer.from(answer.slice(at), 'latin1')) : null;
  if (!read) return [head, answer.slice(at)];
  const own = /^(printer-(config-change|current-time|state-change|up-time|uuid|info|location).*|device-uri)$/;
  const groups = read.message.groups.map(({ tag, attributes }) => [
    tag,
    attributes.map(({ name, tag: kind, values }) => [name, kind, own.test(name) ? '*' : values]),
  ]);
  return [head, read.message.version, read.message.code, read.message.id, groups];
}

describe('the recorded CUPS', () => {
  it('gives the same answers to the same words', async () => {
    const memory = new Memory();
    const options = { queue: 'office' };
    expect(recorded.length).toBeGreaterThan(20);
    for (const [say, wanted] of recorded) {
      const talk = meet(ipp, { memory, options });
      const got = (await talk.say(say)) + (await talk.leave());
      expect(talk.faults).toEqual([]);
      expect([say, normal(got)]).toEqual([say, normal(wanted)]);
    }
  });
});

it('keeps what would be printed, and tells who asks for what', async () => {
  const say = recorded.find(([one]) => one.includes('hello') && one.includes('plan.txt'))![0];
  const talk = meet(ipp, { options: { queue: 'office' } });
  await talk.say(say);
  await talk.leave();
  const bodies = talk.events.map(bodyOf);
  expect(bodies).toContainEqual({
    kind: 'command',
    input: 'Print-Job ipp://localhost:6631/printers/office',
    detail: { how: 'ipp', user: 'anna', job: 'plan.txt' },
  });
  expect(bodies).toContainEqual(expect.objectContaining({ kind: 'upload', size: 5, name: 'plan.txt' }));
  const queue = async (seed: string) => {
    const other = meet(ipp, { seed });
    return other.say(recorded.find(([one]) => one.includes('\x40\x02'))![0]);
  };
  expect(new Set(await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(queue))).size).toBeGreaterThan(2);
});

describe('real clients', () => {
  let live: Served;
  beforeAll(async () => {
    live = await serve(ipp, { queue: 'office' });
  });
  afterAll(() => live.close());

  it.skipIf(absent('lp'))('lp prints, lpstat sees the queue (needs cups-client)', async () => {
    const env = { CUPS_SERVER: `127.0.0.1:${live.port}`, HOME: '/nonexistent' };
    expect(await run('lpstat', ['-p'], '', env)).toContain('printer office is idle');
    const said = await run('lp', ['-d', 'office', '-o', 'raw', file], '', env);
    expect(said).toMatch(/request id is office-\d+ \(1 file\(s\)\)/);
    expect(live.told('upload').at(-1)?.size).toBe(readFileSync(file).length);
    expect(live.told('fingerprint')[0]).toMatchObject({ method: 'ipp-client' });
  });

  it.skipIf(absent('ipptool'))(
    'ipptool creates a job, sends its document and sees it (needs cups-ipp-utils)',
    async () => {
      const uri = `ipp://127.0.0.1:${live.port}/printers/office`;
      for (const test of ['print-job', 'create-job', 'get-jobs']) {
        const said = await run('ipptool', ['-tv', '-f', file, uri, `${test}.test`]);
        expect(said).toContain('[PASS]');
        expect(said).not.toContain('[FAIL]');
      }
    },
  );

  it.skipIf(absent('nmap'))('nmap names it (needs nmap)', async () => {
    expect(await named(live.port, 'GetRequest')).toMatch(/open\s+ipp\s+CUPS 2\.4/);
  });
});
