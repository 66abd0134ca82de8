import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../src/config.ts';
import { createLog } from '../src/kit/log.ts';
import { collect } from '../src/lake/index.ts';
import { openPipeline } from '../src/pipeline.ts';
import { type Bench, cpuSeconds, quantile, rssMb } from './bench.ts';
import { writeCowrieLog } from './cowrie-log.ts';

/** Cowrie's JSON from a file to rows that a query finds, all detectors and enrichment on, decisions made. */
export const intake: Bench = {
  name: 'intake',
  summary: 'a Cowrie log from file to queryable rows, all detectors on',
  async run({ input, full, folder, say }) {
    const path = input ?? join(folder, 'cowrie.json');
    const events = full ? 20_000_000 : 2_000_000;
    if (!input) {
      say(`writing ${events} events`);
      writeCowrieLog(path, events);
    }
    const pipeline = await openPipeline({
      config: configSchema.parse({}),
      data: join(folder, 'data'),
      running: false,
      log: createLog('bench', { level: 'warn' }),
    });
    const lakePid = (pipeline.lake as unknown as { pid: number }).pid;
    let rssMax = 0;
    const memory: { program: number; lake: number }[] = [];
    const sample = () => {
      const mb = { program: Math.round(rssMb(process.pid)), lake: Math.round(rssMb(lakePid)) };
      rssMax = Math.max(rssMax, mb.program + mb.lake);
      memory.push(mb);
    };
    const timer = setInterval(sample, 1_000);
    const cpuBefore = { main: cpuSeconds(process.pid), lake: cpuSeconds(lakePid) };
    const began = performance.now();
    let rejected = 0;
    let lines = 0;
    for await (const message of pipeline.imports.run({ files: [{ path, format: 'cowrie' }], live: false })) {
      if (message.type === 'imported') lines = message.lines;
      if (message.type === 'finished') {
        rejected = message.rejected;
        // Sessions are looked at later, from the lake, at their own pace: `bench classify` measures that.
        break;
      }
      if (message.type === 'progress' && message.events % 500_000 < 3_000)
        say(`${message.events} events after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
    const [{ n }] = (await collect<{ n: number }>(
      pipeline.lake.rows({ sql: 'SELECT count() AS n FROM events' }),
    )) as [{ n: number }];
    const seconds = (performance.now() - began) / 1000;
    clearInterval(timer);
    sample();
    const cpu = {
      main: cpuSeconds(process.pid) - cpuBefore.main,
      lake: cpuSeconds(lakePid) - cpuBefore.lake,
    };
    const decisions = (await pipeline.store.decisions({ limit: 100_000 })).length;
    // What it takes once it is warm, and at the end: medians of the fourth and of the last tenth.
    const tenth = (n: number, of: 'program' | 'lake') => {
      const part = memory.slice(
        Math.floor((memory.length * n) / 10),
        Math.ceil((memory.length * (n + 1)) / 10),
      );
      return quantile(
        part.map((one) => one[of]),
        0.5,
      );
    };
    await pipeline.close();
    return {
      metrics: {
        cowrie_events_per_s: Math.round(lines / seconds),
        rss_mb_max: Math.round(rssMax),
        rss_mb_program_early: tenth(3, 'program'),
        rss_mb_program_late: tenth(9, 'program'),
        rss_mb_lake_early: tenth(3, 'lake'),
        rss_mb_lake_late: tenth(9, 'lake'),
        cpu_us_per_event_main: Math.round((cpu.main / lines) * 1e8) / 100,
        cpu_us_per_event_lake: Math.round((cpu.lake / lines) * 1e8) / 100,
        seconds: Math.round(seconds * 100) / 100,
      },
      params: { full, bytes: statSync(path).size, decisions },
      input: { sha256: await sha256Of(path), rows_in: lines, rows_stored: Number(n), rejected },
    };
  },
};

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
