import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, snakeoil, systemdDaemons } from './linux.ts';

/** Docker's own Engine 20.10 on Ubuntu 22.04, its API open on 2375, and what its containers show on port 80. */
export const dockerHost = defineKind({
  name: 'docker-host',
  summary: 'Ubuntu 22.04 with Docker Engine 20.10, its API open',
  services: [
    { emulator: 'ssh' },
    { emulator: 'docker', options: { version: '20.10.24' } },
    { emulator: 'http' },
  ],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '22.04');
    const admin = pick('admin', ['ubuntu', 'docker', 'ci', 'deploy']);
    const hostname = pick('shape', [
      `docker${1 + (number('index') % 6)}`,
      `docker-host-0${1 + (number('index') % 4)}`,
      `ci-runner-${1 + (number('index') % 9)}`,
      `${company.short}-build`,
    ]);
    const installed = installedAt(seed, system.bootedAt);
    return {
      ...system,
      ...virtual(seed, [
        [4, 8_192],
        [8, 16_384],
      ]),
      hostname,
      admin,
      users: debianAccounts('22.04', [], admin),
      daemons: systemdDaemons('22.04', [
        { user: 'root', sizeKb: 48_316, command: '/usr/bin/containerd' },
        {
          user: 'root',
          sizeKb: 82_704,
          command:
            '/usr/bin/dockerd -H fd:// -H tcp://0.0.0.0:2375 --containerd=/run/containerd/containerd.sock',
          listens: ['tcp/2375'],
        },
        {
          user: 'root',
          sizeKb: 1_688,
          command: 'nginx: master process /usr/sbin/nginx -g daemon on; master_process on;',
          listens: ['tcp/80'],
        },
        { user: 'www-data', sizeKb: 6_104, command: 'nginx: worker process' },
      ]),
      disk: serverDisk(seed, '22.04', [80, 160, 320]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: 'nginx/1.18.0 (Ubuntu)',
        family: 'nginx',
        site: 'docker-host',
        title: 'Build status',
        modifiedAt: installed,
        php: '',
        lures: ['dotenv', 'git'],
      },
      certificate: snakeoil(hostname, installed),
    };
  },
});
