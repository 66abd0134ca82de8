import { Member, type MemberParts } from './member.ts';
import {
  limits as defaults,
  type Order,
  orderSchema,
  type PropagationLimits,
  parsed,
  type Report,
  reportSubject,
  runSubject,
} from './protocol.ts';
import { isSlice, unpackSlice } from './slice.ts';

/** What a worker did not use. */
export interface WorkerCounts {
  /** Slices of runs that it has no part in any more, or of passes that are over. */
  late: number;
  /** Messages that are neither slice nor order. */
  refused: number;
}

export interface PartWorker {
  readonly counts: Readonly<WorkerCounts>;
  close(): Promise<void>;
}

/**
 * Takes part in runs, one at a time, under a name that the bus's topology has; until it is closed. `life` is a UUID of this start. The
 * bus stays open when the worker is closed.
 */
export async function startPartWorker(
  parts: Omit<MemberParts, 'limits'> & { limits?: Partial<PropagationLimits> },
): Promise<PartWorker> {
  const { name, life, bus } = parts;
  const limits = { ...defaults, ...parts.limits };
  const counts: WorkerCounts = { late: 0, refused: 0 };
  let member: Member | null = null;
  let calls = 0;

  async function obey(order: Order): Promise<void> {
    if (order.type === 'call') {
      const here: Report = { type: 'here', run: order.run, worker: name, life, pass: -1 };
      await bus.publish(reportSubject, `${life}.here.${calls++}`, Buffer.from(JSON.stringify(here)));
    } else if (order.type === 'end') {
      if (member?.run === order.run) member.leave();
    } else {
      const mine = order.members[name] === life;
      if (member?.run === order.run) {
        if (mine) member.reorder(order);
        else member.leave();
        return;
      }
      if (!mine || order.bounds.some((bound, i) => i > 0 && bound < order.bounds[i - 1]!)) return;
      // There is one coordinator: a new run ends the one before.
      await member?.left();
      member = new Member(order, { ...parts, limits });
    }
  }

  const subscription = await bus.subscribe(runSubject, name, async ({ data }) => {
    if (!isSlice(data)) {
      const order = parsed(orderSchema, data);
      if (order) await obey(order);
      else counts.refused++;
      return;
    }
    const slice = unpackSlice(data);
    if (slice?.kind !== 'scaled') counts.refused++;
    else if (member?.run !== slice.run || !(await member.take(slice))) counts.late++;
  });
  return {
    counts,
    async close() {
      await member?.left();
      await subscription.stop();
    },
  };
}
