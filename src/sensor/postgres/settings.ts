import type { Persona } from '../persona.ts';

const compilers: Record<string, string> = { 12: 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0' };

/** What `version()` says: the packages of Debian 12. */
export function bannerOf(version: string, persona: Persona): string {
  const { name, elfClass } = persona.arch;
  const triplet =
    name === 'x86_64'
      ? 'x86_64-pc-linux-gnu'
      : name === 'aarch64'
        ? 'aarch64-unknown-linux-gnu'
        : 'arm-unknown-linux-gnueabihf';
  return `PostgreSQL ${version} on ${triplet}, compiled by ${compilers[12]}, ${elfClass}-bit`;
}

/** Settings by name in lower case, as on a fresh Debian cluster of version 15. */
export function defaultSettings(version: string, user: string): Map<string, string> {
  const [number] = version.split(' ');
  const [major, minor] = number!.split('.').map(Number);
  return new Map(
    Object.entries({
      application_name: '',
      archive_command: '(disabled)',
      archive_mode: 'off',
      client_encoding: 'UTF8',
      cluster_name: `${major}/main`,
      config_file: `/etc/postgresql/${major}/main/postgresql.conf`,
      data_directory: `/var/lib/postgresql/${major}/main`,
      datestyle: 'ISO, MDY',
      default_transaction_isolation: 'read committed',
      default_transaction_read_only: 'off',
      dynamic_library_path: '$libdir',
      extra_float_digits: '1',
      hba_file: `/etc/postgresql/${major}/main/pg_hba.conf`,
      in_hot_standby: 'off',
      integer_datetimes: 'on',
      intervalstyle: 'postgres',
      is_superuser: 'on',
      lc_collate: 'C.UTF-8',
      listen_addresses: '*',
      local_preload_libraries: '',
      log_directory: 'log',
      max_connections: '100',
      password_encryption: 'scram-sha-256',
      port: '5432',
      search_path: '"$user", public',
      server_encoding: 'UTF8',
      server_version: version,
      server_version_num: String(major! * 10_000 + (minor ?? 0)),
      session_authorization: user,
      session_preload_libraries: '',
      shared_buffers: '128MB',
      shared_preload_libraries: '',
      ssl: 'off',
      ssl_passphrase_command: '',
      standard_conforming_strings: 'on',
      statement_timeout: '0',
      timezone: 'Etc/UTC',
      transaction_isolation: 'read committed',
      transaction_read_only: 'off',
      unix_socket_directories: '/var/run/postgresql',
      wal_level: 'replica',
      work_mem: '4MB',
      lock_timeout: '0',
      idle_in_transaction_session_timeout: '0',
      default_table_access_method: 'heap',
      default_tablespace: '',
      row_security: 'on',
      bytea_output: 'hex',
      client_min_messages: 'notice',
      xmloption: 'content',
      check_function_bodies: 'on',
      escape_string_warning: 'on',
      synchronize_seqscans: 'on',
      role: 'none',
      archive_library: '',
      archive_cleanup_command: '',
      restore_command: '',
      log_statement: 'none',
      jit: 'on',
      synchronous_commit: 'on',
    }),
  );
}

/** Sent after a login, in this order, as recorded. */
export const reported = [
  'application_name',
  'client_encoding',
  'DateStyle',
  'default_transaction_read_only',
  'in_hot_standby',
  'integer_datetimes',
  'IntervalStyle',
  'is_superuser',
  'server_encoding',
  'server_version',
  'session_authorization',
  'standard_conforming_strings',
  'TimeZone',
];
