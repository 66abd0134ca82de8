import type { Persona } from '../persona.ts';
import type { MemcachedStore } from './store.ts';

type Pairs = [name: string, value: string | number][];

/** Lists as memcached 1.6.18 was seen to give them: a name and what it always says, or a name alone that `own` fills. */
function filled(list: Pairs, own: Record<string, string | number>): Pairs {
  return list.map(([name, value]) => [name, own[name] ?? value]);
}

function listed(text: string): Pairs {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return [name, rest.join(' ')];
    });
}

/** What `stats` says of the whole server. */
export function generalStats(store: MemcachedStore, persona: Persona, version: string, now: number): Pairs {
  const { counts } = store;
  const uptime = Math.floor((now - store.startedAt) / 1_000);
  const seconds = (share: number) => (uptime * share).toFixed(6);
  return filled(general, {
    pid: 600 + (Number.parseInt(persona.token('memcached pid', 4), 16) % 900),
    uptime,
    time: Math.floor(now / 1_000),
    version,
    rusage_user: seconds(0.000_31),
    rusage_system: seconds(0.000_42),
    max_connections: 1_024,
    curr_connections: 4,
    total_connections: Math.floor(uptime / 61) + counts.connections,
    cmd_get: Math.floor(uptime / 7) + counts.get,
    cmd_set: Math.floor(uptime / 29) + counts.set,
    cmd_flush: counts.flush,
    cmd_touch: counts.touch,
    get_hits: Math.floor(uptime / 8) + counts.hits,
    get_misses: Math.floor(uptime / 7) - Math.floor(uptime / 8) + counts.get - counts.hits,
    delete_misses: 0,
    delete_hits: counts.delete,
    bytes_read: Math.floor(uptime * 37.2),
    bytes_written: Math.floor(uptime * 212.7),
    limit_maxbytes: 67_108_864,
    bytes: store.bytes,
    curr_items: store.items.size,
    total_items: Math.floor(uptime / 29) + counts.set,
  });
}

export function settings(): Pairs {
  return filled(set, { maxbytes: 67_108_864, tcpport: 11_211, inter: '0.0.0.0' });
}

/** `stats items`: all lie in one class, as small values do. */
export function itemStats(store: MemcachedStore, now: number): Pairs {
  if (store.items.size === 0) return [];
  const all = [...store.items.values()];
  const cold = all.filter((item) => store.isCold(item, now));
  const age = Math.floor((now - Math.min(...cold.map(({ setAt }) => setAt))) / 1_000);
  const own: Record<string, number> = {
    number: all.length,
    number_hot: all.length - cold.length,
    number_cold: cold.length,
    age: cold.length ? age : 0,
    mem_requested: store.bytes,
    moves_to_cold: cold.length,
  };
  return itemNames.split(' ').map((name) => [`items:1:${name}`, own[name] ?? 0]);
}

export function slabStats(store: MemcachedStore): Pairs {
  const { counts } = store;
  const one: Pairs = [
    ['chunk_size', 96],
    ['chunks_per_page', 10_922],
    ['total_pages', 1],
    ['total_chunks', 10_922],
    ['used_chunks', store.items.size],
    ['free_chunks', 10_922 - store.items.size],
    ['free_chunks_end', 0],
    ['get_hits', counts.hits],
    ['cmd_set', counts.set],
    ['delete_hits', counts.delete],
    ['incr_hits', 0],
    ['decr_hits', 0],
    ['cas_hits', 0],
    ['cas_badval', 0],
    ['touch_hits', counts.touch],
  ];
  return [
    ...one.map(([name, value]): Pairs[number] => [`1:${name}`, value]),
    ['active_slabs', 1],
    ['total_malloced', 1_048_576],
  ];
}

const itemNames =
  'number number_hot number_warm number_cold age_hot age_warm age mem_requested evicted evicted_nonzero evicted_time outofmemory tailrepairs reclaimed expired_unfetched evicted_unfetched evicted_active crawler_reclaimed crawler_items_checked lrutail_reflocked moves_to_cold moves_to_warm moves_within_lru direct_reclaims hits_to_hot hits_to_warm hits_to_cold hits_to_temp';

