/** Tells when what stands differs from what is wanted: once when it begins, and once more where mending does not help. */
export class Drift {
  readonly #parts = new Map<string, { since: number; told: boolean }>();
  readonly #share: number;
  readonly #lastingMs: number;
  readonly #alarm: (text: string) => void;

  constructor(options: { driftShare: number; driftMs: number }, alarm: (text: string) => void) {
    this.#share = options.driftShare;
    this.#lastingMs = options.driftMs;
    this.#alarm = alarm;
  }

  /** Judges one read-back of a part: which share of it was wrong (1 where it could not be read), at `now`. */
  judge(part: string, share: number, now: number, error?: string): void {
    if (share <= this.#share) {
      this.#parts.delete(part);
      return;
    }
    const what = error ?? `${(share * 100).toFixed(1)} % differs from what is wanted`;
    const known = this.#parts.get(part);
    if (!known) {
      this.#parts.set(part, { since: now, told: false });
      this.#alarm(`${part}: ${what}; it is being mended`);
    } else if (!known.told && now - known.since >= this.#lastingMs) {
      known.told = true;
      this.#alarm(`${part}: ${what}, and mending does not help`);
    }
  }

  clear(): void {
    this.#parts.clear();
  }
}
