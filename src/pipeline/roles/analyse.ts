import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createAnalysis, detectors, loadRules } from '../../analysis/index.ts';
import { type Bus, busLimits } from '../../bus/index.ts';
import type { Config } from '../../config.ts';
import { openEnrichment } from '../../intake/enrich.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { readRows } from '../../lake/index.ts';
import type { Signal } from '../../model/signal.ts';
import { lockFolder } from '../../state/index.ts';
import { packageFolder } from '../../version.ts';
import { unpackRows } from './event-messages.ts';
import { keyOf, Recall } from './recall.ts';
import { eventsOf, readers, signals as signalsSubject } from './topology.ts';

/** Signals of one message, so that it stays well below the limit of the bus. */
const perMessage = 200;

/** What those who analyse say: signals, and the network of each address that they are about. */
export interface SignalMessage {
  signals: Signal[];
  networks: Record<string, number>;
}

/**
 * The last message of a shard and what it came to. Where that could not be said, or the process ended before it was acknowledged, the
 * message comes again: it is said then, and its events are not counted twice.
 */
interface Handled {
  key: string;
  made: Signal[];
}

function pushAll(analysis: ReturnType<typeof createAnalysis>, message: Uint8Array): Signal[] {
  const made: Signal[] = [];
  for (const { event } of readRows(unpackRows(message).rows)) made.push(...analysis.push(event));
  return made;
}

/** Watches the events of some shards and says what it makes of them. One process a shard at a time: its memory is of that shard alone. */
export async function startAnalyseRole(parts: {
  config: Config;
  data: string;
  shards: number[];
  bus: Bus;
  log: Log;
  clock: Clock;
}) {
  const { config, data, shards, bus, log, clock } = parts;
  const release = lockFolder(data);
  const { rules } = config.analysis;
  const loaded = [packageFolder('rules'), ...(rules ? [rules] : [])].flatMap((folder) => loadRules(folder));
  const enrichment = config.intake.enrich ? openEnrichment() : null;
  const analyses = shards.map((shard) => {
    const analysis = createAnalysis([...detectors, ...loaded], { detectors: config.analysis.detectors, log });
    const recall = new Recall(join(data, 'recall', String(shard)));
    let last: Handled | null = null;
    for (const { key, data: message } of recall.messages()) last = { key, made: pushAll(analysis, message) };
    return { shard, analysis, recall, last };
  });

  async function say(made: Signal[]): Promise<void> {
    for (let at = 0; at < made.length; at += perMessage) {
      const signals = made.slice(at, at + perMessage);
      const networks: Record<string, number> = {};
      for (const { subject } of signals)
        if (subject.type === 'ip' && enrichment) networks[subject.value] = enrichment.asnOf(subject.value);
      const text = Buffer.from(JSON.stringify({ signals, networks } satisfies SignalMessage));
      if (text.length > busLimits.maxMessage && signals.length > 1) {
        await say(signals.slice(0, signals.length >> 1));
        await say(signals.slice(signals.length >> 1));
        continue;
      }
      const id = createHash('sha256');
      for (const signal of signals) id.update(signal.id);
      await bus.publish(signalsSubject, id.digest('hex'), text);
    }
  }

  for (const one of analyses) {
    const { shard, analysis, recall } = one;
    await bus.subscribe(eventsOf(shard), readers.analyse, async ({ id, data: message }) => {
      const key = keyOf(id);
      if (one.last?.key !== key) {
        one.last = { key, made: pushAll(analysis, message) };
        recall.keep(key, message, clock.now());
      }
      await say(one.last.made);
    });
  }
  return {
    async close(): Promise<void> {
      await bus.close();
      release();
    },
  };
}
