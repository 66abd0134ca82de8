import type { Tree } from './tree.ts';

const key = (text: string, line = 70) => text.replace(new RegExp(`(.{${line}})`, 'g'), '$1\n').trimEnd();

/** What somebody who looks around hopes to find. Every secret belongs to this sensor alone and opens nothing. */
export function bait(tree: Tree): void {
  const { persona } = tree;
  const { token, admin, hostname, address, bootedAt } = persona;
  const base64 = (label: string, size: number) =>
    Buffer.from(token(label, size * 2), 'hex').toString('base64');
  const day = 86_400_000;
  const own = persona.users.find(({ name }) => name === admin);
  const secret = { mode: 0o600, mtime: bootedAt - 20 * day };
  const neighbour = address.replace(/\d+$/, String(20 + (Number.parseInt(token('neighbour', 2), 16) % 60)));

  tree.dir('/root/.ssh', { mode: 0o700 });
  tree.file(
    '/root/.bash_history',
    [
      'apt update && apt upgrade -y',
      'df -h',
      'systemctl status ssh',
      'journalctl -u ssh -n 50',
      `ssh ${admin}@${neighbour}`,
      'cd /opt/app',
      'vi .env',
      `mysql -u app -p'${token('db-password', 14)}' -h ${neighbour} app`,
      'mysqldump app | gzip > /root/backup.sql.gz',
      `scp /root/backup.sql.gz ${admin}@${neighbour}:/srv/backup/`,
      'aws s3 ls',
      'crontab -e',
      'tail -f /var/log/syslog',
      'exit',
      '',
    ].join('\n'),
    { ...secret, mtime: bootedAt + day },
  );
  const body = base64('ssh-key', 300);
  tree.file(
    '/root/.ssh/id_rsa',
    `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABlwAAAAdzc2gtcn\n${key(body)}\n-----END OPENSSH PRIVATE KEY-----\n`,
    secret,
  );
  tree.file(
    '/root/.ssh/id_rsa.pub',
    `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC${base64('ssh-pub', 264).replaceAll('=', '')} root@${hostname}\n`,
    { mtime: bootedAt - 20 * day },
  );
  tree.file(
    '/root/.ssh/known_hosts',
    `${neighbour} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base64('known-host', 32).replaceAll('=', '')}\n`,
    secret,
  );
  tree.file(
    '/root/.aws/credentials',
    `[default]\naws_access_key_id = AKIA${base32(token('aws-id', 32)).slice(0, 16)}\naws_secret_access_key = ${base64('aws-secret', 30)}\n`,
    secret,
  );
  tree.file('/root/.aws/config', '[default]\nregion = eu-central-1\noutput = json\n', secret);
  tree.file(
    '/opt/app/.env',
    `APP_NAME=app\nAPP_ENV=production\nAPP_KEY=base64:${base64('app-key', 32)}\nAPP_DEBUG=false\nDB_CONNECTION=mysql\nDB_HOST=${neighbour}\nDB_PORT=3306\nDB_DATABASE=app\nDB_USERNAME=app\nDB_PASSWORD=${token('db-password', 14)}\nREDIS_HOST=127.0.0.1\nMAIL_HOST=smtp.${hostname}.internal\nSTRIPE_SECRET=sk_live_${token('stripe', 24)}\n`,
    { mode: 0o640, mtime: bootedAt - 30 * day },
  );
  tree.file(
    '/root/backup.sql.gz',
    Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.from(token('dump', 8_192), 'hex')]),
    { mtime: bootedAt - 3 * day },
  );
  const place = own ? { uid: own.uid, gid: own.gid } : {};
  if (own?.home.startsWith('/home/')) {
    tree.file(
      `${own.home}/.bash_history`,
      `sudo -i\nls -la\nsudo apt update\nssh root@${neighbour}\nexit\n`,
      { ...place, ...secret },
    );
    tree.file(`${own.home}/notes.txt`, `backup host: ${neighbour}\nvpn: ask ops\n`, {
      ...place,
      mtime: bootedAt - 11 * day,
    });
  }
}

function base32(hex: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return [...Buffer.from(hex, 'hex')].map((byte) => letters[byte & 31]).join('');
}
