import { createHash } from 'node:crypto';
import { uuidv8 } from '../../kit/uuid.ts';
import type { Event, EventOf } from '../../model/event.ts';

/** One line of Cowrie's JSON log. */
export type CowrieLine = Record<string, string | number | boolean | string[]>;

type Said = [eventid: string, message: string, fields: CowrieLine];

/** Sensors whose ids are remembered. */
const sensorLimit = 1_000;

/**
 * Makes a function that gives the lines in which Cowrie would have told of an event (`core/eventids.py`): none where it has no word
 * for it, or does not speak the protocol. Never `ja4h`, which is under a licence that we do not take up.
 */
export function createCowrieWriter(): (event: Event) => CowrieLine[] {
  const uuids = new Map<string, string>();
  const uuidOf = (sensor: string): string => {
    let uuid = uuids.get(sensor);
    if (uuid === undefined) {
      if (uuids.size >= sensorLimit) uuids.clear();
      uuid = uuidv8(0, createHash('sha256').update(sensor).digest());
      uuids.set(sensor, uuid);
    }
    return uuid;
  };
  return (event) => {
    if (event.protocol !== 'ssh' && event.protocol !== 'telnet') return [];
    return said(event).map(([eventid, message, fields]) => ({
      eventid: `cowrie.${eventid}`,
      src_ip: event.src.ip,
      src_port: event.src.port,
      dst_ip: event.dst.ip,
      dst_port: event.dst.port,
      session: event.session,
      protocol: event.protocol,
      sensor: event.sensor,
      uuid: uuidOf(event.sensor),
      timestamp: new Date(event.time).toISOString().replace('Z', '000Z'),
      ...fields,
      message,
    }));
  };
}

function said(event: Event): Said[] {
  switch (event.kind) {
    case 'connect': {
      const { src, dst, session } = event;
      return [
        ['session.connect', `New connection: ${src.ip}:${src.port} (${dst.ip}:${dst.port}) [${session}]`, {}],
      ];
    }
    case 'close':
      return [
        [
          'session.closed',
          `Connection lost after ${(event.durationMs / 1_000).toFixed(1)} seconds`,
          { duration_ms: event.durationMs },
        ],
      ];
    case 'login':
      return [login(event)];
    case 'command':
      return command(event);
    case 'download': {
      const { url, name = '', detail } = event;
      const sha256 = detail?.sha256;
      if (typeof sha256 !== 'string' || sha256 === '')
        return [
          ['session.file_download.failed', `Attempt to download file(s) from URL (${url}) failed`, { url }],
        ];
      const kept = { url, outfile: `downloads/${sha256}`, shasum: sha256, destfile: name, duplicate: false };
      return [['session.file_download', `Downloaded URL (${url}) with SHA-256 ${sha256}`, kept]];
    }
    case 'upload': {
      const { sha256, name = '' } = event;
      const kept = { filename: name, outfile: `downloads/${sha256}`, shasum: sha256, duplicate: false };
      return [['session.file_upload', `Uploaded file ${name} with SHA-256 ${sha256}`, kept]];
    }
    case 'forward': {
      const to = { dst_ip: event.host, dst_port: event.port };
      return [['direct-tcpip.request', `direct-tcp connection request to ${event.host}:${event.port}`, to]];
    }
    case 'data':
      return event.detail?.malformed === true
        ? [['client.malformed_packet', 'Malformed packet', { data: event.raw ?? '' }]]
        : [];
    case 'fingerprint':
      return fingerprint(event);
    default:
      return [];
  }
}

function login({ user, secret, ok, method, detail }: EventOf<'login'>): Said {
  const id = ok ? 'login.success' : 'login.failed';
  const end = ok ? 'succeeded' : 'failed';
  if (method !== 'publickey' && method !== 'ssh-key')
    return [id, `login attempt [${user}/${secret}] ${end}`, { username: user, password: secret }];
  const key = typeof detail?.key === 'string' ? detail.key : '';
  const type = typeof detail?.type === 'string' ? detail.type : '';
  return [
    id,
    `public key login attempt [${user}] ${end}`,
    { username: user, fingerprint: secret, key, type },
  ];
}

function command({ input, ok, detail }: EventOf<'command'>): Said[] {
  if (typeof detail?.exploit === 'string') {
    const id = ok === true ? 'telnet.exploit_success' : 'telnet.exploit_attempt';
    return [[id, `Exploit of ${detail.exploit}`, { cve: detail.exploit, data: input }]];
  }
  if (input === 'chpasswd' && typeof detail?.user === 'string') {
    const changed = { username: detail.user, password: String(detail.secret ?? '') };
    return [['command.chpasswd', `Password of ${detail.user} changed`, changed]];
  }
  if (detail?.stdin === true || typeof detail?.realm === 'string')
    return [['session.input', `INPUT: ${input}`, { realm: String(detail.realm ?? ''), input }]];
  const failed: Said[] = ok === false ? [['command.failed', `Command not found: ${input}`, { input }]] : [];
  return [['command.input', `CMD: ${input}`, { input }], ...failed];
}

function fingerprint({ method, value, software = '' }: EventOf<'fingerprint'>): Said[] {
  switch (method) {
    case 'banner':
    case 'ssh-version':
      return [['client.version', `Remote SSH version: ${value}`, { version: value }]];
    case 'hassh': {
      const [kex = '', enc = '', mac = '', comp = ''] = software.split(';');
      const lists = {
        kexAlgs: kex.split(','),
        encCS: enc.split(','),
        macCS: mac.split(','),
        compCS: comp.split(','),
      };
      const more = { keyAlgs: [], langCS: [] };
      return [
        [
          'client.kex',
          `SSH client hassh fingerprint: ${value}`,
          { hassh: value, hasshAlgorithms: software, ...lists, ...more },
        ],
      ];
    }
    case 'ssh-key':
      return [['client.fingerprint', `public key fingerprint ${value}`, { fingerprint: value }]];
    case 'terminal':
    case 'ssh-pty': {
      const size = /(\d{1,6})x(\d{1,6})/.exec(value);
      if (!size) return [];
      const [width, height] = [Number(size[1]), Number(size[2])];
      return [['client.size', `Terminal Size: ${width} ${height}`, { width, height }]];
    }
    case 'environment':
    case 'ssh-env': {
      const at = value.indexOf('=');
      if (at < 0) return [];
      const one = { name: value.slice(0, at), value: value.slice(at + 1) };
      return [['client.var', `request_env: ${value}`, one]];
    }
    default:
      return [];
  }
}
