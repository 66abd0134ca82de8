import { type Bus, busLimits } from '../../bus/index.ts';
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Log } from '../../kit/log.ts';
import { Bell } from './bell.ts';
import { Drains } from './drains.ts';
import { Gathered } from './gathered.ts';
import {
  coordinator,
  limits as defaults,
  type Order,
  type PropagationLimits,
  parsed,
  type Report,
  reportSchema,
  reportSubject,
  runSubject,
} from './protocol.ts';
import { publishUntil } from './publish.ts';
import { Roster } from './roster.ts';
import { positionOf, type Shares } from './shares.ts';
import { isSlice, type Precision, sliceLength, unpackSlice } from './slice.ts';

export interface RunParts {
  /** A UUID that no run had before. */
  run: string;
  bus: Bus;
  /** Names of all workers, as the bus's topology has them. */
  workers: readonly string[];
  /** Which graph's parts the workers load, and how it was shared out. */
  graph: string;
  shares: Shares;
  eps: number;
  passes: number;
  /** What scaled beliefs are rounded to between workers; `f32` gives what one machine gives. */
  precision?: Precision;
  /** Numbers of one message; as many as fit by default. */
  sliceLength?: number;
  limits?: Partial<PropagationLimits>;
  clock: Clock;
  log: Log;
}

export interface RunResult {
  /** By node, as `believe` gives it. */
  belief: Float32Array;
  /** Workers that began, and those of them that were lost on the way. */
  workers: number;
  lost: string[];
  /** Reports and slices of other runs, or said twice; and what was neither. */
  late: number;
  refused: number;
}

/**
 * Spreads belief over a graph that lies in parts, with all workers that answer. A worker that is silent for `deadMs`, or says that it
 * cannot go on, loses its parts to the others; nothing is done again but its current pass. Throws a `Fault` where no worker answers
 * or is left, or nothing happens for `stallMs`.
 */
export async function runPartitioned(parts: RunParts): Promise<RunResult> {
  const { run, bus, workers, shares, clock, log } = parts;
  const limits = { ...defaults, ...parts.limits };
  const roster = new Roster();
  const drains = new Drains(bus);
  const belief = new Gathered(shares.bounds, parts.sliceLength ?? sliceLength(busLimits.maxMessage, 'f32'));
  const bell = new Bell();
  const lost: string[] = [];
  const counts = { late: 0, refused: 0 };
  let gathering = true;
  let why = '';
  let failed: string[] = [];
  let movedAt = clock.now();
  let moved = -1;

  function hear(report: Report): void {
    const { type, worker, life } = report;
    if (report.run !== run || !workers.includes(worker)) counts.late++;
    else if (type === 'here') {
      if (gathering) roster.join(worker, life, clock.now());
      else if (roster.members[worker] !== life) failed.push(worker);
    } else if (!roster.heard(report, clock.now())) counts.late++;
    else if (type === 'failed') {
      why = report.why ?? '';
      failed.push(worker);
    }
  }

  function take(data: Uint8Array): void {
    const slice = unpackSlice(data);
    if (slice?.kind !== 'belief') counts.refused++;
    else if (slice.run !== run) counts.late++;
    else {
      const put = belief.put(slice.first, slice.values);
      if (put === 'new') movedAt = clock.now();
      else counts[put === 'double' ? 'late' : 'refused']++;
    }
  }

  let said = 0;
  const say = (order: Order, needless: () => boolean) =>
    publishUntil(
      bus,
      [runSubject, `${run}.o.${said++}`, Buffer.from(JSON.stringify(order))],
      needless,
      limits.retryMs,
    );

  /** Calls until all are here, or the time is over. A subject that is full of old post is emptied. */
  async function gather(): Promise<void> {
    const until = clock.now() + limits.gatherMs;
    while (roster.size < workers.length && clock.now() < until) {
      const order: Order = { type: 'call', run };
      let tries = 0;
      if (!(await say(order, () => tries++ > 0))) for (const worker of workers) await drains.open(worker);
      else await drains.close();
      const again = Math.min(until, clock.now() + limits.beatMs);
      while (roster.size < workers.length && clock.now() < again) await bell.wait(limits.beatMs);
    }
    gathering = false;
  }

  async function order(epoch: number): Promise<void> {
    const { graph, eps, passes, precision = 'f32' } = parts;
    for (const worker of workers) if (!(worker in roster.members)) await drains.open(worker);
    const began = clock.now();
    const { members, owners } = roster;
    const length = parts.sliceLength ?? sliceLength(busLimits.maxMessage, 'f32');
    const { bounds } = shares;
    await say(
      {
        type: 'run',
        run,
        epoch,
        graph,
        bounds,
        eps,
        passes,
        precision,
        sliceLength: length,
        members,
        owners,
      },
      () => clock.now() - began > limits.stallMs,
    );
  }

  /** Looks who is gone. True where parts changed hands. */
  function review(): boolean {
    const gone = new Set([...failed, ...roster.silent(clock.now(), limits.deadMs)]);
    failed = [];
    let changed = false;
    for (const worker of gone) {
      if (!(worker in roster.members)) continue;
      if (roster.size === 1)
        throw new Fault('unavailable', `No worker of the propagation is left. ${why}`.trim());
      log.warn('a worker is lost and its parts go to others', { worker, why, pass: roster.pass });
      roster.drop(worker);
      lost.push(worker);
      changed = true;
    }
    if (roster.pass > moved) {
      moved = roster.pass;
      movedAt = clock.now();
    }
    if (clock.now() - movedAt > limits.stallMs)
      throw new Fault('unavailable', 'The propagation does not go on.');
    return changed;
  }

  const reports = await bus.subscribe(reportSubject, coordinator, async ({ data }) => {
    if (isSlice(data)) take(data);
    else {
      const report = parsed(reportSchema, data);
      if (report) hear(report);
      else counts.refused++;
    }
    bell.ring();
  });
  try {
    await gather();
    if (roster.size === 0) throw new Fault('unavailable', 'No worker answers the propagation.');
    const began = roster.size;
    roster.assign(shares.bounds.length - 1);
    let epoch = 0;
    await order(epoch);
    movedAt = clock.now();
    while (!belief.whole) {
      await bell.wait(limits.beatMs);
      if (review()) await order(++epoch);
    }
    const byNode = new Float32Array(shares.nodes);
    for (let node = 0; node < shares.nodes; node++) byNode[node] = belief.values[positionOf(shares, node)]!;
    return { belief: byNode, workers: began, lost, ...counts };
  } finally {
    const ended = clock.now();
    await say({ type: 'end', run }, () => clock.now() - ended > limits.beatMs);
    await drains.close();
    await reports.stop();
  }
}
