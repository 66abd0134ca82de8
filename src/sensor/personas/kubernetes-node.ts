import { debianAccounts } from './accounts.ts';
import { companyOf } from './company.ts';
import { virtual } from './hardware.ts';
import { day, defineKind } from './kind.ts';
import { distribution, installedAt, serverDisk, systemdDaemons } from './linux.ts';

/** Control-plane node of a cluster that kubeadm made, on Ubuntu 22.04: the API answers, and forbids. */
export const kubernetesNode = defineKind({
  name: 'kubernetes-node',
  summary: 'Kubernetes control-plane node on Ubuntu 22.04',
  services: [{ emulator: 'ssh' }, { emulator: 'kubernetes' }, { emulator: 'kubelet' }],

  create(seed) {
    const { number, pick } = seed;
    const company = companyOf(seed);
    const system = distribution(seed, '22.04');
    const hardware = virtual(seed, [
      [4, 8_192],
      [4, 16_384],
      [8, 16_384],
    ]);
    const { address } = hardware;
    const admin = pick('admin', ['ubuntu', 'k8s', 'ops', 'devops']);
    const hostname = pick('shape', [
      `k8s-master-${1 + (number('index') % 3)}`,
      `k8s-cp-0${1 + (number('index') % 3)}`,
      `${company.short}-k8s-master`,
      `kube-${pick('stage', ['prod', 'stage', 'dev'])}-m${1 + (number('index') % 3)}`,
    ]);
    const installed = installedAt(seed, system.bootedAt);
    const flags = '--kubeconfig=/etc/kubernetes';
    return {
      ...system,
      ...hardware,
      hostname,
      admin,
      users: debianAccounts('22.04', [], admin),
      daemons: systemdDaemons('22.04', [
        { user: 'root', sizeKb: 61_280, command: '/usr/bin/containerd' },
        {
          user: 'root',
          sizeKb: 104_772,
          command: `/usr/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf ${flags}/kubelet.conf --config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///var/run/containerd/containerd.sock`,
          listens: ['tcp/10250', 'tcp/127.0.0.1:10248'],
        },
        {
          user: 'root',
          sizeKb: 412_608,
          command: `kube-apiserver --advertise-address=${address} --allow-privileged=true --authorization-mode=Node,RBAC --etcd-servers=https://127.0.0.1:2379 --secure-port=6443 --service-cluster-ip-range=10.96.0.0/12`,
          listens: ['tcp/6443'],
        },
        {
          user: 'root',
          sizeKb: 63_904,
          command: `etcd --advertise-client-urls=https://${address}:2379 --data-dir=/var/lib/etcd --name=${hostname}`,
          listens: ['tcp/127.0.0.1:2379', `tcp/${address}:2380`],
        },
        {
          user: 'root',
          sizeKb: 98_112,
          command: `kube-controller-manager ${flags}/controller-manager.conf --leader-elect=true`,
          listens: ['tcp/127.0.0.1:10257'],
        },
        {
          user: 'root',
          sizeKb: 52_640,
          command: `kube-scheduler ${flags}/scheduler.conf --leader-elect=true`,
          listens: ['tcp/127.0.0.1:10259'],
        },
      ]),
      disk: serverDisk(seed, '22.04', [60, 100, 200]),
      owner: company.name,
      domain: company.domain,
      web: {
        server: '',
        family: 'go',
        site: 'kubernetes',
        title: '',
        modifiedAt: installed,
        php: '',
        lures: [],
      },
      // As kubeadm issues it: for a year, and renewed with each upgrade.
      certificate: {
        subject: { name: 'kube-apiserver' },
        issuer: { name: 'kubernetes' },
        names: [
          hostname,
          'kubernetes',
          'kubernetes.default',
          'kubernetes.default.svc',
          'kubernetes.default.svc.cluster.local',
          '10.96.0.1',
          address,
        ],
        from: Math.floor(installed / 1_000) * 1_000,
        termMs: 365 * day,
        renewed: true,
        authority: false,
      },
    };
  },
});
