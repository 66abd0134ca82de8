import type { Bus } from '../../bus/index.ts';
import type { Clock } from '../../kit/clock.ts';
import { Bell } from './bell.ts';
import { Gathered } from './gathered.ts';
import type { Part } from './part.ts';
import { type PropagationLimits, type Report, type RunOrder, reportSubject, runSubject } from './protocol.ts';
import { publishUntil } from './publish.ts';
import { Share } from './share.ts';
import { packSlice, type Slice } from './slice.ts';

export interface MemberParts {
  name: string;
  life: string;
  bus: Bus;
  /** A part of a graph, from where they all lie. */
  load(graph: string, part: number): Promise<Part>;
  clock: Clock;
  limits: PropagationLimits;
  /** Told each time it has the whole vector of a pass. */
  onPass?: ((pass: number) => void) | undefined;
}

/**
 * A worker's part in one run. It has the whole vector of a pass, works out the next of its own nodes from it, and gathers the next of
 * all. Nobody can be a pass ahead of one who owns a part, since its own slices are missing there until then; and who owns none reads every slice of a
 * pass before the first of the next, since they lie in one subject: two vectors are enough.
 */
export class Member {
  readonly #parts: MemberParts;
  #over = false;
  readonly #shares = new Map<number, Share>();
  readonly #beat: NodeJS.Timeout;
  #order: RunOrder;
  #have: Gathered;
  #next: Gathered;
  #pass = -1;
  #beats = 0;
  #attempt = 0;
  #heardAt: number;
  readonly #bell = new Bell();
  /** Resolves with the next vector. */
  #turned = settled();
  readonly #work: Promise<void>;

  constructor(order: RunOrder, parts: MemberParts) {
    this.#order = order;
    this.#parts = parts;
    this.#have = new Gathered(order.bounds, order.sliceLength);
    this.#next = new Gathered(order.bounds, order.sliceLength);
    this.#heardAt = parts.clock.now();
    this.#beat = setInterval(() => this.#live(), parts.limits.beatMs);
    this.#work = this.#drive().catch((cause: unknown) => {
      if (!this.over) this.#report('failed', String(cause).slice(0, 500));
      this.leave();
    });
  }

  get run(): string {
    return this.#order.run;
  }
  get over(): boolean {
    return this.#over;
  }

  /** Who has which part has changed. */
  reorder(order: RunOrder): void {
    if (order.epoch <= this.#order.epoch) return;
    this.#order = order;
    this.#go();
  }

  /** False where it is of no use: of another pass, or no slice of this vector. Waits where it is of the next pass but one, until there is room. */
  async take({ pass, first, values }: Slice): Promise<boolean> {
    while (this.#next.whole && pass === this.#pass + 2 && !this.over) await this.#turned.promise;
    if (this.over || pass !== this.#pass + 1) return false;
    const put = this.#next.put(first, values);
    if (put === 'new') this.#go();
    return put !== 'refused';
  }

  leave(): void {
    this.#over = true;
    clearInterval(this.#beat);
    this.#bell.ring();
    this.#turned.resolve();
  }

  /** Resolves once it does nothing any more. */
  async left(): Promise<void> {
    this.leave();
    await this.#work;
  }

  #go(): void {
    this.#heardAt = this.#parts.clock.now();
    this.#bell.ring();
  }

  #live(): void {
    const { clock, limits } = this.#parts;
    // The coordinator may be gone: then nobody says that the run is over.
    if (clock.now() - this.#heardAt > limits.stallMs) this.leave();
    else this.#report('beat');
  }

  #report(type: Report['type'], why?: string): void {
    const { bus, name: worker, life } = this.#parts;
    const said: Report = {
      type,
      run: this.run,
      worker,
      life,
      pass: this.#pass,
      ...(why !== undefined && { why }),
    };
    // A beat that is lost is followed by the next.
    bus
      .publish(reportSubject, `${life}.${this.run}.${this.#beats++}`, Buffer.from(JSON.stringify(said)))
      .catch(() => {});
  }

  async #drive(): Promise<void> {
    while (!this.over) {
      for (const share of await this.#mine())
        if (share.said <= this.#pass) await this.#say(share, this.#pass + 1);
      if (this.#next.whole && this.#pass + 1 < this.#order.passes) {
        [this.#have, this.#next] = [this.#next, this.#have];
        this.#next.clear();
        this.#pass++;
        this.#turned.resolve();
        this.#turned = settled();
        this.#parts.onPass?.(this.#pass);
      } else if (!this.over && !(await this.#bell.wait(this.#parts.limits.againMs))) this.#again();
    }
  }

  /**
   * Nothing new has come for long: what was said may be lost. A server that is full has been seen to acknowledge what it then did not
   * give to anyone (nats-server 2.9.10).
   */
  #again(): void {
    this.#attempt++;
    for (const share of this.#shares.values()) share.said = Math.min(share.said, this.#pass);
  }

  async #mine(): Promise<Share[]> {
    const { graph, owners, bounds } = this.#order;
    for (const [number, owner] of owners.entries()) {
      if (owner !== this.#parts.name || this.#shares.has(number)) continue;
      const part = await this.#parts.load(graph, number);
      const { nodes, first, end } = part;
      if (
        part.number !== number ||
        nodes !== bounds.at(-1) ||
        first !== bounds[number] ||
        end !== bounds[number + 1]
      )
        throw new RangeError(`part ${number} of ${graph} is not cut as the run is`);
      this.#shares.set(number, new Share(part));
    }
    return [...this.#shares]
      .filter(([number]) => owners[number] === this.#parts.name)
      .map(([, share]) => share);
  }

  /** Publishes what a part comes to in a pass: its scaled beliefs to all, or in the last pass its beliefs to the coordinator. */
  async #say(share: Share, number: number): Promise<void> {
    const { eps, passes, sliceLength, precision } = this.#order;
    const { bus, limits } = this.#parts;
    const last = number === passes;
    const { first, end } = share.part;
    // Whole without us: somebody had said it before the part came here.
    const needless = () => this.over || this.#next.whole;
    for (let at = first; at < end && !needless(); at += sliceLength) {
      const row = at - first;
      const scaled = await share.rows(
        number,
        this.#have.values,
        eps,
        row,
        Math.min(end, at + sliceLength) - first,
      );
      const slice = { run: this.run, pass: number, first: at };
      const data = last
        ? packSlice({ ...slice, kind: 'belief', values: share.beliefs(scaled, row) }, 'f32')
        : packSlice({ ...slice, kind: 'scaled', values: scaled }, precision);
      // The same id whoever says it: after a part has changed hands, its slices may be said twice.
      const id = `${this.run}.${number}.${at}${this.#attempt > 0 ? `.${this.#parts.life}.${this.#attempt}` : ''}`;
      const message: Parameters<Bus['publish']> = [last ? reportSubject : runSubject, id, data];
      await publishUntil(bus, message, needless, limits.retryMs);
    }
    share.said = number;
  }
}

function settled(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
