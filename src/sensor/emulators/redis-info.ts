import type { Wire } from '../emulator.ts';
import type { RedisStore } from './redis-store.ts';

/** What the packages of a system were built with. */
const compilers: Record<string, string> = {
  'ubuntu 20.04': '9.3.0',
  'ubuntu 22.04': '11.2.0',
  'debian 12': '12.2.0',
};

/** The text of INFO, sections in the order of Redis 6.0; `wanted` is one section's name, `default` or `all`. */
export function info(wire: Wire, store: RedisStore, version: string, wanted: string): string {
  const { persona } = wire;
  const up = Math.floor((wire.now() - store.startedAt) / 1_000);
  const used = 863_456 + store.values().join('').length * 2;
  const keyspace = store
    .sizes()
    .flatMap((size, db) => (size ? [[`db${db}`, `keys=${size},expires=0,avg_ttl=0`] as const] : []));
  const sections: [string, (readonly [string, string | number])[]][] = [
    [
      'Server',
      [
        ['redis_version', version],
        ['redis_git_sha1', '00000000'],
        ['redis_git_dirty', 0],
        ['redis_build_id', persona.token('redis-build', 16)],
        ['redis_mode', 'standalone'],
        ['os', `Linux ${persona.kernel.release} ${persona.arch.name}`],
        ['arch_bits', persona.arch.elfClass],
        ['multiplexing_api', 'epoll'],
        ['atomicvar_api', 'atomic-builtin'],
        ['gcc_version', compilers[`${persona.system.id} ${persona.system.version}`] ?? '7.5.0'],
        ['process_id', 369],
        ['run_id', persona.token('redis-run', 40)],
        ['tcp_port', 6_379],
        ['uptime_in_seconds', up],
        ['uptime_in_days', Math.floor(up / 86_400)],
        ['hz', 10],
        ['configured_hz', 10],
        ['lru_clock', Math.floor(wire.now() / 1_000) & 0xffffff],
        ['executable', '/usr/bin/redis-server'],
        ['config_file', persona.system.id === 'busybox' ? '/etc/redis.conf' : '/etc/redis/redis.conf'],
        ['io_threads_active', 0],
      ],
    ],
    [
      'Clients',
      [
        ['connected_clients', 2],
        ['client_recent_max_input_buffer', 2],
        ['client_recent_max_output_buffer', 0],
        ['blocked_clients', 0],
        ['tracking_clients', 0],
        ['clients_in_timeout_table', 0],
      ],
    ],
    [
      'Memory',
      [
        ['used_memory', used],
        ['used_memory_human', `${(used / 1_024).toFixed(2)}K`],
        ['used_memory_rss', 5_124_096],
        ['used_memory_rss_human', '4.89M'],
        ['used_memory_peak', used + 20_480],
        ['total_system_memory', persona.memoryKb * 1_024],
        ['maxmemory', store.config.get('maxmemory') ?? '0'],
        ['maxmemory_policy', 'noeviction'],
        ['mem_allocator', 'libc'],
      ],
    ],
    [
      'Persistence',
      [
        ['loading', 0],
        ['rdb_changes_since_last_save', store.changes],
        ['rdb_bgsave_in_progress', 0],
        ['rdb_last_save_time', store.savedAt],
        ['rdb_last_bgsave_status', 'ok'],
        ['rdb_last_bgsave_time_sec', 0],
        ['aof_enabled', 0],
        ['aof_last_bgrewrite_status', 'ok'],
        ['module_fork_in_progress', 0],
      ],
    ],
    [
      'Stats',
      [
        ['total_connections_received', 118 + store.connections],
        ['total_commands_processed', 3_304 + store.commands],
        ['instantaneous_ops_per_sec', 0],
        ['rejected_connections', 0],
        ['expired_keys', 0],
        ['evicted_keys', 0],
      ],
    ],
    [
      'Replication',
      [
        ['role', store.master ? 'slave' : 'master'],
        ...(store.master
          ? ([
              ['master_host', store.master.host],
              ['master_port', store.master.port],
              ['master_link_status', 'down'],
            ] as const)
          : []),
        ['connected_slaves', 0],
        ['master_replid', persona.token('redis-replid', 40)],
        ['master_replid2', '0'.repeat(40)],
        ['master_repl_offset', 0],
      ],
    ],
    [
      'CPU',
      [
        ['used_cpu_sys', (up * 0.000_61).toFixed(6)],
        ['used_cpu_user', (up * 0.000_48).toFixed(6)],
      ],
    ],
    ['Modules', []],
    ['Cluster', [['cluster_enabled', 0]]],
    ['Keyspace', keyspace],
  ];
  const asked = wanted.toLowerCase();
  const every = asked === 'default' || asked === 'all' || asked === 'everything';
  return sections
    .filter(([name]) => every || name.toLowerCase() === asked)
    .map(([name, lines]) => `# ${name}\r\n${lines.map(([key, value]) => `${key}:${value}\r\n`).join('')}`)
    .join('\r\n');
}
