import type { Persona } from '../persona.ts';
import { goTime } from './context.ts';
import { groupsTwo } from './engine.ts';
import { bindsOf, dataRoot } from './inside.ts';
import { quoted } from './run.ts';
import type { Container, Image } from './store.ts';

/** How the Engine says how long ago something was (docker/go-units `HumanDuration`). */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3_600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 14) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 60) return `${Math.floor(hours / 24 / 7)} weeks`;
  return `${Math.floor(hours / 24 / 30)} months`;
}

function status(container: Container, now: number): string {
  if (container.state === 'created') return 'Created';
  if (container.state === 'running') return `Up ${duration(now - container.startedAt)}`;
  return `Exited (${container.exitCode}) ${duration(now - container.finishedAt)} ago`;
}

function mounts(container: Container): unknown[] {
  return bindsOf(container).map((bind) => {
    const [Source, Destination, Mode = ''] = bind.split(':');
    return {
      Type: 'bind',
      Source,
      Destination,
      Mode,
      RW: Mode !== 'ro',
      Propagation: Source === '/' ? 'rslave' : 'rprivate',
    };
  });
}

function networkMode(container: Container): string {
  const mode = container.host.NetworkMode;
  return typeof mode === 'string' && mode ? mode : 'default';
}

function network(persona: Persona, container: Container): { name: string; settings: unknown } {
  const mode = networkMode(container);
  const name = mode === 'default' ? 'bridge' : mode;
  const up = container.state === 'running' && name === 'bridge';
  return {
    name,
    settings: {
      IPAMConfig: null,
      Links: null,
      Aliases: null,
      NetworkID: persona.token(`docker-network-${name}`, 64),
      EndpointID: up ? persona.token(`endpoint-${container.id}`, 64) : '',
      Gateway: up ? '172.17.0.1' : '',
      IPAddress: up ? '172.17.0.2' : '',
      IPPrefixLen: up ? 16 : 0,
      IPv6Gateway: '',
      GlobalIPv6Address: '',
      GlobalIPv6PrefixLen: 0,
      MacAddress: up ? '02:42:ac:11:00:02' : '',
      DriverOpts: null,
    },
  };
}

/** One of `GET /containers/json`. */
export function row(persona: Persona, container: Container, now: number): unknown {
  const { name, settings } = network(persona, container);
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.image,
    ImageID: `sha256:${container.imageId}`,
    Command: container.command.map(quoted).join(' '),
    Created: Math.floor(container.created / 1_000),
    Ports: [],
    Labels: container.config.Labels ?? {},
    State: container.state,
    Status: status(container, now),
    HostConfig: { NetworkMode: networkMode(container) },
    NetworkSettings: { Networks: { [name]: settings } },
    Mounts: mounts(container),
  };
}

const masked = 'asound acpi kcore keys latency_stats timer_list timer_stats sched_debug scsi'
  .split(' ')
  .map((name) => `/proc/${name}`);

/** `GET /containers/ID/json`. */
export function inspection(persona: Persona, container: Container): unknown {
  const { config, host, id } = container;
  const [Path = '', ...Args] = container.command;
  const running = container.state === 'running';
  const root = dataRoot(persona);
  const folder = `${root}/containers/${id}`;
  const { name, settings } = network(persona, container);
  const layer = `${root}/overlay2/${persona.token(`layer-${id}`, 64)}`;
  const flat = settings as Record<string, unknown>;
  return {
    Id: id,
    Created: goTime(container.created, Number.parseInt(id.slice(0, 5), 16)),
    Path,
    Args,
    State: {
      Status: container.state,
      Running: running,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: running ? 2_000 + (Number.parseInt(id.slice(0, 4), 16) % 20_000) : 0,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: goTime(container.startedAt, Number.parseInt(id.slice(5, 10), 16)),
      FinishedAt: goTime(container.finishedAt, Number.parseInt(id.slice(10, 15), 16)),
    },
    Image: `sha256:${container.imageId}`,
    ResolvConfPath: `${folder}/resolv.conf`,
    HostnamePath: `${folder}/hostname`,
    HostsPath: `${folder}/hosts`,
    LogPath: `${folder}/${id}-json.log`,
    Name: `/${container.name}`,
    RestartCount: 0,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: null,
    HostConfig: hostConfig(host, networkMode(container), groupsTwo(persona)),
    GraphDriver: {
      Data: {
        LowerDir: `${layer}-init/diff`,
        MergedDir: `${layer}/merged`,
        UpperDir: `${layer}/diff`,
        WorkDir: `${layer}/work`,
      },
      Name: 'overlay2',
    },
    Mounts: mounts(container),
    Config: {
      Hostname: config.Hostname || id.slice(0, 12),
      Domainname: '',
      User: config.User ?? '',
      AttachStdin: config.AttachStdin === true,
      AttachStdout: config.AttachStdout === true,
      AttachStderr: config.AttachStderr === true,
      Tty: config.Tty === true,
      OpenStdin: config.OpenStdin === true,
      StdinOnce: config.StdinOnce === true,
      Env: config.Env ?? null,
      Cmd: config.Cmd ?? null,
      Image: container.image,
      Volumes: config.Volumes ?? null,
      WorkingDir: config.WorkingDir ?? '',
      Entrypoint: config.Entrypoint ?? null,
      OnBuild: null,
      Labels: config.Labels ?? {},
    },
    NetworkSettings: {
      Bridge: '',
      SandboxID: persona.token(`sandbox-${id}`, 64),
      HairpinMode: false,
      LinkLocalIPv6Address: '',
      LinkLocalIPv6PrefixLen: 0,
      Ports: {},
      SandboxKey: `/var/run/docker/netns/${persona.token(`sandbox-${id}`, 12)}`,
      SecondaryIPAddresses: null,
      SecondaryIPv6Addresses: null,
      EndpointID: flat.EndpointID,
      Gateway: flat.Gateway,
      GlobalIPv6Address: '',
      GlobalIPv6PrefixLen: 0,
      IPAddress: flat.IPAddress,
      IPPrefixLen: flat.IPPrefixLen,
      IPv6Gateway: '',
      MacAddress: flat.MacAddress,
      Networks: { [name]: settings },
    },
  };
}

