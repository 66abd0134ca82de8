import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { eventOf } from '../../analysis/event-fixture.ts';
import { openLocalBus } from '../../bus/index.ts';
import { configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { silentLog } from '../../kit/log.ts';
import { RowWriter } from '../../lake/index.ts';
import { type SignalMessage, startAnalyseRole } from './analyse.ts';
import { packRows } from './event-messages.ts';
import { eventsOf, readers, signals, topologyOf } from './topology.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-analyse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = configSchema.parse({ intake: { enrich: false }, bus: { shards: 1 } });

/** Wrong passwords from one address, in one message. */
function guesses(count: number): Buffer {
  const writer = new RowWriter('live');
  const from = Date.now() - 60_000;
  for (let n = 0; n < count; n++)
    writer.write(
      eventOf(
        { kind: 'login', user: 'root', secret: `guess ${n}`, ok: false },
        { time: from + n * 1_000, session: `s${n}` },
      ),
      () => ({ asn: 0, country: '' }),
    );
  return packRows(Buffer.from(writer.take()), 1)[0]!.data;
}

/** Starts the role on `data`, gives it this message, and tells which signals it says until it has handled it. */
async function handle(data: string, id: string, message: Buffer): Promise<string[]> {
  const bus = openLocalBus({ ...topologyOf(config.bus), done: ['test'] });
  const said: string[] = [];
  await bus.subscribe(signals, readers.decide, async ({ data: text }) => {
    const { signals: list } = JSON.parse(Buffer.from(text).toString()) as SignalMessage;
    said.push(...list.map((one) => one.id));
  });
  let handled = false;
  const role = await startAnalyseRole({
    ...{ config, data, shards: [0], log: silentLog, clock: systemClock },
    bus: {
      ...bus,
      subscribe: (subject, reader, work) =>
        bus.subscribe(subject, reader, async (one) => {
          await work(one);
          handled = true;
        }),
    },
  });
  await bus.publish(eventsOf(0), id, message);
  await vi.waitFor(() => expect(handled).toBe(true), { timeout: 20_000 });
  await role.close();
  return said;
}

it('counts a message once that comes again after a start, and says again what it came to', async () => {
  const enough = guesses(40);
  const data = join(folder, 'enough');
  const first = await handle(data, 'm1', enough);
  expect(first.length).toBeGreaterThan(0);
  expect(await handle(data, 'm1', enough)).toEqual(first);

  // The most guesses that mean nothing: counted twice, they would.
  let most = 1;
  while ((await handle(join(folder, `${most}`), 'm', guesses(most + 1))).length === 0) most++;
  const few = guesses(most);
  const edge = join(folder, 'edge');
  expect(await handle(edge, 'm', few)).toEqual([]);
  expect(await handle(edge, 'm', few)).toEqual([]);
  expect((await handle(edge, 'm2', guesses(1))).length).toBeGreaterThan(0);
});
