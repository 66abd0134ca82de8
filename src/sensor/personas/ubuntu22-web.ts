import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { day, defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** Web server of a small company: Ubuntu 22.04, nginx 1.18, MySQL 8.0, Redis 6.0.16, as its packages have them. */
export const ubuntu22Web = defineKind({
  name: 'ubuntu22-web',
  summary: 'Ubuntu 22.04 web server: nginx, MySQL, Redis',
  services: [
    { emulator: 'elasticsearch', options: { version: '7.17.9' } },
    { emulator: 'ssh' },
    { emulator: 'http' },
    { emulator: 'https' },
    { emulator: 'mysql', options: { version: '8.0.43-0ubuntu0.22.04.1' } },
    { emulator: 'redis', options: { version: '6.0.16' } },
  ],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '22.04');
    const admin = pick('admin', ['ubuntu', 'deploy', 'sysadmin', 'ops']);
    const hostname = `${pick('role', ['web', 'www', 'srv', 'app'])}${pick('dash', ['', '-'])}0${1 + (number('index') % 4)}`;
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...virtual(seed, [
        [2, 4_096],
        [4, 8_192],
        [2, 2_048],
      ]),
      hostname,
      admin,
      users: debianAccounts('22.04', ['mysql', 'redis', 'elasticsearch'], admin),
      daemons: systemdDaemons('22.04', [
        {
          user: 'elasticsearch',
          sizeKb: 1_284_552,
          command:
            '/usr/share/elasticsearch/jdk/bin/java -Des.path.home=/usr/share/elasticsearch -Des.path.conf=/etc/elasticsearch org.elasticsearch.bootstrap.Elasticsearch -p /var/run/elasticsearch/elasticsearch.pid --quiet',
          listens: ['tcp/9200'],
        },
        {
          user: 'root',
          sizeKb: 1_684,
          command: 'nginx: master process /usr/sbin/nginx -g daemon on; master_process on;',
          listens: ['tcp/80', 'tcp/443'],
        },
        { user: 'www-data', sizeKb: 6_420, command: 'nginx: worker process' },
        { user: 'root', sizeKb: 26_112, command: 'php-fpm: master process (/etc/php/8.1/fpm/php-fpm.conf)' },
        { user: 'www-data', sizeKb: 38_904, command: 'php-fpm: pool www' },
        { user: 'mysql', sizeKb: 401_220, command: '/usr/sbin/mysqld', listens: ['tcp/3306'] },
        {
          user: 'redis',
          sizeKb: 8_316,
          command: '/usr/bin/redis-server 0.0.0.0:6379',
          listens: ['tcp/6379'],
        },
      ]),
      disk: serverDisk(seed, '22.04', [40, 80, 160]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: 'nginx/1.18.0 (Ubuntu)',
        family: 'nginx',
        site: 'company',
        title: company.name,
        modifiedAt: installed + (number('edited') % (120 * day)),
        php: '',
        lures: ['phpunit', 'dotenv', 'git'],
      },
      certificate: snakeoil(hostname, installed),
    };
  },
});