function hostConfig(host: Record<string, unknown>, mode: string, twoGroups: boolean): unknown {
  const open = host.Privileged === true;
  return {
    Binds: host.Binds ?? null,
    ContainerIDFile: '',
    LogConfig: { Type: 'json-file', Config: {} },
    NetworkMode: mode,
    PortBindings: host.PortBindings ?? null,
    RestartPolicy: host.RestartPolicy ?? { Name: '', MaximumRetryCount: 0 },
    AutoRemove: host.AutoRemove === true,
    VolumeDriver: '',
    VolumesFrom: host.VolumesFrom ?? null,
    CapAdd: host.CapAdd ?? null,
    CapDrop: host.CapDrop ?? null,
    CgroupnsMode: host.CgroupnsMode || (twoGroups ? 'private' : 'host'),
    Dns: host.Dns ?? null,
    DnsOptions: host.DnsOptions ?? null,
    DnsSearch: host.DnsSearch ?? null,
    ExtraHosts: host.ExtraHosts ?? null,
    GroupAdd: null,
    IpcMode: host.IpcMode || 'shareable',
    Cgroup: '',
    Links: null,
    OomScoreAdj: 0,
    PidMode: host.PidMode ?? '',
    Privileged: open,
    PublishAllPorts: host.PublishAllPorts === true,
    ReadonlyRootfs: false,
    SecurityOpt: open ? ['label=disable'] : (host.SecurityOpt ?? null),
    UTSMode: host.UTSMode ?? '',
    UsernsMode: '',
    ShmSize: 67_108_864,
    Runtime: 'runc',
    ConsoleSize: [0, 0],
    Isolation: '',
    CpuShares: 0,
    Memory: 0,
    NanoCpus: 0,
    CgroupParent: '',
    BlkioWeight: 0,
    BlkioWeightDevice: null,
    BlkioDeviceReadBps: null,
    BlkioDeviceWriteBps: null,
    BlkioDeviceReadIOps: null,
    BlkioDeviceWriteIOps: null,
    CpuPeriod: 0,
    CpuQuota: 0,
    CpuRealtimePeriod: 0,
    CpuRealtimeRuntime: 0,
    CpusetCpus: '',
    CpusetMems: '',
    Devices: null,
    DeviceCgroupRules: null,
    DeviceRequests: null,
    KernelMemory: 0,
    KernelMemoryTCP: 0,
    MemoryReservation: 0,
    MemorySwap: 0,
    MemorySwappiness: null,
    OomKillDisable: false,
    PidsLimit: null,
    Ulimits: null,
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
    MaskedPaths: open ? null : [...masked, '/sys/firmware'],
    ReadonlyPaths: open ? null : ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
  };
}

/** One of `GET /images/json`. */
export function imageRow(image: Image): unknown {
  return {
    Containers: -1,
    Created: Math.floor(image.created / 1_000),
    Id: `sha256:${image.id}`,
    Labels: null,
    ParentId: '',
    RepoDigests: image.tags.map((tag) => `${tag.replace(/:[^/]*$/, '')}@sha256:${image.digest}`),
    RepoTags: image.tags,
    SharedSize: -1,
    Size: image.size,
    VirtualSize: image.size,
  };
}
