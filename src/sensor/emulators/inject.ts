import type { Wire } from '../emulator.ts';
import { createShell, hooksOf, nobody, Unfinished } from '../shell/index.ts';

/** How much of what a command prints is kept. */
const outputLimit = 65_536;
/** How long a command may seem to take within one request, in milliseconds. */
const waitMs = 10_000;

/** Runs an injected command in the shell that pretends. Its events are told as they come; `urls` are what it asked for. */
export async function inject(
  wire: Wire,
  command: string,
  account = { cwd: '/var/www/html', user: 'www' },
): Promise<{ output: string; urls: Set<string>; status: number }> {
  const urls = new Set<string>();
  let output = '';
  const add = (text: string) => {
    if (output.length < outputLimit) output += text;
  };
  const shell = createShell(
    hooksOf(wire, {
      emit(body) {
        if (body.kind === 'download') urls.add(body.url);
        wire.emit(body);
      },
      write: add,
      pause: (ms) => wire.pause(Math.min(ms, waitMs)),
    }),
    wire.memory,
    account,
  );
  try {
    await shell.line(command, { ...nobody, out: add }, { command: true });
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
  }
  shell.finish();
  return { output, urls, status: shell.status };
}
