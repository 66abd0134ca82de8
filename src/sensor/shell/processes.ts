/** Something that an attacker started and that seems to go on running. */
export interface Spawned {
  pid: number;
  user: string;
  command: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** When it ends by itself; infinity for a program that stays. */
  until: number;
}

/** A command that a shell put into the background. */
export interface Job {
  number: number;
  pid: number;
  text: string;
  until: number;
  status: number;
}

const limit = 64;

/** What one attacker's programs look like to ps and kill, over connections; the oldest go first. */
export class ProcessTable {
  readonly #all: Spawned[] = [];
  readonly #from: number | undefined;
  #last = 0;

  /** `from`: what the last number was where few run, as in a container. */
  constructor(from?: number) {
    this.#from = from;
    this.#last = from ?? 0;
  }

  /** A process id that nothing has yet; they grow with the time, as on a machine that works. */
  nextPid(now: number): number {
    const least = this.#from === undefined ? 4_000 + (Math.floor(now / 7_000) % 20_000) : 0;
    this.#last = Math.max(this.#last + 1, least);
    return this.#last;
  }

  add(process: Spawned): void {
    this.#all.push(process);
    if (this.#all.length > limit) this.#all.shift();
  }

  running(now: number): readonly Spawned[] {
    return this.#all.filter(({ until }) => until > now);
  }

  /** Ends those that the test picks; how many. */
  end(test: (process: Spawned) => boolean): number {
    let count = 0;
    for (let at = this.#all.length - 1; at >= 0; at--) {
      if (!test(this.#all[at]!)) continue;
      this.#all.splice(at, 1);
      count++;
    }
    return count;
  }
}

/** Takes the jobs that have ended out of a list; what bash says of them. */
export function noticesOf(jobs: Job[], now: number): string {
  const done = jobs.filter(({ until }) => until <= now);
  for (const job of done) jobs.splice(jobs.indexOf(job), 1);
  return done
    .map((job) => {
      const state = job.status === 0 ? 'Done' : `Exit ${job.status}`;
      return `[${job.number}]${job === done.at(-1) ? '+' : '-'}  ${state.padEnd(24)}${job.text}\n`;
    })
    .join('');
}
