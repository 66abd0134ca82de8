import { createHash } from 'node:crypto';
import type { Persona } from '../persona.ts';
import { dataRoot } from './inside.ts';

/** What a build of the Engine says of itself and its parts. */
export interface Release {
  version: string;
  apiVersion: string;
  commit: string;
  go: string;
  built: string;
  platform: string;
  containerd: [version: string, commit: string];
  runc: [version: string, commit: string];
  init?: [version: string, commit: string];
}

const community = 'Docker Engine - Community';
const init: [string, string] = ['0.19.0', 'de40ad0'];

/** The first is Debian 12's, recorded; the others are Docker's own builds as their `docker version` shows them. */
const releases: readonly Release[] = [
  {
    version: '20.10.24+dfsg1',
    apiVersion: '1.41',
    commit: '5d6db84',
    go: 'go1.19.8',
    built: '2026-05-07T21:09:36.000000000+00:00',
    platform: '',
    containerd: ['1.6.20~ds1', '1.6.20~ds1-1+deb12u3'],
    runc: ['1.1.5+ds1', '1.1.5+ds1-1+deb12u1'],
  },
  {
    version: '20.10.17',
    apiVersion: '1.41',
    commit: 'a89b842',
    go: 'go1.17.11',
    built: '2022-06-06T23:00:51.000000000+00:00',
    platform: community,
    containerd: ['1.6.6', '10c12954828e7c7c9b6e0ea9b0c02b01407d3ae1'],
    runc: ['1.1.2', 'v1.1.2-0-ga916309'],
    init,
  },
  {
    version: '20.10.21',
    apiVersion: '1.41',
    commit: '3056208',
    go: 'go1.18.7',
    built: '2022-10-25T18:00:04.000000000+00:00',
    platform: community,
    containerd: ['1.6.9', '1c90a442489720eec95342e1789ee8a5e1b9536f'],
    runc: ['1.1.4', 'v1.1.4-0-g5fd4c4d'],
    init,
  },
  {
    version: '20.10.24',
    apiVersion: '1.41',
    commit: '5d6db84',
    go: 'go1.19.7',
    built: '2023-04-04T18:18:15.000000000+00:00',
    platform: community,
    containerd: ['1.6.20', '2806fc1057397dbaeefbea0e4e17bddfbd388f38'],
    runc: ['1.1.5', 'v1.1.5-0-gf19387a'],
    init,
  },
];

export const versions = releases.map(({ version }) => version);

/** The Engine of a persona: the version asked for, or one that its seed picks. */
export function engineOf(persona: Persona, version?: string): Release {
  const own = releases.filter(({ platform }) => platform);
  return (
    releases.find((one) => one.version === version) ??
    own[Number.parseInt(persona.token('docker', 4), 16) % own.length]!
  );
}

