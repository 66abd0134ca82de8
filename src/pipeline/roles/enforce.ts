import type { Bus } from '../../bus/index.ts';
import type { Config } from '../../config.ts';
import { killSwitch } from '../../decision/index.ts';
import { Runner, runnerOptions } from '../../enforcement/index.ts';
import type { Clock } from '../../kit/clock.ts';
import { hostAddresses } from '../../kit/host-addresses.ts';
import { parsePrefix } from '../../kit/ip.ts';
import type { Log } from '../../kit/log.ts';
import { PrefixMap } from '../../kit/prefix-map.ts';
import type { Decision } from '../../model/decision.ts';
import { lockFolder } from '../../state/index.ts';
import { enforcersOf } from '../enforcement.ts';
import { type Order, orderSchema, type Report } from './orders.ts';
import { ordersOf, readers, reports } from './topology.ts';

/** How old the rules may be: with older ones nothing is placed. */
const staleMs = 600_000;

/**
 * Enforces on this host what another decides. Never-block is checked here again, by the list that came with the orders and by this
 * host's own addresses; without a fresh list nothing is placed. What stands stays where the decider is gone, until its own end.
 */
export async function startEnforceRole(parts: {
  config: Config;
  data: string;
  host: string;
  bus: Bus;
  log: Log;
  clock: Clock;
}) {
  const { config, data, host, bus, log, clock } = parts;
  const release = lockFolder(data);
  const local = killSwitch(data);
  const wanted = new Map<string, Decision>();
  let pieces = { number: 0, at: [] as Decision[][], got: 0 };
  let rules: { blocks: string[]; readAt: number; killed: boolean } | null = null;
  let hard = new PrefixMap<true>();
  let reportNumber = clock.now();
  const tell = (said: Report) => {
    const id = `${host}/${reportNumber++}`;
    bus.publish(reports, id, Buffer.from(JSON.stringify(said))).catch((cause: unknown) => {
      log.error('what was done could not be reported', { cause });
    });
  };
  const own = () => hostAddresses().map(({ address }) => address);

  const runners = enforcersOf(config, data, clock).map(
    (enforcer) =>
      new Runner(
        {
          enforcer,
          clock,
          neverBlock(source) {
            const prefix = parsePrefix(source);
            if (!rules || !prefix || clock.now() - rules.readAt > staleMs) return { verdict: 'unavailable' };
            return { verdict: hard.overlapping(prefix) ? 'hard' : 'clear' };
          },
          never: () => ({ blocks: rules?.blocks ?? [], readAt: rules?.readAt ?? 0 }),
          killed: () => local.engaged() || rules?.killed === true,
          receipts: (receipts) => tell({ host, receipts }),
          alarm(text) {
            log.error('an alarm of the enforcement stage', { alarm: text });
            tell({ host, alarm: text.slice(0, 2_000) });
          },
        },
        runnerOptions.parse({}),
      ),
  );
  let started = false;

  async function takeRules(order: Extract<Order, { type: 'rules' }>): Promise<void> {
    const changed = JSON.stringify(order.blocks) !== JSON.stringify(rules?.blocks);
    const { blocks, readAt, killed } = order;
    rules = { blocks: [...blocks, ...own()], readAt, killed };
    const map = new PrefixMap<true>();
    for (const block of rules.blocks) map.set(block, true);
    hard = map;
    if (!started) return;
    for (const runner of runners) {
      if (changed) await runner.protect();
      runner.poll();
    }
  }

  function change(decisions: Decision[], ended: readonly string[]): void {
    for (const decision of decisions) wanted.set(decision.id, decision);
    for (const id of ended) wanted.delete(id);
    if (!started) return;
    for (const runner of runners) {
      runner.want(decisions);
      runner.drop(ended);
    }
  }

  /** Takes all that stands once its parts are complete. The first time, what the kernel holds is taken over with it. */
  async function takeStanding(order: Extract<Order, { type: 'standing' }>): Promise<void> {
    if (order.number !== pieces.number) pieces = { number: order.number, at: [], got: 0 };
    if (!pieces.at[order.part]) pieces.got++;
    pieces.at[order.part] = order.decisions;
    if (pieces.got < order.parts) return;
    const all = new Map(pieces.at.flat().map((decision) => [decision.id, decision]));
    pieces = { number: 0, at: [], got: 0 };
    const ended = [...wanted.keys()].filter((id) => !all.has(id));
    const fresh = [...all.values()].filter(({ id, until }) => wanted.get(id)?.until !== until);
    change(fresh, ended);
    if (started) return;
    started = true;
    for (const runner of runners) await runner.start(wanted.values());
    log.info('what stands is enforced', { decisions: wanted.size, by: runners.length });
  }

  await bus.subscribe(ordersOf(host), readers.enforce, async ({ data: message }) => {
    const order = orderSchema.parse(JSON.parse(Buffer.from(message).toString()));
    if (order.type === 'rules') await takeRules(order);
    else if (order.type === 'standing') await takeStanding(order);
    else change(order.decisions, order.ended);
  });
  tell({ host, hello: true });
  return {
    async close(): Promise<void> {
      await bus.close();
      for (const runner of runners) if (started) await runner.close();
      release();
    },
  };
}
