import type { NftablesOptions } from './nftables.ts';

/**
 * The table as commands: running them again changes nothing but rules, which are made anew, and the decoys' sets. The order
 * is the promise: decoys are reachable for everybody, never-block is let through, and only then is anything dropped.
 * `accept` ends this table's chain only: another table's firewall still has its say.
 */
export function tableScript({ table, decoys, decoyHosts, maxElements, throttle }: NftablesOptions): string {
  const inet = `inet ${table}`;
  const set = (name: string, rest: string) => `add set ${inet} ${name} { ${rest} }`;
  const v4port = 'type ipv4_addr . inet_proto . inet_service';
  const v6port = 'type ipv6_addr . inet_proto . inet_service';
  const timeout = `flags timeout; size ${maxElements};`;
  const ports = [...decoys.tcp.map((port) => `tcp . ${port}`), ...decoys.udp.map((port) => `udp . ${port}`)];
  const hosts = decoyHosts.map(({ address, transport, port }) => `${address} . ${transport} . ${port}`);
  const rate = `limit rate over ${throttle.perMinute}/minute burst ${throttle.burst} packets`;
  const opening = 'tcp flags & (fin | syn | rst | ack) == syn';
  const v6 = 'ip6 saddr & ffff:ffff:ffff:ffff::';
  const fill = (name: string, elements: string[]) => [
    `flush set ${inet} ${name}`,
    ...(elements.length > 0 ? [`add element ${inet} ${name} { ${elements.join(', ')} }`] : []),
  ];
  const rules = (chain: string, list: string[]) => [
    `flush chain ${inet} ${chain}`,
    ...list.map((rule) => `add rule ${inet} ${chain} ${rule}`),
  ];
  return [
    `add table ${inet}`,
    set('decoy', 'type inet_proto . inet_service;'),
    set('decoy4', `${v4port};`),
    set('decoy6', `${v6port};`),
    set('never4', 'type ipv4_addr; flags interval;'),
    set('never6', 'type ipv6_addr; flags interval;'),
    set('deny4', `type ipv4_addr; ${timeout}`),
    set('deny6', `type ipv6_addr; ${timeout}`),
    set('deny4p', `${v4port}; ${timeout}`),
    set('deny6p', `${v6port}; ${timeout}`),
    set('range4', 'type ipv4_addr; flags interval,timeout;'),
    set('range6', 'type ipv6_addr; flags interval,timeout;'),
    set('slow4p', `${v4port}; ${timeout}`),
    set('slow6p', `${v6port}; ${timeout}`),
    // How much of its rate each source and port has used: the kernel's, forgotten after two minutes of silence.
    set('rate4', 'type ipv4_addr . inet_service; flags dynamic,timeout; timeout 2m; size 65536;'),
    set('rate6', 'type ipv6_addr . inet_service; flags dynamic,timeout; timeout 2m; size 65536;'),
    `add chain ${inet} judge`,
    `add chain ${inet} input { type filter hook input priority filter - 10; policy accept; }`,
    `add chain ${inet} forward { type filter hook forward priority filter - 10; policy accept; }`,
    ...fill('decoy', ports),
    ...fill(
      'decoy4',
      hosts.filter((host) => !host.includes(':')),
    ),
    ...fill(
      'decoy6',
      hosts.filter((host) => host.includes(':')),
    ),
    ...rules('judge', [
      'ip daddr . meta l4proto . th dport @decoy4 accept',
      'ip6 daddr . meta l4proto . th dport @decoy6 accept',
      // Without neighbour discovery (RFC 4861 §7: hop limit 255 proves the link) a denied neighbour loses the decoys too.
      'ip6 hoplimit 255 icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } return',
      'ip saddr @never4 return',
      'ip6 saddr @never6 return',
      'ip saddr @deny4 counter drop',
      'ip6 saddr & ffff:ffff:ffff:ffff:: @deny6 counter drop',
      'ip saddr . meta l4proto . th dport @deny4p counter drop',
      'ip6 saddr & ffff:ffff:ffff:ffff:: . meta l4proto . th dport @deny6p counter drop',
      'ip saddr @range4 counter drop',
      'ip6 saddr @range6 counter drop',
      `${opening} ip saddr . meta l4proto . th dport @slow4p update @rate4 { ip saddr . th dport ${rate} } counter drop`,
      `${opening} ${v6} . meta l4proto . th dport @slow6p update @rate6 { ${v6} . th dport ${rate} } counter drop`,
    ]),
    // A decoy's bare port is ours only where packets end here: forwarded ones are for machines that we protect.
    ...rules('input', ['meta l4proto . th dport @decoy accept', 'jump judge']),
    ...rules('forward', ['jump judge']),
    '',
  ].join('\n');
}
