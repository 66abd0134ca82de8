import type { Config } from '../config.ts';
import type { Audit, Decider } from '../decision/index.ts';
import type { Log } from '../kit/log.ts';
import type { NeverBlockList } from './never-block.ts';
import { retain } from './retention.ts';
import type { Stores } from './stores.ts';
import type { Verdicts } from './verdicts.ts';

export interface HouseParts {
  config: Config;
  stores: Stores;
  audit: Audit;
  decider: Decider;
  verdicts: Verdicts;
  neverBlock: NeverBlockList;
  log: Log;
  now(): number;
  running: boolean;
}

const second = 1_000;
const minute = 60 * second;

/** What has to be done now and then: terms that end, the never-block list read anew, old things dropped. */
export function keepHouse(parts: HouseParts) {
  const { config, stores, audit, decider, verdicts, neverBlock, log, now, running } = parts;
  const timers: NodeJS.Timeout[] = [];
  let stateOver = false;
  const every = (ms: number, what: string, work: () => Promise<unknown>) => {
    let busy = false;
    timers.push(
      setInterval(() => {
        if (busy) return;
        busy = true;
        work()
          .catch((cause: unknown) => log.error('housekeeping failed', { what, cause }))
          .finally(() => {
            busy = false;
          });
      }, ms).unref(),
    );
  };
  if (running) {
    every(second, 'release', async () => {
      const outcome = decider.tick(now());
      if (outcome.ended.length > 0) await verdicts.act(outcome);
    });
    every(minute, 'never-block', async () => {
      await neverBlock.reload();
      const outcome = decider.recheck(now());
      if (outcome.ended.length > 0) await verdicts.act(outcome);
    });
    every(10 * minute, 'retention of the state', async () => {
      await stores.store.expire(now() - config.state.retentionMs);
      await stores.tokens.expire(now());
      const state = await stores.fitState(now());
      if (state.removed > 0) log.info('old rows of the state were removed to make room', { ...state });
      if (state.over && !stateOver) log.error('the state takes more disk than it may', { ...state });
      stateOver = state.over;
    });
    every(10 * minute, 'retention of events', async () => {
      const dropped = await retain(stores.lake, config.lake, now());
      if (dropped.length > 0) log.info('weeks of events were dropped', { weeks: dropped.join(' ') });
    });
    every(10 * minute, 'retention of the audit', async () => {
      const removed = audit.retain(now());
      if (removed.length > 0) log.info('parts of the audit were removed', { parts: removed.join(' ') });
    });
  }
  return {
    /** True where the state takes more disk than it may, and what is left of it must stay. */
    get stateOver(): boolean {
      return stateOver;
    },
    stop(): void {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
