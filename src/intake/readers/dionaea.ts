import type { Body, Handshake } from '../../model/event.ts';
import { defineReader, Reject } from '../reader.ts';
import { address, moment, name, object, port, row, share, text } from './parts/fields.ts';
import { type Connection, reading } from './parts/reading.ts';
import { speaksWeb } from './parts/relayed.ts';
import { isoTime } from './parts/time.ts';

/** Credentials and commands that one connection may bring. */
const actLimit = 1_000;
const tooMany = new Reject('more acts in one connection than the limit of 1000');
const badList = new Reject('a list is missing or has the wrong type');

/** Dionaea names its services by their daemons; ours have the names of their protocols. */
const protocols: Record<string, string> = {
  smbd: 'smb',
  httpd: 'http',
  mongod: 'mongodb',
  mysqld: 'mysql',
  mssqld: 'mssql',
  ftpd: 'ftp',
  mqttd: 'mqtt',
  pptpd: 'pptp',
  epmapper: 'msrpc',
  SipSession: 'sip',
  SipCall: 'sip',
  TftpServerHandler: 'tftp',
  upnpd: 'upnp',
  memcached: 'memcached',
  printerd: 'printer',
  blackhole: 'blackhole',
};

/** Dionaea's connection log (`log_json`): one connection a line, with credentials and FTP commands where there were any. */
export const dionaea = defineReader({
  name: 'dionaea',
  summary: "Dionaea's connection log in JSON",

  sniff: (lines) =>
    share(
      lines,
      (line) =>
        line.includes('"connection"') && line.includes('"transport"') && line.includes('"src_hostname"'),
    ),

  start() {
    return (line) => {
      const fields = row(line);
      const connection = object(fields.connection);
      const type = name(connection.type, 32);
      const time = moment(isoTime(name(fields.timestamp, 40)));
      // A port that Dionaea opened, or a connection that it made itself: nobody touched us.
      if (type === 'listen' || type === 'connect') return null;
      const daemon = name(connection.protocol, 32);
      const transport = connection.transport === 'udp' ? 'udp' : 'tcp';
      const src = { ip: address(fields.src_ip), port: port(fields.src_port) };
      const bodies: Body[] = [{ kind: 'connect' }, ...logins(fields.credentials), ...commands(fields.ftp)];
      if (bodies.length > actLimit) throw tooMany;

      let handshake: Handshake = transport === 'udp' ? 'none' : 'established';
      if (
        handshake === 'established' &&
        bodies.some((body) => body.kind === 'command' && speaksWeb(body.input))
      )
        handshake = 'relayed';
      const head: Connection = {
        session: `${src.ip}:${src.port}-${time.toString(36)}`,
        protocol: Object.hasOwn(protocols, daemon) ? protocols[daemon]! : daemon,
        transport,
        src,
        dst: { ip: address(fields.dst_ip), port: port(fields.dst_port) },
        handshake,
        decoy: true,
      };
      return bodies.map((body) => reading(head, time, body));
    };
  },
});

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badList;
  return value;
}

function logins(value: unknown): Body[] {
  if (value === undefined) return [];
  const { username, password } = object(value);
  const secrets = list(password);
  return list(username).map((user, i) => ({
    kind: 'login',
    user: text(user, 4_096),
    secret: text(secrets[i], 4_096),
    ok: false,
  }));
}

/** FTP's commands, without the two that the credentials have told. */
function commands(value: unknown): Body[] {
  if (value === undefined) return [];
  const { commands: given } = object(value);
  if (given === undefined) return [];
  const { command, arguments: args } = object(given);
  const words = list(args);
  return list(command).flatMap((verb, i): Body[] => {
    const said = text(verb, 4_096);
    if (said === 'USER' || said === 'PASS') return [];
    const rest = text(words[i], 4_096);
    return [{ kind: 'command', input: rest === '' ? said : `${said} ${rest}` }];
  });
}
