import type { System } from '../persona.ts';

/**
 * The versions that a system's packages have, as patterns over what a service says of itself. From packages.debian.org (bookworm) and
 * packages.ubuntu.com (jammy, focal, with their security updates).
 */
const packages: Record<string, Record<string, RegExp>> = {
  'debian 12': {
    kernel: /^6\.1\.0-\d+-(amd64|arm64)$/,
    build: /^#1 SMP PREEMPT_DYNAMIC Debian 6\.1\.\d+-\d+ \(\d{4}-\d\d-\d\d\)$/,
    ssh: /^SSH-2\.0-OpenSSH_9\.2p1 Debian-2\+deb12u\d+$/,
    nginx: /^nginx\/1\.22\.1$/,
    apache: /^Apache\/2\.4\.\d\d \(Debian\)$/,
    mysql: /^10\.11\.\d+-MariaDB-0\+deb12u\d+$/,
    postgres: /^15\.\d+$/,
    redis: /^7\.0\.15$/,
    memcached: /^1\.6\.18$/,
    docker: /^20\.10\.24\+dfsg1$|^2\d\.\d+\.\d+$/,
  },
  'ubuntu 22.04': {
    kernel: /^(5\.15|6\.[258])\.0-\d+-generic$/,
    build: /^#\d+(~22\.04\.\d+)?-Ubuntu SMP \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC 20\d\d$/,
    ssh: /^SSH-2\.0-OpenSSH_8\.9p1 Ubuntu-3ubuntu0\.\d+$/,
    nginx: /^nginx\/1\.18\.0 \(Ubuntu\)$/,
    apache: /^Apache\/2\.4\.52 \(Ubuntu\)$/,
    mysql: /^8\.0\.\d+-0ubuntu0\.22\.04\.\d+$/,
    postgres: /^14\.\d+$/,
    redis: /^6\.0\.16$/,
    elasticsearch: /^[67]\.\d+\.\d+$/,
    llm: /^0\.\d+\.\d+$/,
    docker: /^2\d\.\d+\.\d+$/,
  },
  'ubuntu 20.04': {
    kernel: /^5\.(4|15)\.0-\d+-generic$/,
    build: /^#\d+(~20\.04\.\d+)?-Ubuntu SMP \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC 20\d\d$/,
    ssh: /^SSH-2\.0-OpenSSH_8\.2p1 Ubuntu-4ubuntu0\.\d+$/,
    nginx: /^nginx\/1\.18\.0 \(Ubuntu\)$/,
    apache: /^Apache\/2\.4\.41 \(Ubuntu\)$/,
    mysql: /^8\.0\.\d+-0ubuntu0\.20\.04\.\d+$/,
    postgres: /^12\.\d+$/,
    redis: /^5\.0\.7$/,
    mongodb: /^4\.4\.\d+$/,
    docker: /^2\d\.\d+\.\d+$/,
  },
  windows: {
    kernel: /^10\.0\.\d{5}$/,
    build: /^Microsoft Windows \[Version 10\.0\.\d{5}\]$/,
    iis: /^Microsoft-IIS\/10\.0$/,
    // No package of it, but its own answers.
    rdp: /^10\.0\.\d{5}$/,
    smb: /^server2016$/,
    mssql: /^201[69]$/,
  },
  busybox: {
    kernel: /^[345]\.\d+\.\d+$/,
    build: /^#\d+( SMP)?( PREEMPT)? \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d (UTC )?20\d\d$/,
    ssh: /^SSH-2\.0-dropbear_/,
    nginx: /^nginx\/1\.(1[4-9]|2\d)\.\d+$/,
    lighttpd: /^lighttpd\/1\.4\.\d\d$/,
    redis: /^[56]\.\d+\.\d+$/,
  },
  firmware: {
    kernel: /^[345]\.\d+\.\d+(-rt\d+)?$/,
    build: /^#1 (SMP PREEMPT|PREEMPT_RT) /,
    ssh: /^SSH-2\.0-dropbear_/,
    mqtt: /^2\.0\.\d+$/,
    lighttpd: /^lighttpd\/1\.4\.\d\d$/,
  },
};

export function packagesOf({ id, version }: System): Record<string, RegExp> {
  return packages[`${id} ${version}`] ?? packages[id] ?? {};
}

const unix = ['debian', 'ubuntu'];
const embedded = ['busybox', 'firmware'];

/** On which systems a service is to be met; those that are not named here, on any. */
export const belongs: Record<string, readonly string[]> = {
  ssh: [...unix, ...embedded],
  telnet: embedded,
  docker: unix,
  adb: ['firmware'],
  mysql: unix,
  postgres: unix,
  redis: [...unix, 'busybox'],
  ftp: unix,
  smtp: unix,
  vnc: unix,
  memcached: unix,
  mongodb: unix,
  elasticsearch: unix,
  llm: unix,
  mcp: unix,
  kubernetes: unix,
  kubelet: unix,
  ldap: unix,
  mqtt: [...unix, ...embedded],
  mssql: ['windows'],
  smb: ['windows'],
  dns: unix,
  modbus: ['firmware'],
  rdp: ['windows'],
};

/** What the program of a service is called where it runs. */
export const programs: Record<string, RegExp> = {
  ssh: /sshd|dropbear/,
  telnet: /telnetd/,
  http: /nginx|apache2|lighttpd|uvicorn|httpd|System/,
  https: /nginx|apache2|lighttpd|uvicorn|kube-apiserver|httpd|System/,
  redis: /redis-server/,
  docker: /dockerd/,
  adb: /adbd/,
  mysql: /mysqld|mariadbd/,
  postgres: /postgres/,
  ftp: /vsftpd|proftpd/,
  smtp: /postfix|exim/,
  memcached: /memcached/,
  mongodb: /mongod/,
  elasticsearch: /Elasticsearch/,
  llm: /ollama/,
  mcp: /python3|node/,
  kubernetes: /kube-apiserver/,
  kubelet: /kubelet/,
  ldap: /slapd/,
  mqtt: /mosquitto/,
  mssql: /sqlservr/,
  smb: /System/,
  snmp: /snmpd/,
  dns: /named/,
  ntp: /ntpd|chronyd/,
  modbus: /plcrt/,
  rdp: /termsvcs/,
  vnc: /vnc/,
};
