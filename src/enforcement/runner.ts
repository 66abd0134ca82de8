// Over 300 lines: placing, reading back and emptying share all of their state, and apart they would pass it around.
import type { Clock } from '../kit/clock.ts';
import type { Decision } from '../model/decision.ts';
import type { Receipt } from '../model/receipt.ts';
import { Desired } from './desired.ts';
import { Drift } from './drift.ts';
import { emptyAndProve } from './empty.ts';
import type { Enforcer } from './enforcer.ts';
import { byRank, LeftOut, rankOf } from './left-out.ts';
import { plan } from './plan.ts';
import type { RunnerOptions } from './runner-options.ts';
import { within } from './within.ts';

export interface RunnerParts {
  enforcer: Enforcer;
  clock: Clock;
  /** Asked before each placement, again. `hard` refuses; `unavailable` places nothing until it is back. */
  neverBlock(source: string): { verdict: 'clear' | 'hard' | 'caution' | 'unavailable' };
  /** The hard never-block blocks and when they were read. */
  never(): { blocks: readonly string[]; readAt: number };
  killed(): boolean;
  receipts(receipts: Receipt[]): void;
  /** What someone must look at: once when it begins. */
  alarm(text: string): void;
}

type State = Receipt['state'];

/**
 * Makes decisions true in one enforcer and keeps them so: checks never-block again, gathers changes into batches, tells by
 * receipts, reads back part by part, mends what differs, and empties everything when the kill switch is set.
 */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #options: RunnerOptions;
  readonly #desired = new Desired();
  /** Decisions to place, and elements to remove, with the next batch. */
  readonly #adds = new Set<string>();
  readonly #removes = new Set<string>();
  /** Decisions that never-block could not be asked about. */
  readonly #held = new Set<string>();
  /** Decisions that there is no room for yet. */
  readonly #left: LeftOut;
  readonly #told = new Map<string, State>();
  readonly #drift: Drift;
  /** Elements that changed while a part is being read. */
  #touched: Set<string> | undefined;
  #batch: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #timers: NodeJS.Timeout[] = [];
  #failures = 0;
  #killed = false;
  #emptying = false;
  /** True where a batch ended after the kill switch was set: it may have placed something. */
  #landed = false;
  /** When the next wanted deny is over. */
  #next = Number.POSITIVE_INFINITY;
  #part = 0;
  #reading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: RunnerParts, options: RunnerOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#left = new LeftOut(options.leftOut);
    this.#drift = new Drift(options, (what) => parts.alarm(`${parts.enforcer.name} ${what}`));
  }

  /** True once the kill switch has emptied the enforcer, and that was read back. */
  emptied = false;

  /** Prepares the enforcer, takes over what stands, and makes it equal to these decisions. */
  async start(decisions: Iterable<Decision>): Promise<void> {
    const { enforcer } = this.#parts;
    await within(this.#options.timeoutMs, enforcer.prepare(), 'preparing');
    await this.protect();
    this.want(decisions);
    if (this.#parts.killed()) await this.#kill();
    else {
      for (const part of enforcer.parts) await this.#compare(part, true);
      await this.settled();
    }
    const every = (ms: number, work: () => void) => this.#timers.push(setInterval(work, ms).unref());
    every(this.#options.killPollMs, () => this.poll());
    every(this.#options.readMs / enforcer.parts.length, () => {
      this.#reading = this.#reading.then(() => this.readBack());
    });
  }

  /** Hands the enforcer the never-block blocks: at start, and after each edit of the list. */
  async protect(): Promise<void> {
    const { blocks, readAt } = this.#parts.never();
    try {
      await within(this.#options.timeoutMs, this.#parts.enforcer.protect(blocks, readAt), 'protecting');
    } catch (error) {
      this.#parts.alarm(`The never-block blocks could not be handed over: ${text(error)}`);
    }
  }

  /** Takes decisions on. Only what is to be enforced and does something is; the rest is none of an enforcer's business. */
  want(decisions: Iterable<Decision>): void {
    const now = this.#parts.clock.now();
    const receipts: Receipt[] = [];
    for (const decision of byRank(decisions)) {
      const { id, mode, action, scope, until } = decision;
      if (mode !== 'enforce' || action === 'watch' || until <= now) continue;
      const keys = this.#parts.enforcer.keys(scope, action);
      if (keys.length === 0)
        this.#tell(
          receipts,
          id,
          'not_enforced',
          action === 'deny' ? 'This system cannot express the scope.' : 'This system cannot slow this down.',
        );
      else if (this.#desired.elements + keys.length > this.#options.limit)
        this.#leaveOut(decision, keys, receipts);
      else {
        this.#desired.add({ decision: id, scope, until, keys });
        this.#adds.add(id);
        this.#next = Math.min(this.#next, until);
      }
    }
    this.#send(receipts);
    this.#schedule(this.#parts.enforcer.batchMs);
  }

  /** Lets decisions go: expired, replaced or taken back. */
  drop(ids: Iterable<string>): void {
    const receipts: Receipt[] = [];
    for (const id of ids) {
      this.#forget(id, receipts, 'removed', 'It has ended.');
      this.#left.delete(id);
      this.#told.delete(id);
    }
    this.#send(receipts);
    this.#admit();
    this.#schedule(this.#parts.enforcer.batchMs);
  }

  #leaveOut({ id, scope, until, actor, evidence }: Decision, keys: string[], receipts: Receipt[]): void {
    const { enforcer, alarm } = this.#parts;
    const { limit } = this.#options;
    if (this.#left.size === 0) alarm(`${enforcer.name} is full: denies over ${limit} elements wait for room`);
    const waits = this.#left.add(rankOf({ actor, evidence }), { decision: id, scope, until, keys });
    const reason = `Left out: over the limit of ${limit} elements${waits ? ', until there is room' : ''}.`;
    this.#tell(receipts, id, 'not_enforced', reason);
  }

  /** Takes on what was left out, as far as there is room by now. */
  #admit(): void {
    if (this.#left.size === 0) return;
    const room = this.#options.limit - this.#desired.elements;
    for (const deny of this.#left.take(room, this.#parts.clock.now())) {
      this.#desired.add(deny);
      this.#adds.add(deny.decision);
      this.#next = Math.min(this.#next, deny.until);
    }
  }

  /** Resolves once all that was wanted has been tried. */
  async settled(): Promise<void> {
    while (!this.#killed && (this.#batch || this.#adds.size + this.#removes.size > 0)) {
      if (this.#failures > 0) break;
      clearTimeout(this.#batch);
      this.#batch = undefined;
      await this.#flush();
    }
    await this.#work;
  }

  /** Looks at the kill switch and at terms that are over. Called by a timer. */
  poll(): void {
    const killed = this.#parts.killed();
    if (killed && !this.emptied && !this.#emptying) void this.#kill();
    else if (!killed && this.#killed && !this.#emptying) this.#resume();
    const now = this.#parts.clock.now();
    if (now < this.#next) return;
    const over: string[] = [];
    this.#next = Number.POSITIVE_INFINITY;
    for (const { decision, until } of this.#desired.all())
      if (until <= now) over.push(decision);
      else this.#next = Math.min(this.#next, until);
    this.drop(over);
  }

  /** Reads the next part back and mends what differs. Called by a timer. */
  async readBack(): Promise<void> {
    const { parts } = this.#parts.enforcer;
    await this.#compare(parts[this.#part++ % parts.length]!, false);
    for (const id of this.#held) this.#adds.add(id);
    if (this.#held.size > 0) this.#schedule(this.#parts.enforcer.batchMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#batch);
    await this.#reading;
    await this.#work;
    await this.#parts.enforcer.close();
  }

  #schedule(ms: number): void {
    if (this.#batch || this.#killed || this.#closed || this.#adds.size + this.#removes.size === 0) return;
    this.#batch = setTimeout(() => {
      this.#batch = undefined;
      void this.#flush();
    }, ms);
  }

  #flush(): Promise<void> {
    this.#work = this.#work.then(() => this.#place());
    return this.#work;
  }

  async #place(): Promise<void> {
    if (this.#killed) return;
    const { enforcer } = this.#parts;
    const { ids, receipts } = this.#take();
    const add = this.#desired.standing(new Set(ids.flatMap((id) => this.#desired.get(id)!.keys)));
    const remove = [...this.#removes].slice(0, this.#options.perBatch);
    for (const key of remove) this.#removes.delete(key);
    const gone = remove.filter((key) => this.#desired.until(key) === undefined);
    this.#touch(add, gone);
    try {
      if (add.length + gone.length > 0) {
        this.#landed = true;
        const refused = await within(this.#options.timeoutMs, enforcer.apply(add, gone), 'applying');
        if (!this.#killed) this.#landed = false;
        this.#refuse(refused, receipts);
        this.#touch(add, gone);
      }
      this.#failures = 0;
      for (const id of ids)
        if (this.#desired.get(id)) this.#tell(receipts, id, 'applied', 'Accepted; read back in turns.');
    } catch (error) {
      for (const id of ids) this.#adds.add(id);
      for (const key of gone) this.#removes.add(key);
      for (const id of ids) this.#tell(receipts, id, 'rejected', text(error));
      if (this.#failures++ === 0) this.#parts.alarm(`${enforcer.name} does not take changes: ${text(error)}`);
    }
    this.#send(receipts);
    this.#admit();
    const wait = this.#options.retryMs * Math.min(30, 2 ** (this.#failures - 1));
    this.#schedule(this.#failures > 0 ? wait : 0);
  }

  /** The next decisions to place, after never-block has been asked about each. */
  #take(): { ids: string[]; receipts: Receipt[] } {
    const receipts: Receipt[] = [];
    const ids: string[] = [];
    const now = this.#parts.clock.now();
    let elements = 0;
    for (const id of this.#adds) {
      if (elements >= this.#options.perBatch) break;
      this.#adds.delete(id);
      const deny = this.#desired.get(id);
      if (!deny || deny.until <= now) continue;
      const { verdict } = this.#parts.neverBlock(deny.scope.source);
      if (verdict === 'unavailable') {
        if (this.#held.size === 0) this.#parts.alarm('Never-block cannot be checked: nothing is placed');
        this.#held.add(id);
        this.#tell(receipts, id, 'not_enforced', 'Never-block cannot be checked.');
        continue;
      }
      this.#held.delete(id);
      if (verdict === 'hard') this.#forget(id, receipts, 'rejected', 'Never-block holds it.');
      else {
        ids.push(id);
        elements += deny.keys.length;
      }
    }
    return { ids, receipts };
  }

  #refuse(keys: readonly string[], receipts: Receipt[]): void {
    if (keys.length === 0) return;
    this.#parts.alarm(
      `${this.#parts.enforcer.name} refused what never-block holds: ${keys.slice(0, 4).join(', ')}`,
    );
    for (const key of keys)
      for (const id of [...this.#desired.owners(key)])
        this.#forget(id, receipts, 'rejected', 'The enforcer holds it for never-block.');
  }

  #forget(id: string, receipts: Receipt[], state: State, reason: string): void {
    const deny = this.#desired.get(id);
    if (!deny) return;
    const over = this.#parts.enforcer.expires && deny.until <= this.#parts.clock.now();
    const { gone, shorter } = this.#desired.delete(id);
    if (!over) for (const key of gone) this.#removes.add(key);
    for (const key of shorter) for (const owner of this.#desired.owners(key)) this.#adds.add(owner);
    this.#adds.delete(id);
    this.#held.delete(id);
    this.#tell(receipts, id, state, reason);
    this.#told.delete(id);
  }

  async #compare(part: string, first: boolean): Promise<void> {
    const { enforcer, clock } = this.#parts;
    const touched = new Set<string>();
    this.#touched = touched;
    try {
      const standing = await within(this.#options.timeoutMs, enforcer.read(part), 'reading back');
      if (this.#killed) {
        // Whatever came after the proof is seen here, and the next poll empties again.
        if (standing.length > 0) this.emptied = false;
        return;
      }
      const soon = clock.now() + this.#options.toleranceMs;
      const wanted = this.#desired.part(part);
      const ignored = this.#inFlux(touched, first);
      for (const [key, until] of wanted) if (until <= soon) ignored.add(key);
      for (const key of ignored) wanted.delete(key);
      const found = standing.filter(({ key, until }) => !ignored.has(key) && until > soon);
      const { add, remove } = plan(wanted, found, this.#options.toleranceMs);
      for (const { key } of add) for (const id of this.#desired.owners(key)) this.#adds.add(id);
      for (const key of remove) this.#removes.add(key);
      if (first) this.#takeOver(wanted, new Set(add.map(({ key }) => key)));
      else this.#drift.judge(part, (add.length + remove.length) / Math.max(1, wanted.size), clock.now());
    } catch (error) {
      this.#drift.judge(part, 1, clock.now(), text(error));
    } finally {
      this.#touched = undefined;
    }
    this.#schedule(enforcer.batchMs);
  }

  /** At start, what stands already as it is wanted needs no placing. */
  #takeOver(wanted: ReadonlyMap<string, number>, missing: ReadonlySet<string>): void {
    const receipts: Receipt[] = [];
    for (const key of wanted.keys()) {
      if (missing.has(key)) continue;
      for (const id of this.#desired.owners(key)) {
        const { keys } = this.#desired.get(id)!;
        if (keys.some((other) => other !== key && !wanted.has(other))) continue;
        if (keys.some((other) => missing.has(other)) || !this.#adds.has(id)) continue;
        // What never-block holds by now, or cannot be asked about, goes the way of all placements.
        const { verdict } = this.#parts.neverBlock(this.#desired.get(id)!.scope.source);
        if (verdict === 'hard' || verdict === 'unavailable') continue;
        this.#adds.delete(id);
        this.#tell(receipts, id, 'applied', 'It stood already.');
      }
    }
    this.#send(receipts);
  }

  /** Elements that a read-back cannot judge: on their way, changed meanwhile, or held back. */
  #inFlux(touched: ReadonlySet<string>, first: boolean): Set<string> {
    const keys = new Set([...touched, ...this.#removes]);
    for (const id of first || this.#failures > 0 ? this.#held : [...this.#adds, ...this.#held])
      for (const key of this.#desired.get(id)?.keys ?? []) keys.add(key);
    return keys;
  }

  #touch(add: readonly { key: string }[], remove: readonly string[]): void {
    if (!this.#touched) return;
    for (const { key } of add) this.#touched.add(key);
    for (const key of remove) this.#touched.add(key);
  }

  /** Empties the enforcer at once, beside a batch that may still be on its way, and again after that one has ended. */
  async #kill(): Promise<void> {
    this.#killed = true;
    this.emptied = false;
    this.#emptying = true;
    clearTimeout(this.#batch);
    this.#batch = undefined;
    this.#adds.clear();
    this.#removes.clear();
    const { enforcer } = this.#parts;
    const { killWithinMs } = this.#options;
    const [first] = await Promise.all([emptyAndProve(enforcer, killWithinMs), this.#work]);
    const why = this.#landed || first !== null ? await emptyAndProve(enforcer, killWithinMs) : first;
    this.#emptying = false;
    if (!this.#killed) return;
    this.emptied = why === null;
    if (why !== null) this.#parts.alarm(`${enforcer.name} could not be emptied: ${why}`);
    const receipts: Receipt[] = [];
    const [state, reason]: [State, string] =
      why === null
        ? ['removed', 'The kill switch is set; the empty set was read back.']
        : ['rejected', `The kill switch is set, but ${why}.`];
    for (const { decision } of this.#desired.all()) this.#tell(receipts, decision, state, reason);
    this.#send(receipts);
  }

  #resume(): void {
    this.#killed = false;
    this.#landed = false;
    this.emptied = false;
    this.#drift.clear();
    for (const { decision } of this.#desired.all()) this.#adds.add(decision);
    this.#schedule(0);
  }

  #tell(receipts: Receipt[], decision: string, state: State, reason: string): void {
    if (this.#told.get(decision) === state && state !== 'removed') return;
    this.#told.set(decision, state);
    const { enforcer, clock } = this.#parts;
    receipts.push({ decision, enforcer: enforcer.name, state, time: clock.now(), reason });
  }

  #send(receipts: Receipt[]): void {
    if (receipts.length > 0) this.#parts.receipts(receipts);
  }
}

function text(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 900);
}
