import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/**
 * Runs jobs on worker threads, each of which is handed `shared` once and then job after job, and answers each with one message.
 * Answers are in the order of the jobs, whatever finished first.
 */
export async function runJobs<Job, Answer>(
  worker: URL,
  shared: unknown,
  jobs: readonly Job[],
  done: (job: Job) => void,
  threads = Math.min(2, availableParallelism()),
): Promise<Answer[]> {
  const answers: Answer[] = new Array(jobs.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(threads, jobs.length) }, async () => {
      const thread = new Worker(worker, { workerData: shared });
      try {
        for (let job = next++; job < jobs.length; job = next++) {
          answers[job] = await new Promise<Answer>((resolve, reject) => {
            thread.once('message', resolve);
            thread.once('error', reject);
            thread.postMessage(jobs[job]);
          });
          thread.removeAllListeners('error');
          done(jobs[job]!);
        }
      } finally {
        await thread.terminate();
      }
    }),
  );
  return answers;
}
