import { createAnalysis, detectors, loadRules } from '../../src/analysis/index.ts';
import { cowrie } from '../../src/intake/readers/cowrie.ts';
import { uuidv8 } from '../../src/kit/uuid.ts';
import type { Event } from '../../src/model/event.ts';
import { cowrieLines } from './cowrie-lines.ts';

/** Nanoseconds an event in the analysis: Cowrie's mix of few and of many sources, all detectors and each alone. */
function eventsOf(sessions: number, sources: number): Event[] {
  const read = cowrie.start({ source: 'bench', now: () => 1_760_000_000_000 });
  const digest = new Uint8Array(10);
  const view = new DataView(digest.buffer);
  return cowrieLines(sessions, sources).flatMap((line, n) => {
    const made = read(line);
    view.setUint32(6, n);
    return [made ?? []].flat().map(
      (one): Event => ({
        ...one,
        id: Buffer.from(uuidv8(one.time, digest)).toString(),
        arrived: one.time,
        sensor: one.sensor ?? 'bench',
      }),
    );
  });
}

const rules = loadRules('rules');

function measure(list: typeof detectors, events: Event[]): { ns: number; signals: number } {
  let ns = Number.POSITIVE_INFINITY;
  let signals = 0;
  for (let round = 0; round < 5; round++) {
    const analysis = createAnalysis(list);
    signals = 0;
    const from = process.hrtime.bigint();
    for (const event of events) signals += analysis.push(event).length;
    ns = Math.min(ns, Number(process.hrtime.bigint() - from) / events.length);
  }
  return { ns: Math.round(ns), signals };
}

for (const sources of [200, 20_000, 200_000]) {
  const events = eventsOf(60_000, sources);
  const memory = process.memoryUsage().heapUsed;
  console.log(
    JSON.stringify({ sources, events: events.length, all: measure([...detectors, ...rules], events) }),
  );
  console.log(JSON.stringify({ sources, rules: measure(rules, events) }));
  for (const detector of detectors)
    console.log(JSON.stringify({ sources, detector: detector.name, ...measure([detector], events) }));
  console.log(
    JSON.stringify({
      sources,
      none: measure([], events),
      heap_mb: Math.round((process.memoryUsage().heapUsed - memory) / 1e6),
    }),
  );
}
