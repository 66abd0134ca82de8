// Records how the SSH servers of Debian answer the probes of test/sshd, on loopback: `node scripts/record-sshd.mjs` as root.
// Downloads the packages with apt-get, unpacks them, and runs them in a mount namespace of their own
// with copies of the account files, so that nothing of this machine changes. The transcripts go to test/transcripts/sshd.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = ['openssh-server', 'libwrap0', 'dropbear-bin', 'libtomcrypt1', 'libtommath1'];
const secret = 'secret';
const ports = { sshd: 22_022, dropbear: 22_023 };

const folder = mkdtempSync(join(tmpdir(), 'record-sshd-'));
const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });

run('apt-get', '-q', 'download', ...packages);
for (const name of readdirSync(folder).filter((one) => one.endsWith('.deb'))) run('dpkg', '-x', name, 'pkg');
for (const type of ['rsa', 'ecdsa', 'ed25519']) run('ssh-keygen', '-q', '-t', type, '-N', '', '-f', type);

const compiled = join(folder, 'out');
const tsc = join(root, 'node_modules/typescript/bin/tsc');
run(process.execPath, tsc, '-p', join(root, 'tsconfig.json'), '--outDir', compiled, '--noCheck');
writeFileSync(join(compiled, 'package.json'), '{"type":"module"}');

const hash = run('openssl', 'passwd', '-6', secret).trim();
const passwd = readFileSync('/etc/passwd', 'utf8');
const sshd = /^sshd:/m.test(passwd) ? '' : 'sshd:x:105:65534::/run/sshd:/usr/sbin/nologin\n';
writeFileSync(join(folder, 'passwd'), passwd + sshd);
const shadow = readFileSync('/etc/shadow', 'utf8').replace(/^root:[^:]*/m, () => `root:${hash}`);
writeFileSync(join(folder, 'shadow'), shadow, { mode: 0o600 });

const setup = `
  mount --bind passwd /etc/passwd && mount --bind shadow /etc/shadow
  cp -r /etc/pam.d pam && cp pkg/etc/pam.d/sshd pam/sshd && mount --bind pam /etc/pam.d
  mount -t tmpfs tmpfs /run && mkdir -p /run/sshd
  export LD_LIBRARY_PATH="$PWD/pkg/usr/lib/$(uname -m)-linux-gnu"`;
const servers = {
  sshd: `exec "$PWD/pkg/usr/sbin/sshd" -D -e -f pkg/usr/share/openssh/sshd_config -p ${ports.sshd} \
    -o ListenAddress=127.0.0.1 -o PermitRootLogin=yes -o MaxStartups=1000 -o ModuliFile="$PWD/pkg/etc/ssh/moduli" \
    -h "$PWD/rsa" -h "$PWD/ecdsa" -h "$PWD/ed25519"`,
  dropbear: `for t in rsa ecdsa ed25519; do pkg/usr/bin/dropbearkey -t $t -f db-$t >/dev/null 2>&1; done
    exec pkg/usr/sbin/dropbear -F -E -p 127.0.0.1:${ports.dropbear} -r db-rsa -r db-ecdsa -r db-ed25519`,
};

const children = Object.values(servers).map((server) =>
  spawn('unshare', ['-m', 'bash', '-c', `${setup}\n${server}`], { cwd: folder, stdio: 'ignore' }),
);
try {
  await sleep(3_000);
  for (const [port, name] of [
    [ports.sshd, 'openssh-9.2p1-debian12'],
    [ports.dropbear, 'dropbear-2022.83'],
  ]) {
    for (const [script, file] of [
      ['record', `${name}.txt`],
      ['record-sessions', `${name}.sessions.txt`],
    ]) {
      const args = [join(compiled, `test/sshd/${script}.js`), String(port), 'root', secret];
      writeFileSync(join(root, 'test/transcripts/sshd', file), execFileSync(process.execPath, args));
      console.error(`recorded ${file}`);
    }
  }
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
