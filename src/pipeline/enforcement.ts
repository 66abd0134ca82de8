import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { Audit, Decider, Flag } from '../decision/index.ts';
import {
  type Enforcer,
  enforcers,
  helperEnforcer,
  Runner,
  runnerOptions,
  spawnHelper,
} from '../enforcement/index.ts';
import type { Clock } from '../kit/clock.ts';
import { compiled } from '../kit/compiled.ts';
import type { Log } from '../kit/log.ts';
import type { Decision } from '../model/decision.ts';
import type { Receipt } from '../model/receipt.ts';
import { layoutOf } from '../sensor/layout.ts';
import type { Live } from './live.ts';
import type { NeverBlockList } from './never-block.ts';
import type { Stores } from './stores.ts';

export interface EnforcementParts {
  config: Config;
  data: string;
  running: boolean;
  log: Log;
  clock: Clock;
  neverBlock: NeverBlockList;
  stop: Flag;
  stores: Stores;
  audit: Audit;
  live: Live;
  decider: Decider;
}

/** One runner for each enforcer that is switched on, holding what the decider says stands. */
export async function startEnforcement(parts: EnforcementParts) {
  const { config, data, running, log, clock, neverBlock, stop, stores, audit, live, decider } = parts;
  const runners: Runner[] = [];
  const names: string[] = [];
  let receipts: Receipt[] = [];
  let writing: Promise<void> = Promise.resolve();

  function keep(more: Receipt[]): void {
    receipts.push(...more);
    writing = writing.then(async () => {
      const batch = receipts;
      receipts = [];
      if (batch.length === 0) return;
      await stores.store.write({ receipts: batch }).catch((cause: unknown) => {
        log.error('receipts could not be stored', { receipts: batch.length, cause });
      });
      try {
        audit.append(
          batch.map((receipt) => ({
            time: receipt.time,
            actor: receipt.enforcer,
            action: 'placement',
            data: { ...receipt },
          })),
        );
      } catch (cause) {
        log.error('placements could not be audited', { receipts: batch.length, cause });
      }
    });
  }
  function alarm(text: string): void {
    log.error('an alarm of the enforcement stage', { alarm: text });
    live.tell({ type: 'alarm', text, time: clock.now() });
  }

  if (running) {
    for (const enforcer of enforcersOf(config, data, clock)) {
      const runner = new Runner(
        {
          enforcer,
          clock,
          neverBlock: (source) => neverBlock.check(source, clock.now()),
          never: () => ({ blocks: neverBlock.blocks(), readAt: neverBlock.readAt() }),
          killed: () => stop.engaged(),
          receipts: keep,
          alarm: (text) => alarm(text),
        },
        runnerOptions.parse({}),
      );
      await runner.start(decider.standing());
      runners.push(runner);
      names.push(enforcer.name);
    }
  }

  return {
    names,
    /** Stores and audits what was done with decisions, here or by others. */
    keep,
    alarm,
    /** True where every set was emptied and read back after the kill switch was set. */
    get emptied(): boolean {
      return runners.every((runner) => runner.emptied);
    },
    changed(decisions: Decision[], ended: Decision[]): void {
      for (const runner of runners) {
        runner.want(decisions);
        // What was replaced by a wider or longer deny goes only after that stands: no gap.
        runner.drop(ended.map(({ id }) => id));
      }
    },
    /** Hands the never-block list to the enforcers again, after it was edited. */
    async protect(): Promise<void> {
      for (const runner of runners) await runner.protect();
    },
    poll(): void {
      for (const runner of runners) runner.poll();
    },
    async close(): Promise<void> {
      for (const runner of runners) await runner.close();
      await writing;
    },
  };
}

/**
 * The enforcers that are switched on. What needs privileges lives in the helper process, which has nothing else; what writes files of
 * ours lives here.
 */
export function enforcersOf(config: Config, data: string, clock: Clock): Enforcer[] {
  return enforcers.flatMap((plugin) => {
    const settings = config.enforcement[plugin.name];
    if (!settings?.enabled) return [];
    const options = withDecoys(config, inside(data, settings.options));
    if (!privileged.has(plugin.name)) return [plugin.create(options as never, clock)];
    return [helperEnforcer({ enforcer: plugin.name, options, clock, connect: () => spawnHelper(helper) })];
  });
}

const helper = compiled('../enforcement/helper.js', import.meta.url);
const privileged = new Set(['nftables', 'ipset']);

/** Our own decoys stay reachable for those who are denied: their ports, where the operator named none. */
function withDecoys(config: Config, options: Record<string, unknown>): Record<string, unknown> {
  const { decoys } = options as { decoys?: { tcp: number[]; udp: number[] } };
  if (!decoys || decoys.tcp.length > 0 || !config.sensor.enabled) return options;
  const { listening } = layoutOf(config.sensor);
  const portsOver = (wanted: 'tcp' | 'udp') => [
    ...new Set(listening.flatMap(({ port, transport }) => (port > 0 && transport === wanted ? [port] : []))),
  ];
  const udp = decoys.udp.length > 0 ? decoys.udp : portsOver('udp');
  return { ...options, decoys: { tcp: portsOver('tcp'), udp } };
}

/** A folder among the options that is relative lies in the data directory. */
function inside(data: string, options: Record<string, unknown>): Record<string, unknown> {
  return typeof options.folder === 'string' ? { ...options, folder: resolve(data, options.folder) } : options;
}

export type Enforcement = Awaited<ReturnType<typeof startEnforcement>>;
