import type { Target } from '../model/signal.ts';

/**
 * Ports on which the same service is usual: its own, and those that people move it to. A deny earned at a decoy covers all
 * of them, for who guesses passwords on 2222 does so on 22. Numbers: IANA's service name and port number registry, and the
 * alternatives that scanners try.
 */
const classes: readonly { protocol: string; ports: readonly number[] }[] = [
  { protocol: 'ftp', ports: [21, 2121] },
  { protocol: 'ssh', ports: [22, 2022, 2222, 22222] },
  { protocol: 'telnet', ports: [23, 2323, 23231] },
  { protocol: 'smtp', ports: [25, 465, 587, 2525] },
  { protocol: 'dns', ports: [53, 853, 5300] },
  { protocol: 'tftp', ports: [69, 6969] },
  // Ahead of HTTP, whose port by number 8000 is.
  { protocol: 'mcp', ports: [8000] },
  { protocol: 'http', ports: [80, 81, 443, 3000, 5000, 8000, 8008, 8080, 8081, 8088, 8443, 8888, 9443] },
  { protocol: 'pop3', ports: [110, 995] },
  { protocol: 's7', ports: [102, 10102] },
  { protocol: 'ntp', ports: [123, 1230] },
  { protocol: 'imap', ports: [143, 993] },
  { protocol: 'smb', ports: [139, 445, 4445] },
  { protocol: 'snmp', ports: [161, 1610] },
  { protocol: 'ldap', ports: [389, 636, 1389, 3268, 3269] },
  { protocol: 'modbus', ports: [502, 802, 5020] },
  { protocol: 'ipp', ports: [631, 6310] },
  { protocol: 'mssql', ports: [1433, 1434] },
  { protocol: 'mqtt', ports: [1883, 8883] },
  { protocol: 'docker', ports: [2375, 2376] },
  { protocol: 'iec104', ports: [2404, 19998] },
  { protocol: 'proxy', ports: [1080, 3128, 8118] },
  { protocol: 'mysql', ports: [3306, 33060] },
  { protocol: 'rdp', ports: [3389, 3390] },
  { protocol: 'adb', ports: [5555] },
  { protocol: 'sip', ports: [5060, 5061] },
  { protocol: 'postgresql', ports: [5432, 5433] },
  { protocol: 'vnc', ports: [5800, 5900, 5901] },
  { protocol: 'redis', ports: [6379, 6380, 16379] },
  { protocol: 'kubernetes', ports: [6443, 16443] },
  { protocol: 'jetdirect', ports: [9100] },
  { protocol: 'elasticsearch', ports: [9200, 9300] },
  { protocol: 'guardian-ast', ports: [10001] },
  { protocol: 'kubelet', ports: [10250, 10255] },
  { protocol: 'memcached', ports: [11211] },
  { protocol: 'llm', ports: [11434] },
  { protocol: 'mongodb', ports: [27017, 27018] },
  { protocol: 'bacnet', ports: [47808] },
];

const byPort = new Map(classes.flatMap((one) => one.ports.map((port) => [port, one] as const)));
const byProtocol = new Map(classes.map((one) => [one.protocol, one] as const));
const spellings = new Map([
  ['https', 'http'],
  ['sshd', 'ssh'],
  ['postgres', 'postgresql'],
]);

/** The ports of the service that was attacked, sorted: by what was spoken, by the port, and the port itself. */
export function classPorts({ protocol, port }: Pick<Target, 'protocol' | 'port'>): number[] {
  const ports = new Set<number>();
  for (const one of [byProtocol.get(spellings.get(protocol) ?? protocol), byPort.get(port)])
    for (const other of one?.ports ?? []) ports.add(other);
  if (port > 0) ports.add(port);
  return [...ports].sort((a, b) => a - b);
}

/** A name for the service that a target is, so that 22 and 2222 of one decoy count as one. */
export function serviceOf({ protocol, port }: Pick<Target, 'protocol' | 'port'>): string {
  const named = byProtocol.get(spellings.get(protocol) ?? protocol) ?? byPort.get(port);
  return named?.protocol ?? `port ${port}`;
}
