import { Bounded } from '../../kit/bounded.ts';
import { canonicalIp } from '../../kit/ip.ts';
import type { Body, Handshake } from '../../model/event.ts';
import { defineReader, Reject } from '../reader.ts';
import { moment, port, share } from './parts/fields.ts';
import { type Connection, reading } from './parts/reading.ts';
import { speaksWeb } from './parts/relayed.ts';
import { syslogLine } from './parts/syslog.ts';

/** Connections that are remembered at a time, so that one failed try is not counted by two of sshd's lines. */
const sessionLimit = 100_000;
const hostLimit = 1_000;
const lineLimit = 16_384;

const tooLong = new Reject('longer than a line of sshd');
const notSyslog = new Reject('not a line of syslog');
const notAddress = new Reject('the source is a name, not an address');

/** What a message says: the peer, and what it did. */
interface Said {
  ip: string;
  port: string;
  body: Body;
  handshake?: Handshake;
  /** A line that a "Failed …" of the same try follows, where passwords are asked for. */
  announces?: boolean;
  /** The name of who left before he was let in. */
  left?: string;
  dst?: { ip: string; port: number };
}

/**
 * The syslog of OpenSSH's sshd. The user name is the attacker's text, and may hold all that follows it in the line; so
 * messages are read from their end, where sshd itself writes the peer's address (`auth.c`, `auth_log`).
 */
export const sshd = defineReader({
  name: 'sshd',
  summary: "OpenSSH's log by syslog or the journal",

  sniff: (lines) => share(lines, (line) => /\bsshd(?:-session|-auth)?(?:\[\d+\]:| \d+ \S+ )/.test(line)),

  start({ now }) {
    const tries = new Bounded<string, 'announced' | 'told'>(sessionLimit);
    const ports = new Bounded<string, number>(hostLimit);

    return (line) => {
      if (line.length > lineLimit) throw tooLong;
      const parts = syslogLine(line, now());
      if (parts === null) throw notSyslog;
      if (!/^sshd(?:-session|-auth)?$/.test(parts.program)) return null;
      const time = moment(parts.time);
      const sensor = parts.host.slice(0, 64);

      const listening = /^Server listening on \S+ port (\d{1,5})\.?$/.exec(parts.message);
      if (listening) ports.set(sensor, port(listening[1]));

      const said = read(parts.message.trimEnd());
      if (said === null) return null;
      const ip = canonicalIp(said.ip);
      if (ip === null) throw notAddress;
      const session = (parts.pid === '' ? `${ip}:${said.port}` : parts.pid).slice(0, 64);

      const key = `${sensor}\n${session}`;
      const { body } = said;
      if (body.kind === 'login' && !body.ok) {
        const before = tries.peek(key);
        tries.set(key, said.announces ? 'announced' : 'told');
        if (before === 'announced' && !said.announces) return null;
      }
      const head: Connection = {
        session,
        sensor,
        protocol: 'ssh',
        transport: 'tcp',
        src: { ip, port: port(said.port) },
        dst: said.dst ?? { ip: '0.0.0.0', port: ports.peek(sensor) ?? 22 },
        handshake: said.handshake ?? 'established',
        decoy: false,
      };
      const told = reading(head, time, body);
      if (body.kind !== 'close') return told;
      // Where only keys are taken, nothing but the leaving tells of a try.
      const counted = tries.delete(key);
      if (counted || said.left === undefined) return told;
      return [reading(head, time, login(said.left, 'none')), told];
    };
  },
});

const login = (user: string, method: string, ok = false): Body => ({
  kind: 'login',
  user: user.slice(0, 4_096),
  secret: '',
  ok,
  method: method.slice(0, 32),
});

type Rule = [RegExp, (found: (string | undefined)[]) => Said];

