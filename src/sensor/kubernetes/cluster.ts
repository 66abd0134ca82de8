import type { Persona } from '../persona.ts';
import { pick } from '../web/page.ts';

type Json = Record<string, unknown>;

/** A release of Kubernetes as `/version` tells it. */
export const releases = {
  'v1.28.15': {
    gitCommit: '841856557ef0f6a399096c42635d114d6f2cf7f4',
    buildDate: '2024-10-22T20:33:16Z',
    goVersion: 'go1.22.8',
  },
  'v1.29.3': {
    gitCommit: '6813625b7cd706db5bc7388921be03071e1a492d',
    buildDate: '2024-03-14T23:58:36Z',
    goVersion: 'go1.21.8',
  },
} as const;
export type Release = keyof typeof releases;

/** The release of a machine: the one that its web pages name too. */
export const releaseOf = (persona: Persona): Release =>
  pick(persona, 'kubernetes', ['v1.28.15', 'v1.29.3'] as const);

export const uuidOf = ({ token }: Persona, label: string) =>
  token(`kubernetes ${label}`, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

export function metadataOf(persona: Persona, kind: string, name: string, namespace?: string): Json {
  const at =
    persona.bootedAt -
    86_400_000 * (20 + (Number.parseInt(persona.token(`kubernetes age ${name}`, 4), 16) % 90));
  return {
    name,
    ...(namespace ? { namespace } : {}),
    uid: uuidOf(persona, `${kind} ${namespace ?? ''} ${name}`),
    resourceVersion: String(
      1_000 + (Number.parseInt(persona.token(`kubernetes rv ${kind} ${name}`, 6), 16) % 900_000),
    ),
    creationTimestamp: seconds(at),
  };
}

const clusters = new WeakMap<Persona, Map<Release, Map<string, Json[]>>>();

/** What a small cluster of kubeadm has, with one application in it; the same for all who come, so that nobody may change it. */
export function objectsOf(persona: Persona, release: Release): ReadonlyMap<string, readonly Json[]> {
  const known = clusters.get(persona) ?? new Map<Release, Map<string, Json[]>>();
  clusters.set(persona, known);
  const objects = known.get(release) ?? made(persona, release);
  known.set(release, objects);
  return objects;
}

function made(persona: Persona, release: Release): Map<string, Json[]> {
  const { hostname, address, token } = persona;
  const app = ['shop', 'portal', 'billing', 'intranet'][Number.parseInt(token('kubernetes app', 4), 16) % 4]!;
  const pod = (name: string, namespace: string, image: string, ip: string) => ({
    metadata: { ...metadataOf(persona, 'pod', name, namespace), labels: { app: name.split('-')[0] } },
    spec: {
      containers: [
        {
          name:
            namespace === 'kube-system'
              ? name.replace(`-${hostname}`, '').replace(/-[0-9a-z]{5,10}(-[0-9a-z]{5})?$/, '')
              : name.split('-')[0],
          image,
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      serviceAccountName: 'default',
      nodeName: hostname,
    },
    status: {
      phase: 'Running',
      hostIP: address,
      podIP: ip,
      startTime: seconds(persona.bootedAt + 62_000),
      qosClass: 'BestEffort',
    },
  });
  const suffix = (label: string) => token(`kubernetes suffix ${label}`, 10).replace(/(.{5})$/, '-$1');
  const system = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) =>
    pod(`${name}-${hostname}`, 'kube-system', `registry.k8s.io/${name}:${release}`, address),
  );
  const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
  return new Map<string, Json[]>([
    [
      'pods',
      [
        pod(
          `${app}-${suffix(app)}`,
          'default',
          `registry.${persona.domain}/${app}:1.${Number.parseInt(token('kubernetes tag', 2), 16) % 20}.2`,
          '10.244.0.7',
        ),
        pod(`redis-${suffix('redis')}`, 'default', 'redis:7.2-alpine', '10.244.0.8'),
        pod(`etcd-${hostname}`, 'kube-system', 'registry.k8s.io/etcd:3.5.15-0', address),
        ...system,
        pod(
          `coredns-${suffix('dns')}`,
          'kube-system',
          'registry.k8s.io/coredns/coredns:v1.11.1',
          '10.244.0.2',
        ),
      ],
    ],
    [
      'namespaces',
      namespaces.map((name) => ({
        metadata: metadataOf(persona, 'namespace', name),
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      })),
    ],
    [
      'nodes',
      [
        {
          metadata: {
            ...metadataOf(persona, 'node', hostname),
            labels: {
              'kubernetes.io/hostname': hostname,
              'kubernetes.io/os': 'linux',
              'node-role.kubernetes.io/control-plane': '',
            },
          },
          spec: { podCIDR: '10.244.0.0/24' },
          status: {
            capacity: { cpu: String(persona.cpu.count), memory: `${persona.memoryKb}Ki`, pods: '110' },
            addresses: [
              { type: 'InternalIP', address },
              { type: 'Hostname', address: hostname },
            ],
            nodeInfo: {
              machineID: persona.machineId,
              kernelVersion: persona.kernel.release,
              osImage: `${persona.system.name} ${persona.system.version} LTS`,
              containerRuntimeVersion: 'containerd://1.7.22',
              kubeletVersion: release,
              operatingSystem: 'linux',
              architecture: 'amd64',
            },
          },
        },
      ],
    ],
    [
      'secrets',
      [
        {
          metadata: metadataOf(persona, 'secret', `${app}-db`, 'default'),
          data: {
            username: Buffer.from(app).toString('base64'),
            password: Buffer.from(token('kubernetes secret', 20)).toString('base64'),
          },
          type: 'Opaque',
        },
      ],
    ],
    [
      'serviceaccounts',
      ['default', 'kube-system'].map((namespace) => ({
        metadata: metadataOf(persona, 'sa', 'default', namespace),
      })),
    ],
    [
      'services',
      [
        {
          metadata: metadataOf(persona, 'service', 'kubernetes', 'default'),
          spec: {
            clusterIP: '10.96.0.1',
            ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
            type: 'ClusterIP',
          },
        },
      ],
    ],
    [
      'configmaps',
      [
        {
          metadata: metadataOf(persona, 'configmap', `${app}-config`, 'default'),
          data: { DB_HOST: `db.${persona.domain}`, LOG_LEVEL: 'info' },
        },
      ],
    ],
    [
      'deployments',
      [
        {
          metadata: metadataOf(persona, 'deployment', app, 'default'),
          spec: { replicas: 1 },
          status: { replicas: 1, readyReplicas: 1 },
        },
      ],
    ],
    [
      'daemonsets',
      [
        {
          metadata: metadataOf(persona, 'daemonset', 'kube-proxy', 'kube-system'),
          spec: {},
          status: { currentNumberScheduled: 1, numberReady: 1 },
        },
      ],
    ],
  ]);
}

/** Kinds by resource, whether they lie in a namespace, and their group. */
export const resources: Record<string, { kind: string; namespaced: boolean; group: string }> = {
  pods: { kind: 'Pod', namespaced: true, group: '' },
  namespaces: { kind: 'Namespace', namespaced: false, group: '' },
  nodes: { kind: 'Node', namespaced: false, group: '' },
  secrets: { kind: 'Secret', namespaced: true, group: '' },
  serviceaccounts: { kind: 'ServiceAccount', namespaced: true, group: '' },
  services: { kind: 'Service', namespaced: true, group: '' },
  configmaps: { kind: 'ConfigMap', namespaced: true, group: '' },
  deployments: { kind: 'Deployment', namespaced: true, group: 'apps' },
  daemonsets: { kind: 'DaemonSet', namespaced: true, group: 'apps' },
  cronjobs: { kind: 'CronJob', namespaced: true, group: 'batch' },
  jobs: { kind: 'Job', namespaced: true, group: 'batch' },
  clusterrolebindings: { kind: 'ClusterRoleBinding', namespaced: false, group: 'rbac.authorization.k8s.io' },
};
export const groups = ['apps', 'batch', 'rbac.authorization.k8s.io'];
