import { canonicalIp, isIpv4 } from '../../../kit/ip.ts';
import { type Address, addressesIn } from './addresses.ts';
import { decodedLayers } from './layers.ts';

/** What a dropper gives away: where it fetches from or reports to. */
export interface Named {
  type: 'url' | 'domain' | 'ip' | 'ip:port';
  value: string;
  /** How it is named, in a few words of ours. */
  says: string;
}

/** Indicators taken from one text. */
const countLimit = 64;

/** Whether there is anything to look for: cheap, and true for far more than holds an address. */
const promising =
  /:\/\/|\d\.\d{1,3}\.\d|\/dev\/(?:tcp|udp)|\\x|\\u00|\\0?[0-3][0-7]{2}|base64|b64|-e(?:nc?)?\b|chr|char|xxd|unhex|fromhex|\b(?:wget|curl|cd1|wd1|tftp|ftpget|ftp|lftp|lynx|axel|aria2c|nc|ncat|netcat|telnet|scp|sftp|rsync|ssh|socat|slaveof|replicaof)\b|connect|sock|client|peeraddr|inet_|[A-Za-z0-9+/]{24}|%[0-9a-f]{2}|['"]\s?[+.]\s?['"]/i;

/**
 * Addresses to fetch from or to report to in a command, a script, a request's body or a value, plain or wrapped up (see
 * `layers.ts`). Bounded in depth, characters and count; never throws, whatever the bytes.
 */
export function indicatorsIn(text: string): Named[] {
  if (text.length < 8 || !promising.test(text)) return [];
  const found = new Map<string, Named>();
  const add = (type: Named['type'], value: string, says: string) => {
    const key = `${type} ${value}`;
    if (found.size < countLimit && !found.has(key)) found.set(key, { type, value, says });
  };
  for (const address of addressesIn(text)) tell(address, '', add);
  for (const layer of decodedLayers(text))
    for (const address of addressesIn(layer)) tell(address, ', in what the text wraps', add);
  return [...found.values()];
}

function tell(
  { url, host, port, how }: Address,
  where: string,
  add: (type: Named['type'], value: string, says: string) => void,
): void {
  const ip = canonicalIp(host);
  if (ip === null && !/\.[a-z][a-z0-9-]{1,62}$/.test(host)) return;
  if (ip === null ? nowhere.test(host) : noTarget(ip)) return;
  const says = `${how}${where}`;
  if (url !== '') add('url', url, says);
  if (ip === null) {
    if (!shared.has(host)) add('domain', host, says);
  } else if (port === undefined) add('ip', ip, says);
  else add('ip:port', isIpv4(ip) ? `${ip}:${port}` : `[${ip}]:${port}`, says);
}

/** Addresses that lead nowhere else: this host, no host, everybody (RFC 6890). */
function noTarget(ip: string): boolean {
  return (
    /^(?:0|127|169\.254|22[4-9]|23\d|255)\./.test(ip) ||
    ip === '::' ||
    ip === '::1' ||
    ip.startsWith('fe80:') ||
    ip.startsWith('ff')
  );
}
const nowhere = /(?:^|\.)(?:localhost|local|invalid|internal|lan)$|^(?:e|i|g)\.[a-z]$/;

/** Hosts of everybody: a URL there may be an attacker's, the name never is. */
const shared = new Set([
  'raw.githubusercontent.com',
  'github.com',
  'gist.githubusercontent.com',
  'gitlab.com',
  'bitbucket.org',
  'pastebin.com',
  'transfer.sh',
  'api.telegram.org',
  't.me',
  'discord.com',
  'cdn.discordapp.com',
  'drive.google.com',
  'dropbox.com',
  'www.dropbox.com',
  'google.com',
  'www.google.com',
  'ifconfig.me',
  'icanhazip.com',
  'ipinfo.io',
  'api.ipify.org',
  'ip-api.com',
  'checkip.amazonaws.com',
  'ident.me',
  'ipecho.net',
  'whatismyip.akamai.com',
  'deb.debian.org',
  'archive.ubuntu.com',
  'registry-1.docker.io',
  'hub.docker.com',
  'registry.npmjs.org',
  'pypi.org',
  'files.pythonhosted.org',
]);
