import { type Expander, expandText } from './expand.ts';
import { FsError } from './fs.ts';
import type { ShellView, Streams } from './shell.ts';
import { nothing, reading } from './streams.ts';
import type { Redirect } from './syntax.ts';

type Redirecting = Expander & Pick<ShellView, 'name' | 'path' | 'written'>;

/** The streams of a command after its redirects; null, with the reason told, where one fails. */
export async function redirect(
  shell: Redirecting,
  redirects: Redirect[],
  outer: Streams,
): Promise<{ streams: Streams; close: () => void } | null> {
  if (redirects.length === 0) return { streams: outer, close: nothing };
  const streams = { ...outer };
  const closers: (() => void)[] = [];
  for (const { fd, op, target } of redirects) {
    const text = await expandText(target, shell);
    if (op === '<<') Object.assign(streams, reading(text));
    else if (op === '>&' || op === '<&') {
      if (fd === 1 && text === '2') streams.out = streams.err;
      else if (fd === 2 && text === '1') streams.err = streams.out;
      else if (text === '-' && fd === 1) streams.out = nothing;
      else if (text === '-' && fd === 2) streams.err = nothing;
    } else {
      try {
        if (op === '<') Object.assign(streams, open(shell, text));
        else {
          const write = create(shell, text, op === '>>', outer, closers);
          if (fd === 1) streams.out = write;
          else if (fd === 2) streams.err = write;
        }
      } catch (error) {
        if (!(error instanceof FsError)) throw error;
        const missing = error.errno === 'ENOENT' || error.errno === 'ENOTDIR';
        const reason = missing ? (op === '<' ? 'no such file' : 'nonexistent directory') : error.message;
        outer.err(`${shell.name}: can't ${op === '<' ? 'open' : 'create'} ${text}: ${reason}\n`);
        return null;
      }
    }
  }
  return {
    streams,
    close: () => {
      for (const close of closers) close();
    },
  };
}

function open(shell: Redirecting, path: string): Partial<Streams> {
  if (path === '/dev/tty') return {};
  const bytes = shell.fs.read(shell.path(path));
  shell.step(bytes.length >> 8);
  return reading(bytes.toString('latin1'));
}

function create(
  shell: Redirecting,
  path: string,
  append: boolean,
  outer: Streams,
  closers: (() => void)[],
): (text: string) => void {
  const real = shell.path(path);
  const existing = shell.fs.exists(real) ? shell.fs.stat(real) : undefined;
  if (existing?.kind === 'device')
    return path.endsWith('/tty') || path.endsWith('/stdout') ? outer.out : nothing;
  if (!append || !existing) shell.fs.write(real, Buffer.alloc(0));
  const pieces: string[] = [];
  closers.push(() => {
    const text = pieces.join('');
    if (!text) return;
    shell.step(existing ? shell.fs.size(existing) >> 8 : 0);
    try {
      shell.fs.write(real, Buffer.from(text, 'latin1'), { append: true });
      shell.written.add(shell.fs.resolve(real));
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      outer.err(`${shell.name}: write error: ${error.message}\n`);
    }
  });
  return (text) => pieces.push(text);
}
