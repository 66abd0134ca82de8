import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Nats, natsFault, startNats } from '../../../test/setup/nats.ts';
import { type Bus, busLimits, openLocalBus, openNatsBus, type Topology } from '../../bus/index.ts';
import { manualClock, systemClock } from '../../kit/clock.ts';
import { silentLog } from '../../kit/log.ts';
import { believe } from '../graph/belief.ts';
import { madeGraph } from './fixture.ts';
import {
  partOf,
  partPath,
  propagationTopology,
  readPart,
  runPartitioned,
  shareOut,
  startPartWorker,
  writePart,
} from './index.ts';
import { reportSubject, runSubject } from './protocol.ts';
import { isSlice, packSlice } from './slice.ts';

const { layers, scale, prior, eps } = madeGraph(1_600);
const passes = 10;
const one = believe(layers, scale, prior, eps, passes);
const nodes = scale.length;
/** Small enough that each part goes in several messages. */
const sliceLength = 200;
const limits = { beatMs: 50, gatherMs: 20_000, retryMs: 10, deadMs: 30_000, againMs: 1_000 };
/** Messages that one part of so many says in a pass. */
const slicesOf = (parts: number, part: number) => {
  const { bounds } = shareOut(nodes, parts);
  return Math.ceil((bounds[part + 1]! - bounds[part]!) / sliceLength);
};
const names = (count: number) => Array.from({ length: count }, (_, i) => `host-${i}`);

