import { nameOf } from '../../fs.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { getopt, program } from './getopt.ts';
import { strftime } from './hardware.ts';

/** How long a server that does not answer is waited for, in milliseconds. */
const waitMs = 4_000;

const withScheme = (url: string) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`);
const hostOf = (url: string) =>
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1] ?? '';
const portOf = (url: string) =>
  /^[a-z]+:\/\/[^/]*:(\d+)(?:[/?#]|$)/i.exec(url)?.[1] ??
  { https: '443', ftp: '21' }[url.slice(0, url.indexOf(':')).toLowerCase()] ??
  '80';

/** Tells where the attacker wanted something from. Nothing is fetched: the server seems not to answer. */
function told({ hooks }: Call, url: string, tool: string, name: string): void {
  hooks.emit({ kind: 'download', url: url.slice(0, 8_192), tool, name: name.slice(0, 4_096) });
}

/** GNU Wget 1.21: a connection that times out. */
const wget = program('wget', async (call) => {
  const long = {
    'output-document': 'O:',
    quiet: 'q',
    'no-check-certificate': 'x',
    tries: 't:',
    timeout: 'T:',
    'user-agent': 'U:',
    'directory-prefix': 'P:',
    continue: 'c',
    background: 'b',
    version: 'V',
    'post-data': 'post:',
    header: 'header:',
    spider: 'spider',
    recursive: 'r',
    'no-verbose': 'nv',
    'connect-timeout': 'ct:',
    'no-proxy': 'np',
    'input-file': 'i:',
    'content-disposition': 'cd',
    'no-cache': 'nc',
    referer: 'ref:',
    mirror: 'm',
    'no-parent': 'npar',
    limit: 'lr:',
    retry: 'rc',
    method: 'method:',
  };
  const options = getopt(call, 'O:qt:T:U:P:cbVi:rl:o:a:nve:A:R:kpNSY:w:mxdhEHLD:46', long);
  if (!options) return 2;
  const { flags, words } = options;
  if (flags.has('V')) {
    call.out('GNU Wget 1.21.3 built on linux-gnu.\n');
    return 0;
  }
  if (words.length === 0) {
    call.err("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n");
    return 1;
  }
  const quiet = flags.has('q');
  for (const word of words.slice(0, 16)) {
    const url = withScheme(word);
    told(
      call,
      url,
      'wget',
      flags.get('O') ?? (nameOf(url.replace(/[?#].*/, '').replace(/^[a-z]+:\/\/[^/]*/i, '')) || 'index.html'),
    );
    const host = hostOf(url);
    const port = portOf(url);
    const numeric = /^[\d.]+$|^\[/.test(host);
    if (!quiet) {
      call.err(
        `--${strftime('%F %T', call.hooks.now())}--  ${/^[a-z]+:\/\/[^/]*$/i.test(url) ? `${url}/` : url}\n`,
      );
      if (!numeric) call.err(`Resolving ${host} (${host})... `);
    }
    await call.hooks.pause(waitMs);
    if (!numeric) {
      if (!quiet) call.err('failed: Temporary failure in name resolution.\n');
      if (!quiet) call.err(`wget: unable to resolve host address \xe2\x80\x98${host}\xe2\x80\x99\n`);
    } else if (!quiet)
      call.err(`Connecting to ${host}:${port}... failed: Connection timed out.\nGiving up.\n\n`);
  }
  return 4;
});

const curl = program('curl', async (call) => {
  const long = {
    output: 'o:',
    'remote-name': 'O',
    silent: 's',
    'show-error': 'S',
    fail: 'f',
    location: 'L',
    insecure: 'k',
    header: 'H:',
    data: 'd:',
    request: 'X:',
    'user-agent': 'A:',
    'connect-timeout': 'ct:',
    'max-time': 'm:',
    version: 'V',
    head: 'I',
    verbose: 'v',
    user: 'u:',
    proxy: 'x:',
    form: 'F:',
    compressed: 'cp',
    retry: 'rt:',
    'data-binary': 'd:',
    'upload-file': 'T:',
    'write-out': 'w:',
    referer: 'e:',
    cookie: 'b:',
    ipv4: '4',
    'create-dirs': 'cdirs',
    socks5: 'x:',
    'progress-bar': '#',
    url: 'url:',
    'data-raw': 'd:',
  };
  const options = getopt(
    { ...call, err: () => {} },
    'o:OsSfLkH:d:X:A:m:VIvu:x:F:T:w:e:b:c:gGijJNq46#D:E:K:t:r:R:y:Y:z:',
    long,
  );
  const bad = options ? undefined : call.args.find((arg) => arg.startsWith('-'));
  if (!options) {
    call.err(
      `curl: option ${bad}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    );
    return 2;
  }
  const { flags, words } = options;
  if (flags.has('V')) {
    call.out(
      'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13\nRelease-Date: 2023-02-20, security patched: 7.88.1-10+deb12u14\nProtocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp\n',
    );
    return 0;
  }
  const urls = flags.has('url') ? [flags.get('url')!, ...words] : words;
  if (urls.length === 0) {
    call.err("curl: try 'curl --help' or 'curl --manual' for more information\n");
    return 2;
  }
  let status = 28;
  for (const word of urls.slice(0, 16)) {
    const url = withScheme(word);
    if (url.startsWith('file://')) {
      const path = url.slice(7);
      if (call.fs.exists(path)) call.out(call.fs.read(path).toString('latin1'));
      status = call.fs.exists(path) ? 0 : 37;
      continue;
    }
    told(call, url, 'curl', flags.get('o') ?? (flags.has('O') ? nameOf(word.replace(/[?#].*/, '')) : '-'));
    const host = hostOf(url);
    const port = portOf(url);
    await call.hooks.pause(waitMs);
    const silent = flags.has('s') && !flags.has('S');
    if (!/^[\d.]+$|^\[/.test(host)) {
      if (!silent) call.err(`curl: (6) Could not resolve host: ${host}\n`);
      status = 6;
    } else {
      if (!silent)
        call.err(
          `curl: (28) Failed to connect to ${host} port ${port} after ${130_000 + Math.floor(call.hooks.random() * 4_000)} ms: Couldn't connect to server\n`,
        );
      status = 28;
    }
  }
  return status;
});

const tftp = program('tftp ftp lftp ftpget lynx axel aria2c', async (call) => {
  const { args } = call;
  const words = args
    .slice(1)
    .filter((arg, i, all) => !arg.startsWith('-') && !/^-[lrucpPmob]$/.test(all[i - 1] ?? ''));
  const value = (flag: string) => {
    const at = args.indexOf(flag);
    return at > 0 ? args[at + 1] : undefined;
  };
  const host = words[0];
  const remote =
    value('-r') ??
    (args.includes('get') ? args[args.indexOf('get') + 1] : undefined) ??
    (args[0] === 'ftpget' ? words.at(-1) : undefined);
  if (host !== undefined) {
    const url = /^[a-z]+:\/\//.test(host)
      ? host
      : `${args[0] === 'tftp' ? 'tftp' : 'ftp'}://${host}/${(remote ?? '').replace(/^\/+/, '')}`;
    told(call, url, args[0]!, nameOf(remote ?? url));
  }
  await call.hooks.pause(waitMs);
  call.err(args[0] === 'tftp' ? 'Transfer timed out.\n' : `${args[0]}: connect: Connection timed out\n`);
  return 1;
});

export const gnuFetchers: readonly ShellCommand[] = [wget, curl, tftp];
