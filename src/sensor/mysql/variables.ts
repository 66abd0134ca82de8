import type { Persona } from '../persona.ts';
import type { Flavour } from './handshake.ts';
import { maxPacket } from './packets.ts';

/** System variables by name, as they stand on a fresh Debian server (MariaDB 10.11.19's, and where MySQL 8.0 differs). */
export function systemVariables(persona: Persona, flavour: Flavour): Map<string, string> {
  const { maria, version, comment } = flavour;
  const machine = persona.arch.name;
  const collation = maria ? 'utf8mb4_general_ci' : 'utf8mb4_0900_ai_ci';
  const lines = `
auto_increment_increment 1
auto_increment_offset 1
autocommit ON
basedir ${maria ? '/usr' : '/usr/'}
character_set_client utf8mb4
character_set_connection utf8mb4
character_set_database utf8mb4
character_set_filesystem binary
character_set_results utf8mb4
character_set_server utf8mb4
character_set_system utf8mb3
character_sets_dir /usr/share/mysql${maria ? '' : '-8.0'}/charsets/
collation_connection ${collation}
collation_database ${collation}
collation_server ${collation}
datadir /var/lib/mysql/
default_storage_engine InnoDB
foreign_key_checks ON
general_log OFF
general_log_file ${maria ? '' : '/var/lib/mysql/'}${persona.hostname}.log
have_compress YES
have_dynamic_loading YES
have_openssl ${maria ? 'YES' : 'DISABLED'}
have_ssl DISABLED
have_symlink ${maria ? 'YES' : 'DISABLED'}
hostname ${persona.hostname}
init_connect
innodb_version ${version.replace(/-.*/, '')}
interactive_timeout 28800
license GPL
local_infile ${maria ? 'ON' : 'OFF'}
log_bin ${maria ? 'OFF' : 'ON'}
log_error ${maria ? '' : '/var/log/mysql/error.log'}
lower_case_file_system OFF
lower_case_table_names 0
max_allowed_packet ${maxPacket}
max_connections 151
net_write_timeout 60
pid_file /run/mysqld/mysqld.pid
plugin_dir /usr/lib/mysql/plugin/
port 3306
protocol_version 10
query_cache_size 1048576
query_cache_type OFF
read_only OFF
secure_file_priv ${maria ? '' : '/var/lib/mysql-files/'}
server_id 1
skip_name_resolve OFF
skip_networking OFF
slow_query_log OFF
slow_query_log_file ${persona.hostname}-slow.log
socket /run/mysqld/mysqld.sock
sql_log_bin ON
sql_mode ${maria ? 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION' : 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'}
system_time_zone UTC
time_zone SYSTEM
tmpdir /tmp
tx_isolation REPEATABLE-READ
transaction_isolation REPEATABLE-READ
unique_checks ON
version ${version}
version_comment ${comment}
version_compile_machine ${machine}
version_compile_os ${maria ? 'debian-linux-gnu' : 'Linux'}
version_ssl_library OpenSSL 3.0.17 1 Jul 2025
wait_timeout 28800`;
  const found = new Map<string, string>();
  for (const line of lines.trim().split('\n')) {
    const [name, ...rest] = line.split(' ');
    if (maria && name === 'transaction_isolation') continue;
    if (!maria && /^(tx_isolation|query_cache|innodb_version$|version_ssl)/.test(name!)) continue;
    found.set(name!, rest.join(' '));
  }
  return found;
}

/** Server status by name: what moves with the clock and with this attacker's questions. */
export function statusVariables(uptime: number, questions: number): Map<string, string> {
  return new Map(
    Object.entries({
      Aborted_clients: 3,
      Aborted_connects: 12,
      Bytes_received: 1_000 + questions * 90,
      Bytes_sent: 5_000 + questions * 700,
      Com_select: questions,
      Connections: 40 + Math.floor(uptime / 4_000),
      Max_used_connections: 4,
      Open_tables: 26,
      Questions: questions + Math.floor(uptime / 60),
      Slow_queries: 0,
      Threads_cached: 1,
      Threads_connected: 1,
      Threads_created: 4,
      Threads_running: 1,
      Uptime: uptime,
    }).map(([name, value]) => [name, String(value)]),
  );
}
