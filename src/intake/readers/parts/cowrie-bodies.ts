import type { Body } from '../../../model/event.ts';
import { count, port, type Row, text } from './fields.ts';

type Read = (fields: Row) => Body;

export const connect: Read = () => ({ kind: 'connect' });

/** `duration_ms`, or seconds in older versions, as a number or as text. */
export const close: Read = ({ duration, duration_ms }) => ({
  kind: 'close',
  durationMs:
    duration_ms === undefined ? Math.round(count(Number(duration ?? 0) * 1_000)) : count(duration_ms),
});

const login =
  (ok: boolean): Read =>
  (fields) =>
    fields.fingerprint === undefined
      ? { kind: 'login', user: text(fields.username, 4_096), secret: text(fields.password, 4_096), ok }
      : {
          kind: 'login',
          user: text(fields.username, 4_096),
          secret: text(fields.fingerprint, 4_096),
          ok,
          method: 'publickey',
        };

const command: Read = ({ input }) => ({ kind: 'command', input: text(input, 65_536) });

/** A line typed into a program that reads its input, such as `passwd` or `cat`. */
const typed: Read = ({ input, data, realm }) => ({
  kind: 'command',
  input: text(input ?? data, 65_536),
  detail: { realm: text(realm, 4_096) },
});

const chpasswd: Read = ({ username, password }) => ({
  kind: 'command',
  input: 'chpasswd',
  detail: { user: text(username, 4_096), secret: text(password, 4_096) },
});

/** With an address it was fetched; without one it was written by the shell's own means (`echo … > file`). */
const fileDownload: Read = ({ url, shasum, destfile }) =>
  typeof url === 'string' && url !== ''
    ? {
        kind: 'download',
        url: text(url, 8_192),
        name: text(destfile, 4_096),
        detail: { sha256: text(shasum, 64) },
      }
    : { kind: 'upload', sha256: text(shasum, 64), size: 0, name: text(destfile, 4_096) };

const downloadFailed: Read = ({ url }) => ({
  kind: 'download',
  url: text(url, 8_192),
  detail: { failed: true },
});

const fileUpload: Read = ({ shasum, filename }) => ({
  kind: 'upload',
  sha256: text(shasum, 64),
  size: 0,
  name: text(filename, 4_096),
});

const fingerprint =
  (method: string, field: string, software?: string): Read =>
  (fields) => {
    const value = text(fields[field], 4_096);
    return software === undefined
      ? { kind: 'fingerprint', method, value }
      : { kind: 'fingerprint', method, value, software: text(fields[software], 1_024) };
  };

const size: Read = ({ width, height }) => ({
  kind: 'fingerprint',
  method: 'terminal',
  value: `${count(width)}x${count(height)}`,
});

const variable: Read = (fields) => ({
  kind: 'fingerprint',
  method: 'environment',
  value: text(`${text(fields.name, 4_096)}=${text(fields.value, 4_096)}`, 4_096),
});

const forward: Read = ({ dst_ip, dst_port }) => ({
  kind: 'forward',
  host: text(dst_ip, 1_024),
  port: port(dst_port),
});

/** What an attacker sends through a forwarding. Cowrie logs the bytes' Python notation. */
const forwarded: Read = ({ data }) => {
  const sent = text(data, 65_536);
  return { kind: 'data', size: sent.length, raw: sent };
};

const malformed: Read = ({ data }) => {
  const sent = text(data, 65_536);
  return { kind: 'data', size: sent.length, detail: { malformed: true }, raw: sent };
};

const exploit =
  (ok: boolean): Read =>
  ({ cve, data, value }) => ({
    kind: 'command',
    input: text(data ?? value, 65_536),
    ok,
    detail: { exploit: text(cve, 4_096) },
  });

/** Cowrie's event ids that say what an attacker did. */
export const table: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['cowrie.session.connect', connect],
  ['cowrie.session.closed', close],
  ['cowrie.session.input', typed],
  ['cowrie.session.file_download', fileDownload],
  ['cowrie.session.file_download.failed', downloadFailed],
  ['cowrie.session.file_upload', fileUpload],
  ['cowrie.client.version', fingerprint('banner', 'version')],
  ['cowrie.client.kex', fingerprint('hassh', 'hassh', 'hasshAlgorithms')],
  ['cowrie.client.size', size],
  ['cowrie.client.var', variable],
  ['cowrie.client.fingerprint', fingerprint('ssh-key', 'fingerprint')],
  ['cowrie.client.malformed_packet', malformed],
  ['cowrie.login.success', login(true)],
  ['cowrie.login.failed', login(false)],
  ['cowrie.command.input', command],
  ['cowrie.command.chpasswd', chpasswd],
  ['cowrie.direct-tcpip.request', forward],
  ['cowrie.direct-tcpip.data', forwarded],
  ['cowrie.direct-tcpip.ja4', fingerprint('ja4', 'ja4')],
  ['cowrie.tunnelproxy-tcpip.data', forwarded],
  ['cowrie.telnet.exploit_attempt', exploit(false)],
  ['cowrie.telnet.exploit_success', exploit(true)],
]);

/** Ids that are not the attacker's doing, or that repeat what another id has said. */
export const skipped: ReadonlySet<string> = new Set([
  // Settings of the emulated machine; the recording's own start and end.
  'cowrie.session.params',
  'cowrie.log.open',
  'cowrie.log.closed',
  // The emulator's answer to a command.input that was logged before it.
  'cowrie.command.success',
  'cowrie.command.failed',
  // Where the emulator sent a forwarding whose request was logged before it; ja4h is under a licence we do not take up.
  'cowrie.direct-tcpip.redirect',
  'cowrie.direct-tcpip.tunnel',
  'cowrie.direct-tcpip.ja4h',
  'cowrie.telnet.option',
  'cowrie.telnet.error',
  // The proxy mode's own connections to its backend.
  'cowrie.proxy.ssh',
  'cowrie.proxy.backend_connected',
  'cowrie.proxy.backend_disconnected',
  'cowrie.proxy.backend_connect_error',
  'cowrie.proxy.client_disconnect',
  // What Cowrie asked third parties.
  'cowrie.reversedns.connect',
  'cowrie.reversedns.forward',
  'cowrie.greynoise.result',
  'cowrie.virustotal.scanfile',
  'cowrie.virustotal.scanurl',
  'cowrie.urlhaus.submitted',
  'cowrie.abuseipdb.started',
  'cowrie.abuseipdb.reportedip',
  'cowrie.abuseipdb.reportfail',
  'cowrie.abuseipdb.ratelimited',
  'cowrie.abuseipdb.wakeup',
]);
