import { z } from 'zod';
import type { EventOf } from '../../model/event.ts';
import { defineDetector } from '../detector.ts';
import { Recent } from '../recent.ts';
import { Retelling } from '../retelling.ts';
import { Sequence, type Step } from '../sequence.ts';
import { weakestOf } from '../strongest.ts';

type Act = EventOf<'command'> | EventOf<'request'>;

/** A step that is a command of one protocol and fits a pattern. */
const command =
  (protocol: string, pattern: RegExp): Step<Act> =>
  (event) =>
    event.kind === 'command' && event.protocol === protocol && pattern.test(event.input);

/** A step that is a request whose method and path fit, and whose body fits where that is asked for. */
const request =
  (line: RegExp, body?: RegExp): Step<Act> =>
  (event) =>
    event.kind === 'request' &&
    line.test(`${event.method} ${event.target.slice(0, 1_024)}`) &&
    (body === undefined || (event.body !== undefined && body.test(event.body)));

const redis = (pattern: RegExp) => command('redis', pattern);

/** Where a database file turns into a job, a key, a page or a library. */
const redirects = redis(
  /^config["'\s]{1,4}set["'\s]{1,4}(?:dir["'\s]{1,4}\S{0,64}(?:cron|\/etc|\.ssh|\/root|\/www|\/html|\/tmp)|dbfilename["'\s]{1,4}\S{0,32}(?:root|cron|authorized_keys|\.php|\.jsp|\.so|zzh|backup\.db|apache))/i,
);
const plants = redis(
  /^set\b[\s\S]{0,4096}(?:\*\/?\d{0,2} \*|\* \* \* \*|ssh-(?:rsa|ed25519|dss) |<\?php|\bcurl\b|\bwget\b|\bcd1\b)/i,
);
const saves = redis(/^(?:bg)?save\b/i);

interface Takeover {
  says: string;
  attack: string[];
  steps: Step<Act>[];
}

/** Takeovers of services that let anyone in, in the order in which they only work. */
const takeovers: Takeover[] = [
  {
    says: 'Redis made to write a job, a key or a page: place, payload, save',
    attack: ['T1190', 'T1053.003', 'T1098.004'],
    steps: [redirects, plants, saves],
  },
  {
    says: 'Redis made to write a job, a key or a page: payload, place, save',
    attack: ['T1190', 'T1053.003', 'T1098.004'],
    steps: [plants, redirects, saves],
  },
  {
    says: 'Redis made a replica of a stranger and to load his module',
    attack: ['T1190', 'T1129'],
    steps: [redis(/^(?:slaveof|replicaof)["'\s]{1,4}(?!no\b)\S/i), redis(/^module["'\s]{1,4}load\b/i)],
  },
  {
    says: 'Redis made to run commands by a loaded module',
    attack: ['T1190', 'T1059.004'],
    steps: [redis(/^module["'\s]{1,4}load\b/i), redis(/^system\.(?:exec|rev)\b/i)],
  },
  {
    says: 'Docker made to start a container with the whole machine in it',
    attack: ['T1610', 'T1611'],
    steps: [
      request(
        /^POST (?:\/v[\d.]{1,8})?\/containers\/create\b/,
        /"Binds"\s{0,8}:\s{0,8}\[\s{0,8}"\/(?:etc|root|var|home)?:|"Privileged"\s{0,8}:\s{0,8}true|"PidMode"\s{0,8}:\s{0,8}"host"/,
      ),
      request(/^POST (?:\/v[\d.]{1,8})?\/containers\/[\w.-]{1,128}\/start\b/),
    ],
  },
];

/** A service is taken over by its own commands, step by step, over one connection or several of one source. */
export const abuse = defineDetector({
  name: 'abuse',
  summary: 'A service is taken over by its own commands',
  on: ['command', 'request'],
  options: z.strictObject({
    withinMs: z.int().positive().default(3_600_000),
    againMs: z.int().positive().default(600_000),
    growth: z.int().min(2).default(8),
    sources: z.int().positive().default(100_000),
  }),

  start({ withinMs, againMs, growth, sources: limit }) {
    const under = takeovers.map(({ steps }) => new Sequence(steps, withinMs, limit));
    const told = new Recent<{ takeovers: number; retelling: Retelling }>(limit, againMs);

    return (event, ref) => {
      // Shells bring most commands, and none of these.
      if (event.kind === 'command' && event.protocol !== 'redis') return;
      const key = `${event.src.ip} ${event.dst.port}\n${event.sensor}`;
      for (let i = 0; i < under.length; i++) {
        const because = under[i]!.add(key, event.time, event, ref);
        if (because === undefined) continue;
        let source = told.get(event.src.ip, event.time);
        if (source === undefined) {
          source = { takeovers: 0, retelling: new Retelling() };
          told.set(event.src.ip, source);
        }
        source.takeovers++;
        if (!source.retelling.due(source.takeovers, event.time, weakestOf(because), { againMs, growth }))
          continue;
        const { says, attack } = takeovers[i]!;
        return { subject: { type: 'ip', value: event.src.ip }, confidence: 0.95, attack, says, because };
      }
      return;
    };
  },
});
