import { z } from 'zod';
import { type Claim, defineDetector, type Ref } from '../detector.ts';
import { downloadsAndRuns, fetches, runs } from '../download-and-run.ts';
import { requestRuns } from '../evidence.ts';
import { Recent } from '../recent.ts';
import { Retelling } from '../retelling.ts';
import { weakestOf } from '../strongest.ts';

interface Source {
  drops: number;
  told: Retelling;
}

/** What a decoy's shell says of a file that was left with it, where it was to be run. */
const meantToRun = new Set<unknown>(['made executable', 'run']);

/**
 * A program is brought in and run: in one command of any protocol, or fetched or uploaded first and run after it in the same
 * session. Nothing harmless does this to a decoy.
 */
export const dropper = defineDetector({
  name: 'dropper',
  summary: 'A program is brought in and run',
  on: ['command', 'request', 'upload', 'download'],
  options: z.strictObject({
    /** How long after something came in it counts as run. */
    withinMs: z.int().positive().default(600_000),
    againMs: z.int().positive().default(600_000),
    growth: z.int().min(2).default(8),
    sources: z.int().positive().default(100_000),
    sessions: z.int().positive().default(100_000),
  }),

  start({ withinMs, againMs, growth, sources: sourceLimit, sessions: sessionLimit }) {
    const sources = new Recent<Source>(sourceLimit, againMs);
    const brought = new Recent<{ time: number; ref: Ref }>(sessionLimit, withinMs);
    const again = { againMs, growth };

    function tell(ip: string, time: number, because: Ref[], decoy: boolean, says: string): Claim | undefined {
      let source = sources.get(ip, time);
      if (source === undefined) {
        source = { drops: 0, told: new Retelling() };
        sources.set(ip, source);
      }
      source.drops++;
      if (!source.told.due(source.drops, time, weakestOf(because), again)) return undefined;
      return {
        subject: { type: 'ip', value: ip },
        // An administrator of a real machine installs by `curl … | sh` too.
        confidence: decoy ? 0.95 : 0.6,
        attack: ['T1105', 'T1059.004'],
        says,
        because,
      };
    }

    return (event, ref) => {
      const { src, time, decoy } = event;
      if (event.kind === 'request') {
        if (!requestRuns(event)) return;
        return tell(
          src.ip,
          time,
          [ref()],
          decoy,
          `a request downloads and runs a program (${event.protocol})`,
        );
      }
      if (event.kind === 'command') {
        if (event.input.length < 3) return;
        if (downloadsAndRuns(event.input))
          return tell(
            src.ip,
            time,
            [ref()],
            decoy,
            `a command downloads and runs a program (${event.protocol})`,
          );
        const started =
          brought.size > 0 && runs(event.input)
            ? brought.get(`${event.session}\n${event.sensor}`, time)
            : undefined;
        if (started !== undefined && time - started.time <= withinMs)
          return tell(
            src.ip,
            time,
            [started.ref, ref()],
            decoy,
            `a program was brought in and run (${event.protocol})`,
          );
        if (!fetches(event.input)) return;
      }
      // Written out piece by piece, over many lines of which none says it all: what the decoy was left with does.
      if (event.kind === 'upload' && decoy && meantToRun.has(event.detail?.how))
        return tell(src.ip, time, [ref()], decoy, `a program was left and made to run (${event.protocol})`);
      brought.set(`${event.session}\n${event.sensor}`, { time, ref: ref() });
      return;
    };
  },
});
