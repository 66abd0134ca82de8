import { Worker } from 'node:worker_threads';
import { compiled } from '../kit/compiled.ts';
import { Fault } from '../kit/fault.ts';
import type { FromSessions, SessionSetup, StoredSession, ToSessions } from './session-messages.ts';

/** A worker's heap: several times what its parts hold at their limits. */
const heapMb = 1_024;

/** The main thread's end of the worker that looks at sessions: one question at a time. */
export function startSessionWorker(setup: SessionSetup) {
  const worker = new Worker(compiled('./session-worker.js', import.meta.url), {
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  worker.unref();
  let waiting: { resolve(answer: FromSessions): void; reject(cause: unknown): void } | undefined;
  let failure: Fault | undefined;
  const fail = (cause?: unknown) => {
    failure ??= new Fault('internal', 'The worker that looks at sessions ended.', { cause });
    waiting?.reject(failure);
  };
  worker.on('message', (answer: FromSessions) => waiting?.resolve(answer));
  worker.on('error', fail);
  worker.on('exit', () => fail());
  return {
    restore: (sessions: StoredSession[]) =>
      worker.postMessage({ type: 'restore', sessions } satisfies ToSessions),
    /** Throws where the worker has failed. */
    ask(message: Exclude<ToSessions, { type: 'restore' }>): Promise<FromSessions> {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        worker.postMessage(message);
      });
    },
    async stop(): Promise<void> {
      worker.removeAllListeners('exit');
      await worker.terminate();
      fail();
    },
  };
}

export type SessionWorker = ReturnType<typeof startSessionWorker>;
