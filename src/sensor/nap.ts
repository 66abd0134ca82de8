/** Waiting that ends early once the connection is over or somebody interrupts. */
export class Nap {
  readonly #pause: (ms: number) => Promise<void>;
  readonly #sleepers = new Set<() => void>();
  #over = false;

  constructor(pause: (ms: number) => Promise<void>) {
    this.#pause = pause;
  }

  async sleep(ms: number): Promise<void> {
    if (this.#over) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#sleepers.delete(wake);
        resolve();
      };
      this.#sleepers.add(wake);
      void this.#pause(ms).then(wake);
    });
  }

  /** Wakes all that sleep now. */
  wake(): void {
    for (const wake of this.#sleepers) wake();
  }

  /** Wakes all, and lets nobody sleep again. */
  end(): void {
    this.#over = true;
    this.wake();
  }
}