/** Tried in this order. Where a name comes before the address, `.*` is greedy: the last place that fits is sshd's own. */
const rules: Rule[] = [
  [
    // The name of an account that exists; what follows the address is a key's, or a signed certificate's.
    /^Accepted (\S+) for (\S+) from (\S+) port (\d{1,5})(?: ssh2)?(?:: .*)?$/,
    ([method = '', user = '', ip = '', from = '']) => ({
      ip,
      port: from,
      body: login(user, method, true),
      handshake: 'authenticated',
    }),
  ],
  [
    /^Failed (\S+) for (?:invalid user )?(.*) from (\S+) port (\d{1,5}) ssh2(?:: \S+ \S+)?$/s,
    ([method = '', user = '', ip = '', from = '']) => ({ ip, port: from, body: login(user, method) }),
  ],
  [
    /^(?:Invalid|Illegal) user (.*) from (\S+)(?: port (\d{1,5}))?$/s,
    ([user = '', ip = '', from = '0']) => ({ ip, port: from, body: login(user, 'none'), announces: true }),
  ],
  [
    /^error: maximum authentication attempts exceeded for (?:invalid user )?(.*) from (\S+) port (\d{1,5}) ssh2(?: \[preauth\])?$/s,
    ([user = '', ip = '', from = '']) => ({ ip, port: from, body: login(user, 'exceeded') }),
  ],
  [
    // Only accounts that exist are told so: sshd has looked the name up before.
    /^User (\S+) from (\S+) not allowed because .*$/,
    ([user = '', ip = '']) => ({ ip, port: '0', body: login(user, 'not-allowed'), announces: true }),
  ],
  [
    /^(?:Connection (?:closed|reset) by|Disconnected from) (?:(?:authenticating|invalid) user (.*) )?(\S+) port (\d{1,5})(?: \[preauth\])?$/s,
    ([user, ip = '', from = '']) => ({
      ip,
      port: from,
      body: { kind: 'close', durationMs: 0, reason: user === undefined ? 'closed' : 'not authenticated' },
      ...(user === undefined ? {} : { left: user }),
    }),
  ],
  [
    /^(?:fatal: )?Timeout before authentication for (?:connection from )?(\S+) (?:port (\d{1,5})|to .*)$/,
    ([ip = '', from = '0']) => ({
      ip,
      port: from,
      body: { kind: 'close', durationMs: 0, reason: 'timeout' },
    }),
  ],
  [
    /^(?:error: )?ssh_dispatch_run_fatal: Connection from (\S+) port (\d{1,5}): (.*)$/s,
    ([ip = '', from = '', reason = '']) => ({
      ip,
      port: from,
      body: { kind: 'close', durationMs: 0, reason: reason.replace(/ \[preauth\]$/, '').slice(0, 64) },
    }),
  ],
  [
    /^Connection from (\S+) port (\d{1,5}) on (\S+) port (\d{1,5})(?: rdomain ".*")?$/,
    ([ip = '', from = '', to = '', toPort = '']) => {
      const here = canonicalIp(to);
      return {
        ip,
        port: from,
        body: { kind: 'connect' },
        ...(here === null ? {} : { dst: { ip: here, port: port(toPort) } }),
      };
    },
  ],
  [
    /^Did not receive identification string from (\S+)(?: port (\d{1,5}))?$/,
    ([ip = '', from = '0']) => ({ ip, port: from, body: { kind: 'connect' } }),
  ],
  [
    // The name before the parentheses is reverse DNS: whoever owns the address chose it.
    /^refused connect from (?:\S+ )?\((\S+)\)$/,
    ([ip = '']) => ({ ip, port: '0', body: { kind: 'connect', detail: { refused: true } } }),
  ],
  [
    /^(?:error: )?banner exchange: Connection from (\S+) port (\d{1,5}): (.*)$/s,
    ([ip = '', from = '', reason = '']) => ({
      ip,
      port: from,
      body: { kind: 'data', size: 0, detail: { reason: reason.slice(0, 4_096) } },
      handshake: 'relayed',
    }),
  ],
  [
    /^Bad protocol version identification '(.*)' from (\S+)(?: port (\d{1,5}))?$/s,
    ([banner = '', ip = '', from = '0']) => ({
      ip,
      port: from,
      body: { kind: 'fingerprint', method: 'banner', value: banner.slice(0, 4_096) },
      ...(speaksWeb(banner) ? { handshake: 'relayed' as const } : {}),
    }),
  ],
  [
    /^Unable to negotiate with (\S+) port (\d{1,5}): (no matching [^.]*)\. Their offer: (.*?)(?: \[preauth\])?$/s,
    ([ip = '', from = '', , offer = '']) => ({
      ip,
      port: from,
      body: { kind: 'fingerprint', method: 'offer', value: offer.slice(0, 4_096) },
    }),
  ],
  [
    /^Magic value check failed \(\d+\) on obfuscated handshake from (\S+) port (\d{1,5})$/,
    ([ip = '', from = '']) => ({ ip, port: from, body: { kind: 'data', size: 0 } }),
  ],
];

/** What a message tells; null where it is one of the many that tell nothing of a peer, or that repeat another. */
function read(message: string): Said | null {
  for (const [pattern, tell] of rules) {
    const found = pattern.exec(message);
    if (found) return tell(found.slice(1));
  }
  return null;
}
