import type { Dialect } from './dialect.ts';
import { type Expander, expandText } from './expand.ts';
import { FsError } from './fs.ts';
import type { Hooks } from './hooks.ts';
import type { ShellView, Streams } from './shell.ts';
import { nothing, reading } from './streams.ts';
import type { Redirect } from './syntax.ts';

interface Redirecting extends Expander, Pick<ShellView, 'prefix' | 'path' | 'written'> {
  readonly dialect: Dialect;
  hooks: Hooks;
}

/** How long a connection that nobody answers is waited for, in milliseconds. */
const waitMs = 8_000;

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
    const copies = (op === '>&' || op === '<&') && /^(\d+|-)$/.test(text);
    if (op === '<<') Object.assign(streams, reading(text));
    else if (op === '<<<') Object.assign(streams, reading(`${text}\n`));
    else if (copies) {
      if (fd === 1 && text === '2') streams.out = streams.err;
      else if (fd === 2 && text === '1') streams.err = streams.out;
      else if (text === '-' && fd === 1) streams.out = nothing;
      else if (text === '-' && fd === 2) streams.err = nothing;
      else if (text === '-' && fd === 0) Object.assign(streams, reading(''));
    } else if (shell.extended && /^\/dev\/(tcp|udp)\/[^/]+\/\d+$/.test(text)) {
      await dial(shell, text, outer);
      return null;
    } else {
      try {
        if (op === '<' || op === '<&') {
          const input = open(shell, text);
          if (fd === 0) Object.assign(streams, input);
        } else {
          const write = create(shell, text, op === '>>' || op === '&>>', outer, closers);
          const both = op === '&>' || op === '&>>' || op === '>&';
          if (fd === 1 || both) streams.out = write;
          if (fd === 2 || both) streams.err = write;
        }
      } catch (error) {
        if (!(error instanceof FsError)) throw error;
        const how = op === '<' || op === '<&' ? shell.dialect.open : shell.dialect.create;
        outer.err(`${shell.prefix}${how(text, error.errno, error.message)}\n`);
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

/** bash's way to a socket, mostly for shells that call home: told, never opened. */
async function dial(shell: Redirecting, path: string, outer: Streams): Promise<void> {
  const [, , protocol = 'tcp', host = '', port = ''] = path.split('/');
  const number = Number(port);
  if (number > 0 && number < 65_536) {
    const detail = { tool: 'bash', protocol };
    shell.hooks.emit({ kind: 'forward', host: host.slice(0, 1_024), port: number, detail });
  }
  await shell.hooks.pause(waitMs);
  outer.err(`${shell.prefix}connect: Connection timed out\n${shell.prefix}${path}: Connection timed out\n`);
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
  if (existing?.kind === 'device') {
    if (path.endsWith('/stderr')) return outer.err;
    return path.endsWith('/tty') || path.endsWith('/stdout') || path.includes('/pts/') ? outer.out : nothing;
  }
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
      outer.err(`${shell.prefix}write error: ${error.message}\n`);
    }
  });
  return (text) => pieces.push(text);
}
