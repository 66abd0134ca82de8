import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Event, parseEvent } from '../model/event.ts';
import { Intake } from './intake.ts';
import { Journal } from './journal.ts';
import { SensorLink } from './receive.ts';
import { Rejects } from './rejects.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-receive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const now = Date.UTC(2026, 0, 1);

const event = {
  id: '01980000-0000-7123-8456-0123456789ab',
  time: now,
  arrived: now,
  sensor: 'north',
  session: 's1',
  protocol: 'telnet',
  transport: 'tcp',
  src: { ip: '192.0.2.7', port: 40_000 },
  dst: { ip: '198.51.100.1', port: 23 },
  handshake: 'established',
  decoy: true,
  kind: 'login',
  user: 'root',
  secret: 'x',
  ok: false,
};
const hello = '{"hello":{"sensor":"north","spool":"abcdefgh","version":1}}\n';
const message = (seq: number, more: object = {}) =>
  `${JSON.stringify({ seq, event: { ...event, ...more } })}\n`;

let files = 0;
function open() {
  const rejects = new Rejects(join(folder, `rejects-${++files}.jsonl`));
  const journal = new Journal({
    folder: join(folder, `journal-${files}`),
    segmentRows: 1e6,
    segmentBytes: 1e9,
  });
  const taken: Event[] = [];
  const said: string[] = [];
  const intake = new Intake({
    run: 'live',
    journal,
    origin: () => ({ asn: 0, country: '' }),
    analyse: (one) => {
      taken.push(one);
      return [];
    },
  });
  const link = new SensorLink({
    ...{ sensor: 'configured', intake, positions: journal.positions, rejects },
    now: () => now,
    send: (line) => said.push(line),
  });
  return { link, taken, said, rejects, intake };
}

describe("a sensor's link", () => {
  it('says how far it has the spool, takes what is new once, and acknowledges it', () => {
    const { link, taken, said } = open();
    link.bytes(Buffer.from(hello + message(1) + message(2)));
    link.bytes(Buffer.from(message(2) + message(1) + message(3)));
    expect(taken).toHaveLength(3);
    link.acknowledge();
    expect(said).toEqual(['{"have":0}\n', '{"ack":3}\n']);
    expect(link.positions).toEqual({ 'configured/abcdefgh': 3 });
  });

  it('knows a sensor by the name that the operator gave it, whatever it says of itself', () => {
    const { link, taken } = open();
    link.bytes(Buffer.from(hello + message(1, { sensor: 'another' })));
    expect(taken.map(({ sensor }) => sensor)).toEqual(['configured']);
  });

  it('keeps what has not the right form apart, and goes on', () => {
    const { link, taken, rejects } = open();
    const bad = [{ kind: 'nonsense' }, { src: { ip: '999.1.1.1', port: 1 } }, { time: now + 3_600_000 }];
    link.bytes(Buffer.from(hello + bad.map((more, n) => message(n + 1, more)).join('') + message(9)));
    expect(taken).toHaveLength(1);
    expect(rejects.count).toBe(3);
    expect(link.positions).toEqual({ 'configured/abcdefgh': 9 });
  });

  it('gives valid events of its own name or ends, whatever a sensor that was taken over sends', () => {
    const { link: good } = open();
    good.bytes(Buffer.from(hello));
    const whole = Buffer.from(hello + message(1) + message(2, { user: 'é\u0000' }) + message(3));
    const edits = fc.array(
      fc.record({ at: fc.nat(), cut: fc.nat(20), put: fc.uint8Array({ maxLength: 8 }) }),
      { minLength: 1, maxLength: 4 },
    );
    const { intake, taken, rejects } = open();
    fc.assert(
      fc.property(edits, fc.nat(), (list, split) => {
        let bytes: Buffer = whole;
        for (const { at, cut, put } of list) {
          const from = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
        }
        const link = new SensorLink({
          ...{ sensor: 'configured', intake, positions: {}, rejects, now: () => now },
          send: () => {},
        });
        try {
          const middle = split % bytes.length;
          link.bytes(bytes.subarray(0, middle));
          link.bytes(bytes.subarray(middle));
        } catch {
          // Whoever does not speak the protocol is cut off.
        }
        for (const one of taken.splice(0)) expect(parseEvent(one).sensor).toBe('configured');
        intake.commit({}, false);
      }),
      { numRuns: Number(process.env.CALTROP_FUZZ_RUNS ?? 10_000) },
    );
    rejects.close();
  });
});