export function architecture({ arch }: Persona): string {
  return (
    ({ x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm' } as Record<string, string>)[arch.name] ?? arch.name
  );
}

/** Whether the machine's systemd has version 2 of control groups: Debian since 11, Ubuntu since 21.10. */
export function groupsTwo({ system }: Persona): boolean {
  return system.id === 'debian' || (system.id === 'ubuntu' && system.version !== '20.04');
}

/** The system as the Engine reads it from /etc/os-release. */
function operatingSystem({ system, product }: Persona): { OperatingSystem: string; OSVersion: string } {
  if (system.id === 'ubuntu')
    return { OperatingSystem: `Ubuntu ${system.version} LTS`, OSVersion: system.version };
  if (system.id === 'debian')
    return {
      OperatingSystem: `Debian GNU/Linux ${system.version} (${system.codename})`,
      OSVersion: system.version,
    };
  return { OperatingSystem: `${product.vendor} ${product.firmware}`, OSVersion: product.firmware };
}

/** `GET /version`. */
export function versionOf(persona: Persona, release: Release): unknown {
  const common = {
    ApiVersion: release.apiVersion,
    Arch: architecture(persona),
    BuildTime: release.built,
  };
  const part = (name: string, [version, commit]: [string, string]) => ({
    Name: name,
    Version: version,
    Details: { GitCommit: commit },
  });
  return {
    Platform: { Name: release.platform },
    Components: [
      {
        Name: 'Engine',
        Version: release.version,
        Details: {
          ...common,
          Experimental: 'false',
          GitCommit: release.commit,
          GoVersion: release.go,
          KernelVersion: persona.kernel.release,
          MinAPIVersion: '1.12',
          Os: 'linux',
        },
      },
      part('containerd', release.containerd),
      part('runc', release.runc),
      ...(release.init ? [part('docker-init', release.init)] : []),
    ],
    Version: release.version,
    ApiVersion: release.apiVersion,
    MinAPIVersion: '1.12',
    GitCommit: release.commit,
    GoVersion: release.go,
    Os: 'linux',
    Arch: common.Arch,
    KernelVersion: persona.kernel.release,
    BuildTime: release.built,
  };
}

/** The Engine's own id: a key's fingerprint in twelve groups of four letters and digits. */
function engineId(persona: Persona): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(persona.token('engine-id')).digest();
  const digits = Array.from({ length: 48 }, (_, i) => alphabet[(digest[i % 32]! + i * 7) % 32]).join('');
  return digits.match(/..../g)!.join(':');
}

export interface Count {
  containers: number;
  running: number;
  images: number;
}

/** `GET /info`. */
export function infoOf(persona: Persona, release: Release, count: Count, now: number): unknown {
  const commit = ([, id]: [string, string]) => ({ ID: id, Expected: id });
  return {
    ID: engineId(persona),
    Containers: count.containers,
    ContainersRunning: count.running,
    ContainersPaused: 0,
    ContainersStopped: count.containers - count.running,
    Images: count.images,
    Driver: 'overlay2',
    DriverStatus: [
      ['Backing Filesystem', 'extfs'],
      ['Supports d_type', 'true'],
      ['Native Overlay Diff', 'true'],
      ['userxattr', 'false'],
    ],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null,
      Log: 'awslogs fluentd gcplogs gelf journald json-file local logentries splunk syslog'.split(' '),
    },
    MemoryLimit: true,
    SwapLimit: true,
    KernelMemory: true,
    KernelMemoryTCP: true,
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    BridgeNfIptables: true,
    BridgeNfIp6tables: true,
    Debug: false,
    NFd: 23 + 6 * count.running,
    OomKillDisable: true,
    NGoroutines: 36 + 7 * count.running,
    SystemTime: new Date(now)
      .toISOString()
      .replace('Z', `${persona.token('nanos', 12).replace(/\D/g, '').padEnd(6, '3').slice(0, 6)}Z`),
    LoggingDriver: 'json-file',
    CgroupDriver: groupsTwo(persona) ? 'systemd' : 'cgroupfs',
    CgroupVersion: groupsTwo(persona) ? '2' : '1',
    NEventsListener: 0,
    KernelVersion: persona.kernel.release,
    ...operatingSystem(persona),
    OSType: 'linux',
    Architecture: persona.arch.name,
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: {
      AllowNondistributableArtifactsCIDRs: [],
      AllowNondistributableArtifactsHostnames: [],
      InsecureRegistryCIDRs: ['127.0.0.0/8'],
      IndexConfigs: { 'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true } },
      Mirrors: [],
    },
    NCPU: persona.cpu.count,
    MemTotal: persona.memoryKb * 1_024,
    GenericResources: null,
    DockerRootDir: dataRoot(persona),
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: persona.hostname,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: release.version,
    Runtimes: {
      'io.containerd.runc.v2': { path: 'runc' },
      'io.containerd.runtime.v1.linux': { path: 'runc' },
      runc: { path: 'runc' },
    },
    DefaultRuntime: 'runc',
    Swarm: {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    },
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: commit(release.containerd),
    RuncCommit: commit(release.runc),
    InitCommit: release.init ? commit(release.init) : { ID: 'N/A', Expected: 'N/A' },
    SecurityOptions: ['name=seccomp,profile=default'],
    Warnings: [
      "WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is equivalent to root access on the host. Refer\n         to the 'Docker daemon attack surface' section in the documentation for\n         more information: https://docs.docker.com/go/attack-surface/",
    ],
  };
}