const general = listed(`
pid
uptime
time
version
libevent 2.1.12-stable
pointer_size 64
rusage_user
rusage_system
max_connections
curr_connections
total_connections
rejected_connections 0
connection_structures 3
response_obj_oom 0
response_obj_count 1
response_obj_bytes 65536
read_buf_count 8
read_buf_bytes 131072
read_buf_bytes_free 49152
read_buf_oom 0
reserved_fds 20
cmd_get
cmd_set
cmd_flush
cmd_touch
cmd_meta 0
get_hits
get_misses
get_expired 0
get_flushed 0
delete_misses
delete_hits
incr_misses 0
incr_hits 0
decr_misses 0
decr_hits 0
cas_misses 0
cas_hits 0
cas_badval 0
touch_hits 0
touch_misses 0
store_too_large 1
store_no_memory 0
auth_cmds 0
auth_errors 0
bytes_read
bytes_written
limit_maxbytes
accepting_conns 1
listen_disabled_num 0
time_in_listen_disabled_us 0
threads 4
conn_yields 0
hash_power_level 16
hash_bytes 524288
hash_is_expanding 0
slab_reassign_rescues 0
slab_reassign_chunk_rescues 0
slab_reassign_evictions_nomem 0
slab_reassign_inline_reclaim 0
slab_reassign_busy_items 0
slab_reassign_busy_deletes 0
slab_reassign_running 0
slabs_moved 0
lru_crawler_running 0
lru_crawler_starts 1
lru_maintainer_juggles 47
malloc_fails 0
log_worker_dropped 0
log_worker_written 0
log_watcher_skipped 0
log_watcher_sent 0
log_watchers 0
unexpected_napi_ids 0
round_robin_fallback 0
bytes
curr_items
total_items
slab_global_page_pool 0
expired_unfetched 0
evicted_unfetched 0
evicted_active 0
evictions 0
reclaimed 0
crawler_reclaimed 0
crawler_items_checked 0
lrutail_reflocked 0
moves_to_cold 0
moves_to_warm 0
moves_within_lru 0
direct_reclaims 0
lru_bumps_dropped 0
`);

const set = listed(`
maxbytes
maxconns 1024
tcpport
udpport 0
inter
verbosity 0
oldest 0
evictions on
domain_socket NULL
umask 700
shutdown_command no
growth_factor 1.25
chunk_size 48
num_threads 4
num_threads_per_udp 4
stat_key_prefix :
detail_enabled no
reqs_per_event 20
cas_enabled yes
tcp_backlog 1024
binding_protocol auto-negotiate
auth_enabled_sasl no
auth_enabled_ascii no
item_size_max 1048576
maxconns_fast yes
hashpower_init 0
slab_reassign yes
slab_automove 1
slab_automove_ratio 0.80
slab_automove_window 30
slab_chunk_max 524288
lru_crawler yes
lru_crawler_sleep 100
lru_crawler_tocrawl 0
tail_repair_time 0
flush_enabled yes
dump_enabled yes
hash_algorithm murmur3
lru_maintainer_thread yes
lru_segmented yes
hot_lru_pct 20
warm_lru_pct 40
hot_max_factor 0.20
warm_max_factor 2.00
temp_lru no
temporary_ttl 61
idle_timeout 0
watcher_logbuf_size 262144
worker_logbuf_size 65536
read_buf_mem_limit 0
track_sizes no
inline_ascii_response no
ext_item_size 512
ext_item_age 4294967295
ext_low_ttl 0
ext_recache_rate 2000
ext_wbuf_size 4194304
ext_compact_under 0
ext_drop_under 0
ext_max_sleep 1000000
ext_max_frag 0.80
slab_automove_freeratio 0.010
ext_drop_unread no
ssl_enabled no
ssl_chain_cert (null)
ssl_key (null)
ssl_verify_mode 0
ssl_keyformat 1
ssl_ciphers NULL
ssl_ca_cert NULL
ssl_wbuf_size 16384
ssl_session_cache no
ssl_kernel_tls no
ssl_min_version tlsv1.2
num_napi_ids (null)
memory_file (null)
`);
