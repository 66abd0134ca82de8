import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a program is there. */
export function installed(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** What the zone of the tests says. */
const zone = `$TTL 300
@ IN SOA ns root 1 3600 600 86400 300
@ IN NS ns
ns IN A 127.0.0.1
www 60 IN CNAME web
web 120 IN CNAME host
host IN A 192.0.2.10
host IN A 192.0.2.11
host IN AAAA 2001:db8::10
mail IN MX 10 host
_sip._tcp IN SRV 1 2 5060 host
txt IN TXT "hello world" "more"
svc IN HTTPS 1 . alpn=h2
`;

export interface Resolver {
  port: number;
  /** Asks it, with `dig`'s own words: `www.example A +tcp`. */
  dig(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** A port of loopback that was free just now, for programs that cannot be told to take any. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

async function start(program: string, args: string[], port: number): Promise<Resolver> {
  const child: ChildProcess = spawn(program, args, { env, stdio: 'ignore' });
  const dig = (...words: string[]) =>
    new Promise<string>((resolve) => {
      const options = ['@127.0.0.1', '-p', String(port), '+time=5', '+tries=1'];
      execFile('dig', [...options, ...words], (_, out) => resolve(out));
    });
  const resolver = {
    port,
    dig,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`${program} ended at its start`);
    if ((await dig('ready.example', 'A', '+time=1')).includes('status: NXDOMAIN')) return resolver;
    await sleep(100);
  }
  await resolver.stop();
  throw new Error(`${program} did not answer`);
}

/** BIND with a zone of its own, on loopback, that asks nobody: a query log, and dnstap to where it is told. */
export async function startNamed(folder: string, tap: string): Promise<Resolver> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'zone'), zone);
  writeFileSync(
    join(folder, 'named.conf'),
    `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
       pid-file none; session-keyfile none; managed-keys-directory "${folder}"; dnssec-validation no; notify no;
       recursion no; allow-query { any; }; minimal-responses yes; querylog yes; empty-zones-enable no;
       dnstap { all; }; dnstap-output ${tap}; dnstap-identity "ns1"; };
     controls {};
     logging { channel q { file "${folder}/query.log"; print-time yes; print-category yes; print-severity yes; };
       category queries { q; }; };
     zone "example" { type primary; file "${folder}/zone"; };\n`,
  );
  return start('named', ['-4', '-f', '-n', '1', '-c', join(folder, 'named.conf')], port);
}

/** Unbound that asks that server alone, and brings dnstap to a Unix socket where it is told one. */
export async function startUnbound(folder: string, upstream: number, tap?: string): Promise<Resolver> {
  const port = await freePort();
  writeFileSync(
    join(folder, 'unbound.conf'),
    `server:
  interface: 127.0.0.1
  port: ${port}
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  logfile: "${folder}/unbound.log"
  log-queries: yes
  log-replies: yes
  do-not-query-localhost: no
  do-ip6: no
  module-config: "iterator"
  local-zone: "." refuse
  local-zone: "example." transparent
stub-zone:
  name: "example"
  stub-addr: 127.0.0.1@${upstream}
remote-control:
  control-enable: no
${tap === undefined ? '' : tapTo(tap)}`,
  );
  return start('unbound', ['-d', '-c', join(folder, 'unbound.conf')], port);
}

const tapTo = (socket: string) => `dnstap:
  dnstap-enable: yes
  dnstap-socket-path: "${socket}"
  dnstap-log-client-response-messages: yes
  dnstap-log-resolver-response-messages: yes
`;

/** dnsmasq that asks that server alone. */
export async function startDnsmasq(folder: string, upstream: number): Promise<Resolver> {
  const port = await freePort();
  const options = [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    `--port=${port}`,
    '--listen-address=127.0.0.1',
    '--bind-interfaces',
    '--no-resolv',
    '--no-hosts',
    `--server=/example/127.0.0.1#${upstream}`,
    '--log-queries=extra',
    `--log-facility=${folder}/dnsmasq.log`,
    `--user=${userInfo().username}`,
    '--pid-file=',
  ];
  return start('dnsmasq', options, port);
}
