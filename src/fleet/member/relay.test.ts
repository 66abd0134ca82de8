import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { onLines } from '../../kit/line-stream.ts';
import { silentLog } from '../../kit/log.ts';
import { seeded } from '../../kit/seeded.ts';
import type { Event } from '../../model/event.ts';
import { Link } from '../../sensor/link.ts';
import { Spool } from '../../sensor/spool.ts';
import { Relay } from './relay.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-relay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A hub that keeps what it is given, and is sent each number once and in its order. */
class Keeper {
  have = 0;
  connections = 0;

  serve(stream: Duplex): void {
    this.connections++;
    let greeted = false;
    onLines(stream, 1e6, (line) => {
      const said = JSON.parse(line) as { hello?: unknown; seq?: number };
      if (!greeted) {
        expect(said.hello).toBeDefined();
        greeted = true;
        stream.write(`{"have":${this.have}}\n`);
        return;
      }
      expect(said.seq).toBeGreaterThan(0);
      expect(said.seq!).toBeLessThanOrEqual(this.have + 1);
      this.have = Math.max(this.have, said.seq!);
      stream.write(`{"ack":${this.have}}\n`);
    });
  }
}

it.each([1, 2, 3, 4])(
  'brings every event over connections that break at any time (seed %i)',
  async (seed) => {
    const dice = seeded(seed);
    const spool = new Spool(
      join(folder, String(seed)),
      { spoolFile: 20_000, spoolBytes: 10_000_000, spoolPending: 5_000_000 },
      silentLog,
    );
    const [ours, theirs] = duplexPair();
    new Link(ours, spool, { sensor: 'edge', window: 3_000, log: silentLog });
    const relay = new Relay(silentLog);
    relay.attach(theirs);
    const keeper = new Keeper();
    const total = 3_000;
    let appended = 0;
    let hub: Duplex | undefined;
    while (keeper.have < total) {
      for (let n = 0; n < 20 && appended < total; n++)
        spool.append({ id: `${++appended}`, raw: 'x"{"again":1}\n'.repeat(dice() * 4) } as unknown as Event);
      if (dice() < 0.3) await spool.flush();
      if (!relay.connected && dice() < 0.5) {
        const [near, far] = duplexPair();
        hub = near;
        near.on('close', () => far.destroy());
        keeper.serve(far);
        relay.connect(near);
      } else if (dice() < 0.2) hub?.destroy();
      for (let n = dice() * 10; n > 0; n--) await turn();
    }
    expect(keeper.have).toBe(total);
    expect(keeper.connections).toBeGreaterThan(3);
    ours.destroy();
    await spool.close();
  },
);
