import { createReadStream, readFileSync } from 'node:fs';
import { makeLog } from '../eval/sessions-made.ts';
import { createClassifier, createSessionStream, loadLibrary } from '../src/analysis/sessions/index.ts';
import { readEvents, readerNamed } from '../src/cli/classify-events.ts';
import type { Event } from '../src/model/event.ts';
import { packageFolder } from '../src/version.ts';
import { type Bench, rssMb, sha256 } from './bench.ts';

/** Sessions of a log, from lines and from events in memory, to all that is said of them; one thread. */
export const classify: Bench = {
  name: 'classify',
  summary: 'sessions of a log, said what they are: labels, tactics, kind of actor, indicators',
  async run({ input, full, say }) {
    const library = loadLibrary([packageFolder('behaviours')]);
    const log = input === undefined ? makeLog(full ? 100_000 : 20_000, 7) : undefined;
    const events: Event[] = [];
    let lines = 0;
    let rejected = 0;
    const read = async (name: string, bytes: AsyncIterable<Buffer>, format: string | undefined) => {
      const counts = await readEvents(name, bytes, readerNamed(format), Date.now(), (event) =>
        events.push(event),
      );
      lines += counts.lines;
      rejected += counts.rejected;
    };
    const began = performance.now();
    if (log === undefined) await read(input!, createReadStream(input!), undefined);
    else {
      await read('made-cowrie.json', whole(log.cowrie), 'cowrie');
      await read('made-events.jsonl', whole(log.events), 'caltrop');
    }
    const reading = (performance.now() - began) / 1_000;
    say(`${events.length} events`);
    let sessions = 0;
    let labelled = 0;
    const start = performance.now();
    const cpu = process.cpuUsage();
    const stream = createSessionStream(createClassifier(library), ({ labels }) => {
      sessions++;
      if (labels.length > 0) labelled++;
    });
    for (const event of events) stream.push(event);
    stream.end();
    const seconds = (performance.now() - start) / 1_000;
    const used = process.cpuUsage(cpu);
    return {
      metrics: {
        sessions_per_s: Math.round(sessions / seconds),
        sessions_per_s_with_reading: Math.round(sessions / (seconds + reading)),
        cpu_us_per_session: Math.round((used.user + used.system) / sessions),
        us_per_session: Math.round((seconds / sessions) * 1e6),
        rss_mb: Math.round(rssMb(process.pid)),
      },
      params: { full, sessions, labelled, events: events.length, behaviours: library.behaviours.length },
      input: {
        sha256: sha256(log === undefined ? readFileSync(input!) : log.cowrie + log.events),
        rows_in: lines,
        rows_stored: lines - rejected,
        rejected,
      },
    };
  },
};

async function* whole(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
