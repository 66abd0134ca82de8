import { expect, it } from 'vitest';
import type { Body } from '../../model/event.ts';
import { actorKindOf } from './actor-kind.ts';
import { sessionOf } from './fixture.ts';

const client = (value: string): Body => ({ kind: 'fingerprint', method: 'banner', value });
const terminal: Body = { kind: 'fingerprint', method: 'terminal', value: '120x40' };
const kindOf = (...given: Parameters<typeof sessionOf>) => actorKindOf(sessionOf(...given), [], 1);
const human = [900, 2_600, 700, 9_000, 1_200, 4_000];

it('a program: a library, no terminal, no gaps', () => {
  const view = kindOf([client('SSH-2.0-Go'), 'uname -a', 'nproc', 'free -m', 'w'], { gaps: 12 });
  expect(view.kind).toBe('automated');
  expect(view.reasons).toContain('Its client is a library for programs.');
});

it('a person: a terminal, uneven gaps, a slip put right', () => {
  const view = kindOf(
    [client('SSH-2.0-OpenSSH_9.6'), terminal, 'ls', 'cd /srv', 'cta notes.txt', 'cat notes.txt', 'exit'],
    { gaps: human },
  );
  expect(view.kind).toBe('hands-on');
  expect(view.reasons).toEqual(
    expect.arrayContaining(['It corrected what it had typed.', 'It asked for a terminal.']),
  );
});

it('an agent: even gaps, long lines that silence errors', () => {
  const lines = [
    'id; echo ---; uname -a; echo ---; cat /etc/os-release 2>/dev/null',
    'ls -la /home /root 2>/dev/null; echo "---"; find / -name "*.env" 2>/dev/null | head -20',
    'cat /root/.bash_history 2>/dev/null | head -50; echo ---; env',
    'ss -tlnp 2>/dev/null || netstat -tlnp 2>/dev/null; echo "=== done"',
    'crontab -l 2>/dev/null; ls /etc/cron.d 2>/dev/null; echo ---',
  ];
  expect(
    kindOf([client('SSH-2.0-paramiko_3.4.0'), ...lines], { gaps: [5_000, 6_200, 4_800, 5_500] }).kind,
  ).toBe('agent');
});

it.each<[string, Parameters<typeof sessionOf>]>([
  ['one command', [['uname -a']]],
  ['nothing at all', [[{ kind: 'connect' }]]],
  ['signs that contradict each other', [[client('SSH-2.0-Go'), terminal, 'ls', 'w', 'id'], { gaps: human }]],
])('nobody is forced: %s', (_, given) => {
  const { kind, confidence } = kindOf(...given);
  expect([kind, confidence]).toEqual(['unclassified', 0]);
});
