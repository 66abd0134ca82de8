/**
 * Tasks one after the other, in the order in which they were given. What fails is told, and gives undefined; what comes next goes on.
 * After `stop` nothing begins any more.
 */
export function inTurn(failed: (cause: unknown) => void) {
  let work: Promise<unknown> = Promise.resolve();
  let stopping = false;
  return {
    run<T>(task: () => Promise<T>): Promise<T | undefined> {
      const done = work.then(async () => {
        if (stopping) return undefined;
        try {
          return await task();
        } catch (cause) {
          failed(cause);
          return undefined;
        }
      });
      work = done;
      return done;
    },
    get stopping(): boolean {
      return stopping;
    },
    stop(): void {
      stopping = true;
    },
    /** Resolves once nothing waits, also of what was given meanwhile. */
    async done(): Promise<void> {
      for (let last: unknown; last !== work; ) {
        last = work;
        await work;
      }
    },
  };
}