const folder = mkdtempSync(join(tmpdir(), 'caltrop-parts-'));
let nats: Nats;
let prefix = 0;
beforeAll(async () => {
  if (!natsFault) nats = await startNats();
});
afterAll(async () => {
  await nats?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const apart = (found: Float32Array) =>
  found.reduce((most, value, i) => Math.max(most, Math.abs(value - one[i]!)), 0);
const same = (found: Float32Array) => {
  expect(apart(found)).toBeLessThan(1e-6);
  // The kernel and the order of each sum are those of one machine: not even the rounding differs.
  expect(Buffer.from(found.buffer).equals(Buffer.from(one.buffer))).toBe(true);
};

/** A way to a bus for each who takes part; over NATS each has a connection of its own. */
interface Wires {
  open(): Promise<Bus>;
  close(): Promise<void>;
}
const kinds: [string, (topology: Topology, subjectBytes?: number) => Wires][] = [
  [
    'in one process',
    (topology, subjectBytes = busLimits.subjectBytes) => {
      const bus = openLocalBus(topology, { retryMs: 10, subjectBytes });
      return { open: async () => bus, close: () => bus.close() };
    },
  ],
  [
    `NATS JetStream${natsFault ? ` (${natsFault})` : ''}`,
    (topology, subjectBytes = busLimits.subjectBytes) => {
      const options = { prefix: `parts${prefix++}`, retryMs: 10, subjectBytes };
      const buses: Bus[] = [];
      return {
        async open() {
          const bus = await openNatsBus({ servers: nats.servers }, topology, options);
          buses.push(bus);
          return bus;
        },
        close: async () => void (await Promise.all(buses.map((bus) => bus.close()))),
      };
    },
  ],
];

/** Time that passes only as one worker says that it lives: a machine that is slow keeps nobody from being heard. */
function beating(bus: Bus, clock: ReturnType<typeof manualClock>): Bus {
  return {
    ...bus,
    async publish(subject, id, data) {
      await bus.publish(subject, id, data);
      if (Buffer.from(data).includes('"beat"')) clock.advance(limits.beatMs);
    },
  };
}

/** A bus that goes dead for who holds it after so many publications on a subject: it says nothing more, and hears nothing. */
function cutAfter(bus: Bus, subject: string, count: number): Bus {
  let said = 0;
  const dead = () => said >= count;
  return {
    async publish(at, id, data) {
      if (dead()) throw new Error('the line is cut');
      await bus.publish(at, id, data);
      if (at === subject) said++;
    },
    subscribe: (at, reader, handle) =>
      bus.subscribe(at, reader, async (message) => {
        if (!dead()) await handle(message);
      }),
    close: async () => {},
  };
}

it('is tried on a graph of many layers, with a hub, in several slices a part', () => {
  expect(layers.length).toBeGreaterThan(10);
  expect(scale.filter((own) => own === 0).length).toBeGreaterThan(0);
  expect(slicesOf(5, 4)).toBeGreaterThan(1);
});

describe.each(kinds)('%s', (name, wiresOf) => {
  const here = it.skipIf(name.includes('not installed'));

  /** One run with so many parts; each worker may have its bus altered. */
  async function run(
    count: number,
    options: {
      parts?: number;
      deadMs?: number;
      /** Whose beats are the clock of silence; the machine's own clock by default. */
      timedBy?: number;
      started?: number;
      gatherMs?: number;
      subjectBytes?: number;
      precision?: 'f16';
      alter?: (bus: Bus, worker: number) => Bus;
      before?: (bus: Bus) => Promise<void>;
    } = {},
  ) {
    const { parts = count, alter = (bus: Bus) => bus, before, precision, timedBy, started = count } = options;
    const all = names(count);
    const wires = wiresOf(propagationTopology(all), options.subjectBytes);
    const clock = manualClock();
    const shares = shareOut(nodes, parts);
    const { deadMs = limits.deadMs, gatherMs = limits.gatherMs } = options;
    const own = { ...limits, deadMs, gatherMs };
    const bus = await wires.open();
    await before?.(bus);
    const workers = await Promise.all(
      all.slice(0, started).map(async (worker, i) =>
        startPartWorker({
          ...{ name: worker, life: randomUUID(), clock: systemClock, limits: own },
          bus: i === timedBy ? beating(await wires.open(), clock) : alter(await wires.open(), i),
          load: async (_, part) => partOf(shares, part, layers, scale, prior),
        }),
      ),
    );
    try {
      const result = await runPartitioned({
        ...{ run: randomUUID(), bus, workers: all, graph: 'made', shares, eps, passes, sliceLength },
        ...{
          limits: own,
          clock: timedBy === undefined ? systemClock : clock,
          log: silentLog,
          ...(precision && { precision }),
        },
      });
      return { ...result, counts: workers.map(({ counts }) => ({ ...counts })) };
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
      await wires.close();
    }
  }

  here.each([1, 2, 3, 5])('comes with %i parts to what one machine comes to', async (count) => {
    const { belief, workers, lost } = await run(count);
    same(belief);
    expect([workers, lost]).toEqual([count, []]);
  });

  here('shares out more parts than there are workers, and takes spare ones', async () => {
    same((await run(2, { parts: 5 })).belief);
    same((await run(3, { parts: 2 })).belief);
  });

  here('comes to the same where a worker is lost in the middle, whatever it had said by then', async () => {
    // In the first pass, between two, and within the last that is exchanged.
    const each = slicesOf(3, 1);
    expect(each).toBeGreaterThan(2);
    for (const count of [1, 4 * each, 10 * each - 1]) {
      const alter = (bus: Bus, worker: number) => (worker === 1 ? cutAfter(bus, runSubject, count) : bus);
      const { belief, lost } = await run(3, { alter, deadMs: 600, timedBy: 0 });
      same(belief);
      expect(lost).toEqual(['host-1']);
    }
  });

  here('comes to the same where only one of three is left', async () => {
    const alter = (bus: Bus, worker: number) => (worker === 0 ? bus : cutAfter(bus, runSubject, 11 * worker));
    const { belief, lost } = await run(3, { alter, deadMs: 600, timedBy: 0 });
    same(belief);
    expect(lost.sort()).toEqual(['host-1', 'host-2']);
  });

  here('comes to the same where one is lost that had only its result to tell', async () => {
    const alter = (bus: Bus, worker: number) => (worker === 1 ? cutAfter(bus, reportSubject, 1) : bus);
    const { belief, lost } = await run(2, { alter, deadMs: 600, timedBy: 0 });
    same(belief);
    expect(lost).toEqual(['host-1']);
  });

  here('says so where no worker is left, or none answers', async () => {
    const alter = (bus: Bus) => cutAfter(bus, runSubject, 20);
    await expect(run(2, { alter, deadMs: 600 })).rejects.toThrow('No worker of the propagation is left');
  });

  here('heeds nothing of another run, nothing twice, and nothing that is no message', async () => {
    const foreign = {
      kind: 'scaled',
      pass: 0,
      first: 0,
      values: new Float32Array(sliceLength).fill(9),
    } as const;
    const { belief, counts, refused, late } = await run(2, {
      async before(bus) {
        await bus.publish(runSubject, 'old', packSlice({ ...foreign, run: randomUUID() }, 'f32'));
        await bus.publish(runSubject, 'rubbish', Buffer.from('{"type":"run"}'));
        await bus.publish(
          reportSubject,
          'old',
          packSlice({ ...foreign, kind: 'belief', run: randomUUID() }, 'f32'),
        );
        await bus.publish(reportSubject, 'rubbish', Buffer.from('[1]'));
      },
      // Everything is said twice, the second time under another id.
      alter: (bus) => ({
        ...bus,
        async publish(subject, id, data) {
          await bus.publish(subject, id, data);
          await bus.publish(subject, `${id}-again`, data);
        },
      }),
    });
    same(belief);
    for (const count of counts) {
      expect(count.refused).toBe(1);
      expect(count.late).toBeGreaterThan(0);
    }
    expect(refused).toBe(1);
    expect(late).toBeGreaterThan(0);
  });

  here('comes to the same where some of what was said is lost on the way', async () => {
    const alter = (bus: Bus, worker: number): Bus => {
      let said = 0;
      return {
        ...bus,
        async publish(subject, id, data) {
          // Acknowledged, and gone: a slice of a pass, and one of the result.
          if (worker === 1 && isSlice(data) && [5, 10 * slicesOf(2, 1) + 1].includes(said++)) return;
          await bus.publish(subject, id, data);
        },
      };
    };
    const { belief, lost } = await run(2, { alter });
    same(belief);
    expect(lost).toEqual([]);
  });

  here('goes on where the bus is full most of the time', async () => {
    same((await run(3, { subjectBytes: 6_000 })).belief);
  });

  here('empties what was left for a worker that is gone', async () => {
    const { belief, workers } = await run(3, {
      ...{ started: 2, gatherMs: 2_000, subjectBytes: 100_000 },
      async before(bus) {
        for (let n = 0; ; n++)
          try {
            await bus.publish(runSubject, `old ${n}`, Buffer.alloc(2_000));
          } catch {
            return;
          }
      },
    });
    same(belief);
    expect(workers).toBeLessThan(3);
  });

  here('tells how far half precision is off', async () => {
    const { belief } = await run(2, { precision: 'f16' });
    const off = apart(belief);
    // 11 bits: each pass rounds by up to 2^-11 of a value.
    expect(off).toBeGreaterThan(1e-6);
    expect(off).toBeLessThan(5e-3);
  });
});

it.skipIf(natsFault)(
  `a worker's process that is killed in the middle changes nothing (${natsFault ?? 'NATS'})`,
  async () => {
    const all = names(3);
    const shares = shareOut(nodes, 3);
    for (let part = 0; part < 3; part++)
      await writePart(partOf(shares, part, layers, scale, prior), partPath(folder, 'made', part));
    const topology = propagationTopology(all);
    // What a killed reader had in hand comes to the next one after `handleMs`.
    const options = { prefix: 'parts-killed', retryMs: 10, handleMs: 1_000 };
    const own = { ...limits, deadMs: 5_000 };
    const clock = manualClock();
    const bus = await openNatsBus({ servers: nats.servers }, topology, options);
    const worker = (name: string) =>
      startPartWorker({
        ...{ name, life: randomUUID(), clock: systemClock, limits: own },
        bus: name === 'host-0' ? beating(bus, clock) : bus,
        load: async (graph, part) => readPart(partPath(folder, graph, part)),
      });
    const child = fork(join(import.meta.dirname, '../../../test/setup/part-worker.mjs'), [], {
      env: {
        ...process.env,
        PART_WORKER: JSON.stringify({
          servers: nats.servers,
          topology,
          options,
          limits: own,
          folder,
          name: 'host-1',
          hangAfter: 5 * slicesOf(3, 1) + 1,
        }),
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const exited = once(child, 'exit');
    await once(child, 'message');
    const stuck = once(child, 'message').then(() => child.kill('SIGKILL'));
    const workers = await Promise.all([worker('host-0'), worker('host-2')]);
    try {
      const { belief, lost } = await runPartitioned({
        ...{ run: randomUUID(), bus, workers: all, graph: 'made', shares, eps, passes, sliceLength },
        ...{ limits: own, clock, log: silentLog },
      });
      same(belief);
      expect(lost).toEqual(['host-1']);
      await stuck;
      expect((await exited)[1]).toBe('SIGKILL');
    } finally {
      child.kill('SIGKILL');
      await Promise.all(workers.map((one) => one.close()));
      await bus.close();
    }
  },
);
