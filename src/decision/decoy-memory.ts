import { Bounded } from '../kit/bounded.ts';
import type { Signal, Target } from '../model/signal.ts';
import { serviceOf } from './service-class.ts';

/** What names a decoy. */
export type Decoy = Pick<Target, 'sensor' | 'protocol' | 'port'>;

/**
 * Which decoys a source has attacked with evidence E4 or better. A decoy is one service of one sensor: 22 and 2222 of the
 * same sensor are one. Two are all that anybody asks for, so at most two are kept.
 */
export class DecoyMemory {
  readonly #sources: Bounded<string, { name: string; time: number }[]>;
  readonly #keepMs: number;

  constructor(limit: number, keepMs: number) {
    this.#sources = new Bounded(limit);
    this.#keepMs = keepMs;
  }

  /** Takes over what the store holds, oldest first. */
  restore(source: string, target: Decoy, time: number): void {
    const known = this.#sources.get(source) ?? [];
    this.#add(known, target, time);
    this.#sources.set(source, known);
  }

  /** Notes a signal's decoys and tells how many the source has attacked within the memory: 0, 1 or 2 (and more). */
  note(source: string, { evidence, targets, time }: Signal): number {
    const known = (this.#sources.get(source) ?? []).filter((one) => time - one.time <= this.#keepMs);
    if (evidence < 'E4') return known.length;
    for (const target of targets) if (target.decoy) this.#add(known, target, time);
    if (known.length > 0) this.#sources.set(source, known);
    return known.length;
  }

  #add(known: { name: string; time: number }[], target: Decoy, time: number): void {
    const name = `${target.sensor} ${serviceOf(target)}`;
    const same = known.find((one) => one.name === name);
    if (same) same.time = Math.max(same.time, time);
    else if (known.length < 2) known.push({ name, time });
  }
}
