import { describe, expect, it } from 'vitest';
import { type Reading, Reject } from '../reader.ts';
import { sshd } from './sshd.ts';

const open = () => sshd.start({ source: 'auth.log', now: () => Date.UTC(2025, 2, 1) });
const said = (message: string, pid = 7, read = open()) =>
  [read(`Feb 12 14:10:21 host sshd[${pid}]: ${message}`)]
    .flat()
    .filter((one): one is Reading => one !== null);

describe('sshd', () => {
  it('reads a failed and an accepted login', () => {
    expect(said('Failed password for root from 192.0.2.7 port 53502 ssh2')).toEqual([
      {
        time: Date.UTC(2025, 1, 12, 14, 10, 21),
        session: '7',
        sensor: 'host',
        protocol: 'ssh',
        transport: 'tcp',
        src: { ip: '192.0.2.7', port: 53_502 },
        dst: { ip: '0.0.0.0', port: 22 },
        handshake: 'established',
        decoy: false,
        kind: 'login',
        user: 'root',
        secret: '',
        ok: false,
        method: 'password',
      },
    ]);
    expect(said('Accepted publickey for ann from 2001:db8::7 port 1 ssh2: ED25519 SHA256:abc')).toMatchObject(
      [{ ok: true, user: 'ann', handshake: 'authenticated', src: { ip: '2001:db8::7' } }],
    );
  });

  it.each([
    'x from 203.0.113.9 port 22 ssh2',
    'x from 203.0.113.9 port 22 ssh2: RSA SHA256:abc',
    'x from 203.0.113.9 port 22',
    'x 203.0.113.9 port 22 [preauth]',
    'x\n from 203.0.113.9 port 22 ssh2',
    ' from 203.0.113.9 port 22 ssh2 [preauth]',
  ])('never takes the source from a user named %j', (user) => {
    for (const message of [
      `Failed password for invalid user ${user} from 192.0.2.7 port 5 ssh2`,
      `Failed none for invalid user ${user} from 192.0.2.7 port 5 ssh2`,
      `Invalid user ${user} from 192.0.2.7 port 5`,
      `Connection closed by invalid user ${user} 192.0.2.7 port 5 [preauth]`,
      `Disconnected from authenticating user ${user} 192.0.2.7 port 5 [preauth]`,
      `error: maximum authentication attempts exceeded for invalid user ${user} from 192.0.2.7 port 5 ssh2 [preauth]`,
    ]) {
      const events = said(message);
      expect(events.length).toBeGreaterThan(0);
      for (const { src } of events) expect(src).toEqual({ ip: '192.0.2.7', port: 5 });
    }
  });

  it('counts one try once, whichever lines tell it', () => {
    const read = open();
    expect(said('Invalid user a from 192.0.2.7 port 5', 1, read)).toHaveLength(1);
    expect(said('Failed password for invalid user a from 192.0.2.7 port 5 ssh2', 1, read)).toHaveLength(0);
    expect(said('Failed password for invalid user a from 192.0.2.7 port 5 ssh2', 1, read)).toHaveLength(1);
    const close = said('Connection closed by invalid user a 192.0.2.7 port 5 [preauth]', 1, read);
    expect(close).toMatchObject([{ kind: 'close' }]);
  });

  it('takes leaving for a try where nothing else tells one', () => {
    const events = said('Connection closed by authenticating user root 192.0.2.7 port 5 [preauth]');
    expect(events).toMatchObject([{ kind: 'login', user: 'root', ok: false }, { kind: 'close' }]);
  });

  it('reads the prefixes of RFC 3164, RFC 5424, rsyslog and the journal', () => {
    const time = Date.UTC(2025, 1, 12, 13, 10, 21);
    const message = 'Failed password for root from 192.0.2.7 port 5 ssh2';
    for (const prefix of [
      'Feb 12 13:10:21 host sshd[9]: ',
      '<86>Feb 12 13:10:21 host sshd-session[9]: ',
      'Feb 12 13:10:21.000123 host sshd[9]: ',
      'Feb 12 2025 13:10:21 host sshd[9]: ',
      '2025-02-12T14:10:21+01:00 host sshd[9]: ',
      '2025-02-12T14:10:21+0100 host sshd[9]: ',
      '<86>1 2025-02-12T13:10:21.000Z host sshd 9 - - ',
      '<86>1 2025-02-12T13:10:21Z host sshd-session 9 ID [a@1 k="] x"] ',
    ])
      expect(open()(prefix + message), prefix).toMatchObject({ time, session: '9', sensor: 'host' });
  });

  it('reads a date without a year as the last such day', () => {
    const read = (line: string) => (open()(line) as Reading).time;
    const rest = 'host sshd[9]: Failed password for root from 192.0.2.7 port 5 ssh2';
    expect(read(`Mar  2 00:00:00 ${rest}`)).toBe(Date.UTC(2025, 2, 2));
    expect(read(`Mar  3 00:00:01 ${rest}`)).toBe(Date.UTC(2024, 2, 3, 0, 0, 1));
    expect(read(`Feb 29 00:00:00 ${rest}`)).toBe(Date.UTC(2024, 1, 29));
  });

  it('learns the port that the server listens on', () => {
    const read = open();
    expect(said('Server listening on 0.0.0.0 port 2222.', 1, read)).toEqual([]);
    expect(said('Failed password for root from 192.0.2.7 port 5 ssh2', 2, read)).toMatchObject([
      { dst: { port: 2222 } },
    ]);
  });

  it('marks HTTP spoken to sshd as what a browser may have sent', () => {
    expect(said("Bad protocol version identification 'GET / HTTP/1.1' from 192.0.2.7 port 5")).toMatchObject([
      { kind: 'fingerprint', handshake: 'relayed' },
    ]);
  });

  it('passes over other programs, and refuses what is no syslog', () => {
    expect(open()('Feb 12 14:10:21 host CRON[1]: pam_unix(cron:session): session opened')).toBeNull();
    expect(() => open()('Failed password for root from 192.0.2.7 port 5 ssh2')).toThrow(Reject);
    expect(() => said('Failed password for root from evil.example port 5 ssh2')).toThrow(Reject);
  });

  it('takes time in proportion to a hostile line', () => {
    const read = open();
    const started = process.hrtime.bigint();
    for (const filler of [' from ', 'a', ' port 1', 'from 1.1.1.1 port 1 ', '[preauth] ', '"'])
      said(`Failed password for ${filler.repeat(15_000 / filler.length)}`, 1, read);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2_000);
  });
});
