import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';

/**
 * Starts the helper as a process of its own and gives the stream to it. `path` is the compiled `helper.js`; its words on
 * standard error come out on ours.
 */
export function spawnHelper(path: string): Duplex {
  const child = spawn(process.execPath, [path], {
    stdio: ['ignore', 'ignore', 'inherit', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
  });
  const stream = child.stdio[4];
  if (!(stream instanceof Duplex)) throw new TypeError('a pipe to a child is a duplex stream');
  child.on('error', (error) => stream.destroy(error));
  child.on('exit', () => stream.destroy());
  return stream;
}
