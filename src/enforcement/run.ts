import { execFile } from 'node:child_process';

export interface RunOptions {
  /** Put in front: how to enter another network namespace. */
  exec: readonly string[];
  input?: string;
  timeoutMs: number;
}

/** What a listing of a million elements may take. */
const maxOutput = 512 * 1024 * 1024;

/**
 * Runs a program without a shell: arguments are a list, and all that varies goes through standard input. Its words come back;
 * a failure throws with the first lines of its complaint.
 */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const [command = program, ...rest] = [...options.exec, program, ...args];
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      rest,
      {
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: maxOutput,
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said = stderr.trim().split('\n').slice(0, 2).join(' ').slice(0, 400);
        const why = error.killed ? `took longer than ${options.timeoutMs} ms` : said || error.message;
        reject(new Error(`${program}: ${why}`, { cause: error }));
      },
    );
    // A program that dies early closes its input: the exit code tells more than this.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}
