import { nameOf } from '../fs.ts';
import { type Call, defineCommand, type ShellCommand } from '../shell.ts';
import { options, usage } from './help.ts';

/** How long a server that does not answer is waited for, in milliseconds. */
const waitMs = 4_000;

/** Tells where the attacker wanted something from. Nothing is fetched: the server seems not to answer. */
function told({ hooks }: Call, url: string, tool: string, name: string): void {
  hooks.emit({ kind: 'download', url, tool, name });
}

function withScheme(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
}

function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1] ?? '';
}

const wget = defineCommand({
  names: ['wget'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'OoPUTtY');
    const url = words[0];
    if (url === undefined)
      return usage(
        call,
        'wget [-cqS] [-O FILE] [-o FILE] [-P DIR] [-U AGENT] URL...',
        'Retrieve files via HTTP or FTP',
      );
    for (const word of words.slice(0, 16)) {
      const full = withScheme(word);
      told(call, full, 'wget', flags.get('O') ?? (nameOf(full.replace(/[?#].*/, '')) || 'index.html'));
    }
    const host = hostOf(withScheme(url));
    const port = /:(\d+)(?:\/|$)/.exec(withScheme(url).slice(8))?.[1] ?? '80';
    if (!flags.has('q')) call.err(`Connecting to ${host}:${port} (${host}:${port})\n`);
    await call.hooks.pause(waitMs);
    call.err(`wget: can't connect to remote host (${host}): Connection timed out\n`);
    return 1;
  },
});

const curl = defineCommand({
  names: ['curl'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'oXHdAmeFuTxb');
    const url = words[0];
    if (url === undefined) {
      call.err("curl: try 'curl --help' for more information\n");
      return 2;
    }
    for (const word of words.slice(0, 16)) {
      told(
        call,
        withScheme(word),
        'curl',
        flags.get('o') ?? (flags.has('O') ? nameOf(word.replace(/[?#].*/, '')) : '-'),
      );
    }
    const host = hostOf(withScheme(url));
    const port =
      /:(\d+)(?:\/|$)/.exec(withScheme(url).slice(8))?.[1] ?? (url.startsWith('https') ? '443' : '80');
    await call.hooks.pause(waitMs);
    if (!flags.has('s'))
      call.err(`curl: (28) Failed to connect to ${host} port ${port}: Connection timed out\n`);
    return 28;
  },
});

const tftp = defineCommand({
  names: ['tftp'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'lrb');
    const c = words.indexOf('get');
    const [host, port] = words;
    const remote = flags.get('r') ?? flags.get('l') ?? (c >= 0 ? words[c + 1] : undefined);
    if (host === undefined || remote === undefined) {
      return usage(call, 'tftp [OPTIONS] HOST [PORT]', 'Transfer a file from/to tftp server');
    }
    const at = /^\d+$/.test(port ?? '') ? `${host}:${port}` : host;
    told(call, `tftp://${at}/${remote.replace(/^\/+/, '')}`, 'tftp', flags.get('l') ?? nameOf(remote));
    await call.hooks.pause(waitMs);
    call.err('tftp: timeout\n');
    return 1;
  },
});

const ftpget = defineCommand({
  names: ['ftpget'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'upP');
    const [host, local, remote = local] = words;
    if (host === undefined || local === undefined || remote === undefined) {
      return usage(call, 'ftpget [OPTIONS] HOST [LOCAL_FILE] REMOTE_FILE', 'Download a file via FTP');
    }
    const user = flags.get('u');
    const credentials = user === undefined ? '' : `${user}${flags.has('p') ? `:${flags.get('p')}` : ''}@`;
    const port = flags.has('P') ? `:${flags.get('P')}` : '';
    told(call, `ftp://${credentials}${host}${port}/${remote.replace(/^\/+/, '')}`, 'ftpget', local);
    await call.hooks.pause(waitMs);
    call.err(`ftpget: can't connect to remote host (${host}): Connection timed out\n`);
    return 1;
  },
});

export const fetchers: readonly ShellCommand[] = [wget, curl, tftp, ftpget];
