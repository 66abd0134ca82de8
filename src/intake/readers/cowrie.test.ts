import { describe, expect, it } from 'vitest';
import { type Reading, Reject } from '../reader.ts';
import { cowrie } from './cowrie.ts';
import { skipped, table } from './parts/cowrie-bodies.ts';

const open = () => cowrie.start({ source: 'cowrie.json', now: () => 0 });
const line = (eventid: string, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    eventid: `cowrie.${eventid}`,
    src_ip: '192.0.2.7',
    session: 'abc123def456',
    sensor: 'pot',
    timestamp: '2025-02-12T00:51:39.356583Z',
    ...more,
  });
const connect = line('session.connect', {
  src_port: 40_001,
  dst_ip: '198.51.100.5',
  dst_port: 2222,
  protocol: 'ssh',
});
const telnet = line('session.connect', {
  src_port: 1,
  dst_ip: '198.51.100.5',
  dst_port: 23,
  protocol: 'telnet',
});

describe('cowrie', () => {
  it('knows each of the 48 event ids', () => {
    expect(table.size + skipped.size).toBe(48);
    for (const id of table.keys()) expect(skipped.has(id)).toBe(false);
    expect(() => open()(line('session.invented'))).toThrow(Reject);
  });

  it('takes ends and protocol from connect for all lines of the session', () => {
    const read = open();
    read(connect);
    expect(read(line('login.failed', { username: 'root', password: 'x' }))).toEqual({
      time: Date.UTC(2025, 1, 12, 0, 51, 39, 356),
      session: 'abc123def456',
      sensor: 'pot',
      protocol: 'ssh',
      transport: 'tcp',
      src: { ip: '192.0.2.7', port: 40_001 },
      dst: { ip: '198.51.100.5', port: 2222 },
      handshake: 'established',
      decoy: true,
      kind: 'login',
      user: 'root',
      secret: 'x',
      ok: false,
    });
  });

  it('does not let a forwarding, whose ends the attacker names, change who he is', () => {
    const read = open();
    const forward = line('direct-tcpip.request', {
      src_ip: '203.0.113.9',
      src_port: 5,
      dst_ip: 'example.org',
      dst_port: 443,
    });
    expect(read(forward)).toMatchObject({
      handshake: 'none',
      src: { port: 0 },
      dst: { ip: '0.0.0.0', port: 0 },
    });
    const known = open();
    known(connect);
    expect(known(forward)).toMatchObject({
      src: { ip: '192.0.2.7', port: 40_001 },
      kind: 'forward',
      host: 'example.org',
      port: 443,
    });
  });

  it('marks a telnet session in which a browser speaks as relayed, and from there on', () => {
    const read = open();
    read(telnet);
    const spoken = (username: string) =>
      (read(line('login.failed', { username, password: '' })) as Reading).handshake;
    expect(spoken('root')).toBe('established');
    expect(spoken('GET / HTTP/1.1')).toBe('relayed');
    expect(spoken('root')).toBe('relayed');
  });

  it('tells what was fetched from what was written', () => {
    const read = open();
    read(connect);
    const shasum = 'ab'.repeat(32);
    expect(read(line('session.file_download', { url: 'http://192.0.2.9/x', shasum }))).toMatchObject({
      kind: 'download',
      url: 'http://192.0.2.9/x',
      detail: { sha256: shasum },
    });
    expect(read(line('session.file_download', { shasum, destfile: '/tmp/x' }))).toMatchObject({
      kind: 'upload',
      sha256: shasum,
      name: '/tmp/x',
    });
    expect(read(line('session.file_upload', { shasum, filename: 'setup.sh' }))).toMatchObject({
      kind: 'upload',
    });
  });

  it('reads durations in milliseconds and in the seconds of older versions', () => {
    for (const more of [{ duration_ms: 1_800 }, { duration: 1.8 }, { duration: '1.8' }])
      expect(open()(line('session.closed', more))).toMatchObject({ kind: 'close', durationMs: 1_800 });
  });

  it('skips what says nothing of the attacker', () => {
    expect(open()(line('log.closed', { size: 3 }))).toBeNull();
  });

  it.each([
    ['', 'not JSON'],
    ['[]', 'not a JSON object'],
    [line('login.failed', { timestamp: '2025-13-01T00:00:00Z' }), 'the time is missing or cannot be read'],
    [line('login.failed', { src_ip: '256.1.1.1' }), 'an address is missing or is none'],
    [line('login.failed', { session: 5 }), 'a field is missing or has the wrong type'],
    [line('session.connect', { dst_ip: '::1', dst_port: 70_000 }), 'a port is missing or is none'],
  ])('refuses %j', (bad, reason) => {
    expect(() => open()(bad)).toThrow(new Reject(reason));
  });
});
