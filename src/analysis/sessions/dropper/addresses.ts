/** An address that a text tells a machine to talk to. */
export interface Address {
  /** As a URL where it has a scheme; else empty. */
  url: string;
  host: string;
  port: number | undefined;
  /** How it is named, as part of a sentence. */
  how: string;
}

/** Addresses taken from one text, and characters of it that are looked at. */
const countLimit = 48;
const textLimit = 65_536;

const urls =
  /\b(https?|ftps?|tftp|sftp|ldaps?|rmi|stratum\+(?:tcp|ssl|tls)|tcp|udp|wss?|git|ssh|redis):\/\/([^\s"'`<>|;(){}\\,\u0000-\u001f\u007f-\uffff]{1,2048})/gi;
const devices = /\/dev\/(tcp|udp)\/([a-z0-9.:_-]{1,253})\/(\d{1,5})\b/gi;
/** A call of a socket's in Python, PHP, Ruby, Perl, Java or PowerShell, with a host and a port. */
const calls =
  /\b(connect|connect_ex|create_connection|p?fsockopen|tcpsocket\.(?:new|open)|tcpclient|socket|httpsconnection|httpconnection|sockaddr_in|peeraddr)\s{0,4}(?:=>|=|\(){1,3}\s{0,4}\(?\s{0,4}["']([a-z0-9._:-]{3,253})["']\s{0,4}(?:,\s{0,4}(?:peerport\s{0,4}=>\s{0,4})?["']?(\d{1,5}))?/gi;
/** Perl's and C's order: the port comes first. */
const packed =
  /sockaddr_in\s{0,4}\(\s{0,4}["']?(\d{1,5})["']?\s{0,4},\s{0,4}inet_aton\s{0,4}\(\s{0,4}["']?([a-z0-9._-]{3,253})/gi;
const options =
  /\b(?:tcp4?(?:-connect)?|openssl-connect|exec:tcp|-connect|--?(?:url|pool|proxy|o)[ =])[: ]?([a-z0-9.-]{3,253}):(\d{1,5})\b/gi;
const quads = /(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})(?![\w.])/g;

/** The addresses that a plain text names: URLs, arguments of programs that fetch or connect, sockets of scripting languages. */
export function addressesIn(given: string): Address[] {
  const text = given.length > textLimit ? given.slice(0, textLimit) : given;
  const found: Address[] = [];
  // Every form of an address has one of them: most commands have none.
  if (!text.includes('.') && !text.includes(':') && !text.includes('/dev/')) return found;
  const add = (how: string, host: string, port?: string | number, url = '') => {
    const number = port === undefined || port === '' ? undefined : Number(port);
    if (number !== undefined && !(number > 0 && number < 65_536)) return;
    if (found.length < countLimit) found.push({ url, host: host.toLowerCase(), port: number, how });
  };
  for (const [, scheme, rest] of text.matchAll(urls)) {
    const parsed = parse(scheme!, rest!);
    if (parsed) add('is named in a URL', parsed.host, parsed.port, parsed.url);
  }
  for (const [, , host, port] of text.matchAll(devices))
    add("is opened through bash's /dev/tcp", host!, port);
  for (const [, name, host, port] of text.matchAll(calls)) {
    const [bare = '', own] = host!.split(':');
    if (named(bare)) add(`is what ${name!.toLowerCase()} is called with`, bare, port ?? own);
  }
  for (const [, port, host] of text.matchAll(packed))
    if (named(host!)) add('is what a socket is packed with', host!, port);
  for (const [, host, port] of text.matchAll(options))
    if (named(host!)) add('is given as an address to connect to', host!, port);
  for (const [, ip, port] of text.matchAll(quads)) add('is named with its port', ip!, port);
  if (tools.test(text)) arguments_(text, add);
  return found;
}

function parse(
  scheme: string,
  rest: string,
): { url: string; host: string; port: number | undefined } | undefined {
  // Without a query, `&` belongs to the shell.
  const query = rest.indexOf('?');
  const and = query < 0 ? rest.indexOf('&') : rest.indexOf('&&');
  const cut = (and < 0 ? rest : rest.slice(0, and)).replace(/[.,:\])}$*!]+$/, '');
  // A host that is put together at run time tells nothing.
  if (cut === '' || /^[^/]*[$*{]/.test(cut)) return undefined;
  // Two or three numbers are an address that was cut off, not one in the old short form.
  if (/^(?:[^/@]*@)?\d+(?:\.\d+){1,2}\.?(?:[:/?]|$)/.test(cut)) return undefined;
  try {
    // The URL standard reads numbers as addresses for http alone; other schemes are read as if they were.
    const url = new URL(`http://${cut.replace(/^[^/@]{0,256}@/, '')}`);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!named(host)) return undefined;
    const shown = `${scheme.toLowerCase()}://${url.host}${url.pathname}${url.search}`;
    const port = /^[^/]*:(\d{1,5})(?:\/|$)/.exec(cut)?.[1];
    return { url: shown.slice(0, 2_048), host, port: port === undefined ? undefined : Number(port) };
  } catch {
    return undefined;
  }
}

/** An address, or a name with a dot and letters behind it. */
function named(host: string): boolean {
  return (
    /^\d{1,3}(\.\d{1,3}){3}$/.test(host) ||
    /^[a-z0-9_-][a-z0-9._-]{0,250}\.[a-z][a-z0-9-]{1,62}$/i.test(host) ||
    /^[0-9a-f]*:[0-9a-f:.]+$/i.test(host)
  );
}

const tools =
  /\b(?:wget|curl|cd1|wd1|tftp|ftpget|ftp|lftp|fetch|lynx|axel|aria2c|lwp-download|nc|ncat|netcat|telnet|scp|sftp|rsync|ssh|slaveof|replicaof|certutil|get|snarf|links)\b/i;
const fetchers = new Set([
  'wget',
  'curl',
  'cd1',
  'wd1',
  'fetch',
  'lynx',
  'axel',
  'aria2c',
  'lwp-download',
  'snarf',
  'links',
  'get',
]);
/** Options that take a value, by program: what follows them is no address. */
const valued =
  /^-(?:[OoPUAHdXTmeulrtpicFbQqYwx]|-(?:output|user-agent|header|data|max-time|timeout|tries|user))$/;

type Add = (how: string, host: string, port?: string | number, url?: string) => void;

function arguments_(text: string, add: Add): void {
  let pieces = 0;
  for (const segment of text.split(/[;&|`\n\r"'<>(){},]+|\\n|\$IFS/)) {
    if (++pieces > 512) return;
    const words = segment
      .trim()
      .split(/[\s+]+/, 48)
      .filter(Boolean);
    for (let at = 0; at < words.length; at++) {
      const tool = words[at]!.slice(words[at]!.lastIndexOf('/') + 1).toLowerCase();
      if (take(tool, words.slice(at + 1), add)) break;
    }
  }
}

/** Reads a program's arguments; whether it is one that we know. */
function take(tool: string, words: string[], add: Add): boolean {
  const flags = new Map<string, string>();
  const plain: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    // nc and telnet's own options take none of the values that fetchers' do, but for -e, -p and -w.
    if (valued.test(word) && !(tool === 'tftp' && word === '-c') && i + 1 < words.length)
      flags.set(word, words[++i]!);
    else if (!word.startsWith('-')) plain.push(word);
  }
  const [first = '', second = '', third = ''] = plain;
  if (fetchers.has(tool)) {
    for (const word of plain.slice(0, 4)) {
      if (word.includes('://')) continue;
      // One slash will do for some of them.
      const match = /^(?:https?:\/)?([a-z0-9._-]{3,253})(?::(\d{1,5}))?(\/[^\s]{0,2048})?$/i.exec(word);
      if (!match || !named(match[1]!) || (match[3] === undefined && fileLike.test(word))) continue;
      const parsed = parse('http', word.replace(/^https?:\//i, ''));
      if (parsed) add(`is given to ${tool}`, parsed.host, parsed.port, parsed.url);
      break;
    }
    return true;
  }
  switch (tool) {
    case 'tftp': {
      const host = plain.find((word) => named(word));
      if (host === undefined) return true;
      const get = plain.indexOf('get');
      const file = flags.get('-r') ?? (get >= 0 ? plain[get + 1] : undefined) ?? flags.get('-l');
      const port = plain[plain.indexOf(host) + 1];
      add(
        'is given to tftp',
        host,
        /^\d{2,5}$/.test(port ?? '') ? port : undefined,
        file ? `tftp://${host}/${file.replace(/^\/+/, '')}` : '',
      );
      return true;
    }
    case 'ftpget': {
      if (!named(first)) return true;
      const file = third || second;
      add(
        'is given to ftpget',
        first,
        flags.get('-P'),
        file ? `ftp://${first}/${file.replace(/^\/+/, '')}` : '',
      );
      return true;
    }
    case 'ftp':
    case 'lftp':
      if (named(first)) add(`is given to ${tool}`, first, /^\d{1,5}$/.test(second) ? second : undefined);
      return true;
    case 'nc':
    case 'ncat':
    case 'netcat':
    case 'telnet':
    case 'slaveof':
    case 'replicaof': {
      const at = words.findIndex((word) => named(word));
      const port = words[at + 1] ?? '';
      if (at >= 0 && /^\d{1,5}$/.test(port)) add(`is given to ${tool}`, words[at]!, port);
      return true;
    }
    case 'scp':
    case 'rsync':
    case 'sftp':
    case 'ssh':
      for (const word of plain) {
        const match =
          /^(?:[\w.-]{1,64}@)?([a-z0-9._-]{3,253}):([^\s:]{1,1024})$|^[\w.-]{1,64}@([a-z0-9._-]{3,253})$/i.exec(
            word,
          );
        const host = match?.[1] ?? match?.[3];
        if (host !== undefined && named(host))
          add(`is given to ${tool}`, host, flags.get('-P') ?? flags.get('-p'));
      }
      return true;
  }
  return false;
}

/** Names of files that look like names of hosts. */
const fileLike =
  /\.(?:sh|txt|log|zip|gz|tgz|bz2|xz|py|pl|php|html?|json|ya?ml|conf|cfg|bin|elf|so|exe|dll|ps1|bat|c|h|x86|x86_64|mips|mpsl|arm\d?|i[56]86|ppc|spc|sh4|m68k|rb|jar|deb|rpm|out|apk|jpg|png)$/i;
