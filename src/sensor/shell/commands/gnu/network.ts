// Over 300 lines: programs of the network, which share what listens and what is told.
import { census, programOf } from '../../census.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { traffic } from '../../systems/kernel-files.ts';
import { program } from './getopt.ts';

/** How long somebody who does not answer is waited for, in milliseconds. */
const waitMs = 4_000;

interface Listening {
  protocol: string;
  address: string;
  port: number;
  pid: number;
  name: string;
}

function listening({ hooks }: Pick<Call, 'hooks'>): Listening[] {
  const running = census(hooks.persona);
  return hooks.persona.daemons.flatMap(({ command, listens = [] }) =>
    listens.flatMap((one) => {
      const found = /^(tcp|udp)\/(?:(.*):)?(\d+)$/.exec(one);
      if (!found) return [];
      const pid = running.find((row) => row.command === command)?.pid ?? 1;
      return [
        {
          protocol: found[1]!,
          address: found[2] ?? '0.0.0.0',
          port: Number(found[3]),
          pid,
          name: programOf(command),
        },
      ];
    }),
  );
}

/** The service that the attacker came through: its own connection is among those that are shown. */
const ownPort = ({ hooks, shell }: Call) =>
  Number((shell.variables.get('SSH_CONNECTION') ?? '').split(' ')[3] ?? 0) || hooks.dst.port;

const ss = program('ss netstat', (call) => {
  const { args, hooks, out, shell } = call;
  const flags = args
    .slice(1)
    .filter((arg) => arg.startsWith('-'))
    .join('');
  const has = (letter: string) => flags.includes(letter);
  if (args[0] === 'ss' && has('Z')) {
    call.err('ss: SELinux is not enabled.\n');
    return 1;
  }
  const own = hooks.persona.address;
  const port = ownPort(call);
  const onlyListening = has('l');
  const all = listening(call).filter(({ protocol }) =>
    protocol === 'tcp' ? has('t') || !has('u') : has('u') || !has('t'),
  );
  const established = !onlyListening;
  const root = shell.identity.uid === 0;
  const master = all.find((one) => one.port === port || one.port === 22);
  if (args[0] === 'netstat' && has('r')) return route(call);
  if (args[0] === 'netstat') {
    const p = has('p');
    out(
      `Active Internet connections (${onlyListening ? 'only servers' : has('a') ? 'servers and established' : 'w/o servers'})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${p ? ' PID/Program name    ' : ''}\n`,
    );
    const row = (protocol: string, local: string, remote: string, state: string, who: string) =>
      out(
        `${protocol.padEnd(5)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${local.padEnd(23)} ${remote.padEnd(23)} ${state.padEnd(11)}${p ? ` ${who.padEnd(19)}` : ''}\n`,
      );
    if (onlyListening || has('a'))
      for (const one of all)
        row(
          one.protocol,
          `${one.address}:${one.port}`,
          '0.0.0.0:*',
          one.protocol === 'tcp' ? 'LISTEN' : '',
          root ? `${one.pid}/${one.name}` : '-',
        );
    if (established && !(has('u') && !has('t')))
      row(
        'tcp',
        `${own}:${port}`,
        `${hooks.src.ip}:${hooks.src.port}`,
        'ESTABLISHED',
        root ? `${master?.pid ?? 612}/sshd: ${shell.identity.name}` : '-',
      );
    return 0;
  }
  const mixed = !(has('t') && !has('u')) && !(has('u') && !has('t'));
  const rows: string[][] = [
    [
      ...(mixed ? ['Netid'] : []),
      'State',
      'Recv-Q',
      'Send-Q',
      'Local Address:Port',
      'Peer Address:Port',
      'Process',
    ],
  ];
  if (onlyListening || has('a'))
    for (const one of all)
      rows.push([
        ...(mixed ? [one.protocol] : []),
        one.protocol === 'tcp' ? 'LISTEN' : 'UNCONN',
        '0',
        one.protocol === 'tcp' ? '128' : '0',
        `${one.address}:${one.port}`,
        '0.0.0.0:*',
        has('p') && root ? `users:(("${one.name}",pid=${one.pid},fd=3))` : '',
      ]);
  if (established && !(has('u') && !has('t')))
    rows.push([
      ...(mixed ? ['tcp'] : []),
      'ESTAB',
      '0',
      '0',
      `${own}:${port}`,
      `${hooks.src.ip}:${hooks.src.port}`,
      has('p') && root ? `users:(("sshd",pid=${master?.pid ?? 612},fd=4))` : '',
    ]);
  if (has('H')) rows.shift();
  if (rows.length === 0) return 0;
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  for (const row of rows)
    out(
      `${row
        .map((cell, c) =>
          c === row.length - 1
            ? cell
            : /Local|Peer/.test(rows[0]![c]!) || cell.includes(':')
              ? cell.padStart(widths[c]!)
              : cell.padEnd(widths[c]!),
        )
        .join(' ')
        .trimEnd()}\n`,
    );
  return 0;
});

function route(call: Call): number {
  const { address } = call.hooks.persona;
  const gateway = address.replace(/\d+$/, '1');
  const net = address.replace(/\d+$/, '0');
  call.out(
    `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n${'0.0.0.0'.padEnd(15)} ${gateway.padEnd(15)} ${'0.0.0.0'.padEnd(15)} UG    0      0        0 eth0\n${net.padEnd(15)} ${'0.0.0.0'.padEnd(15)} ${'255.255.255.0'.padEnd(15)} U     0      0        0 eth0\n`,
  );
  return 0;
}

const ip = program('ip', (call) => {
  const { args, hooks, out } = call;
  const { address, mac } = hooks.persona;
  const words = args.slice(1).filter((arg) => !arg.startsWith('-'));
  const object = words[0];
  const brief = args.includes('-br') || args.includes('-brief');
  const gateway = address.replace(/\d+$/, '1');
  const net = address.replace(/\d+$/, '0');
  if (object === undefined) {
    call.err('Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\n');
    return 255;
  }
  const links = (withAddress: boolean) => {
    if (brief)
      return withAddress
        ? `lo               UNKNOWN        127.0.0.1/8 ::1/128 \neth0             UP             ${address}/24 \n`
        : `lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP> \neth0             UP             ${mac} <BROADCAST,MULTICAST,UP,LOWER_UP> \n`;
    const inner = withAddress
      ? [
          '    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n    inet6 ::1/128 scope host noprefixroute \n       valid_lft forever preferred_lft forever\n',
          `    inet ${address}/24 brd ${address.replace(/\d+$/, '255')} scope global dynamic eth0\n       valid_lft ${70_000 + (Math.floor(hooks.now() / 1_000) % 9_000)}sec preferred_lft ${70_000 + (Math.floor(hooks.now() / 1_000) % 9_000)}sec\n`,
        ]
      : ['', ''];
    return `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN ${withAddress ? 'group default' : 'mode DEFAULT group default'} qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n${inner[0]}2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP ${withAddress ? 'group default' : 'mode DEFAULT group default'} qlen 1000\n    link/ether ${mac} brd ff:ff:ff:ff:ff:ff\n${inner[1]}`;
  };
  if (/^a(d|dd|ddr|ddress)?$/.test(object)) out(links(true));
  else if (/^l(i|in|ink)?$/.test(object)) out(links(false));
  else if (/^ro?(u|ute)?$/.test(object))
    out(
      words[1] === 'get'
        ? `${words[2]} via ${gateway} dev eth0 src ${address} uid 0 \n    cache \n`
        : `default via ${gateway} dev eth0 \n${net}/24 dev eth0 proto kernel scope link src ${address} \n`,
    );
  else if (/^n(e|eigh|eighbour|eighbor)?$/.test(object))
    out(`${gateway} dev eth0 lladdr ${mac.slice(0, 8)}:00:00:01 REACHABLE\n`);
  else if (/^ru(le)?$/.test(object))
    out('0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n');
  else if (!/^(netns|tunnel|maddr|help)$/.test(object)) {
    call.err(`Object "${object}" is unknown, try "ip help".\n`);
    return 1;
  }
  return 0;
});

const ifconfig = program('ifconfig', ({ hooks, out }) => {
  const { address, mac } = hooks.persona;
  const t = traffic(hooks.persona, hooks.now());
  const size = (n: number) => `${n}  (${(n / 1_048_576).toFixed(1)} MiB)`;
  out(
    `eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet ${address}  netmask 255.255.255.0  broadcast ${address.replace(/\d+$/, '255')}\n        ether ${mac}  txqueuelen 1000  (Ethernet)\n        RX packets ${t.receivedPackets}  bytes ${size(t.received)}\n        RX errors 0  dropped 0  overruns 0  frame 0\n        TX packets ${t.sentPackets}  bytes ${size(t.sent)}\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n\nlo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n        inet6 ::1  prefixlen 128  scopeid 0x10<host>\n        loop  txqueuelen 1000  (Local Loopback)\n        RX packets 1022  bytes 91204 (89.0 KiB)\n        RX errors 0  dropped 0  overruns 0  frame 0\n        TX packets 1022  bytes 91204 (89.0 KiB)\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n\n`,
  );
  return 0;
});

/** Tells where somebody wanted to go. Nothing leaves the machine. */
function told({ hooks }: Call, host: string, port: number, tool: string): void {
  const plain = host.replace(/^.*@/, '').replace(/^\[|\]$/g, '');
  if (plain && port > 0 && port < 65_536)
    hooks.emit({ kind: 'forward', host: plain.slice(0, 1_024), port, detail: { tool } });
}

const local = (call: Call, host: string) =>
  /^(127\.|localhost$|::1$)/.test(host) || host === call.hooks.persona.address;

const nc = program('nc netcat ncat telnet', async (call) => {
  const { args, shell } = call;
  const valued = /^-[a-zA-Z]*[ewpsqXxIiTVb]$/;
  const words = args.slice(1).filter((arg, i, all) => !arg.startsWith('-') && !valued.test(all[i - 1] ?? ''));
  const [host, port] = words;
  if (args[0] === 'telnet' && host === undefined) {
    call.out('telnet> ');
    while ((await call.stdinLine()) !== null) call.out('telnet> ');
    return 0;
  }
  if (host === undefined && !args.some((arg) => /^-\w*l/.test(arg))) {
    call.err(
      'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n',
    );
    return 1;
  }
  if (args.some((arg) => /^-[a-zA-Z]*[ec]$/.test(arg)) && args[0] === 'nc') call.err('');
  if (host === undefined || port === undefined) return 1;
  const wanted = Number(port.split('-')[0]);
  const open = local(call, host) && listening(call).some((one) => one.port === wanted);
  told(call, host, wanted, args[0]!);
  if (args[0] === 'telnet') call.out(`Trying ${host}...\n`);
  if (!open) await call.hooks.pause(local(call, host) ? 1 : waitMs);
  const verbose = args.some((arg) => /^-\w*v/.test(arg));
  const reason = local(call, host) ? 'Connection refused' : 'Connection timed out';
  if (args[0] === 'telnet') call.err(`telnet: Unable to connect to remote host: ${reason}\n`);
  else if (open && verbose) call.err(`Connection to ${host} ${port} port [tcp/*] succeeded!\n`);
  else if (verbose) call.err(`nc: connect to ${host} port ${port} (tcp) failed: ${reason}\n`);
  shell.step(16);
  return open && args[0] !== 'telnet' ? 0 : 1;
});

const ping = program('ping ping6 traceroute tracepath mtr', async (call) => {
  const { args, hooks, out } = call;
  const words = args
    .slice(1)
    .filter((arg, i, all) => !arg.startsWith('-') && !/^-[cwWistImqpMQlSTf]$/.test(all[i - 1] ?? ''));
  const host = words[0];
  if (host === undefined) {
    call.err(`${args[0]}: usage error: Destination address required\n`);
    return 1;
  }
  const at = args.findIndex((arg) => /^-c/.test(arg));
  const count = Math.min(16, at < 0 ? 4 : Number(args[at]!.slice(2) || args[at + 1]) || 1);
  if (args[0]!.startsWith('trace')) {
    out(
      `traceroute to ${host} (${host}), 30 hops max, 60 byte packets\n 1  ${hooks.persona.address.replace(/\d+$/, '1')}  0.412 ms  0.389 ms  0.377 ms\n 2  * * *\n 3  * * *\n`,
    );
    return 0;
  }
  if (!/^[\d.]+$|^localhost$|:/.test(host) && hooks.random() < 0.02) {
    call.err(`ping: ${host}: Temporary failure in name resolution\n`);
    return 2;
  }
  const near = local(call, host);
  const address = /^[\d.]+$|:/.test(host)
    ? host
    : near
      ? '127.0.0.1'
      : `203.0.113.${1 + ((host.length * 7) % 250)}`;
  out(`PING ${host} (${address}) 56(84) bytes of data.\n`);
  const times: number[] = [];
  for (let i = 1; i <= count; i++) {
    const ms = (near ? 0.03 : 11) + hooks.random() * (near ? 0.02 : 3);
    times.push(ms);
    out(
      `64 bytes from ${address}: icmp_seq=${i} ttl=${near ? 64 : 54} time=${ms < 1 ? ms.toFixed(3) : ms.toFixed(1)} ms\n`,
    );
    await hooks.pause(i < count ? 1_000 : 1);
  }
  const [min, max] = [Math.min(...times), Math.max(...times)];
  out(
    `\n--- ${host} ping statistics ---\n${count} packets transmitted, ${count} received, 0% packet loss, time ${(count - 1) * 1_001}ms\nrtt min/avg/max/mdev = ${min.toFixed(3)}/${((min + max) / 2).toFixed(3)}/${max.toFixed(3)}/${((max - min) / 2).toFixed(3)} ms\n`,
  );
  return 0;
});

const ssh = program('ssh scp sftp rsync ssh-copy-id', async (call) => {
  const { args, hooks, shell } = call;
  const name = args[0]!;
  if (name === 'ssh' && args[1] === '-V') {
    call.err(`${sshVersion(hooks.persona.system)}\n`);
    return 0;
  }
  const valued = /^-[bcDEeFIiJLlmOopQRSWwP]$/;
  const words = args.slice(1).filter((arg, i, all) => !arg.startsWith('-') && !valued.test(all[i - 1] ?? ''));
  const remote =
    name === 'ssh' || name === 'sftp' || name === 'ssh-copy-id'
      ? words[0]
      : words.find((word) => /^[^/]+:/.test(word));
  if (remote === undefined) {
    call.err(
      name === 'ssh'
        ? 'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]\n           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]\n           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]\n           [-i identity_file] [-J [user@]host[:port]] [-L address]\n           [-l login_name] [-m mac_spec] [-O ctl_cmd] [-o option] [-p port]\n           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]\n           [-w local_tun[:remote_tun]] destination [command [argument ...]]\n'
        : `usage: ${name} [options] source ... target\n`,
    );
    return 255;
  }
  const host = remote.replace(/:.*$/, '').replace(/^.*@/, '');
  const at = args.findIndex((arg) => /^-[pP]$/.test(arg));
  const port = Number(args[at + 1] ?? 22) || 22;
  told(call, host, at < 0 ? 22 : port, name);
  shell.step(16);
  await hooks.pause(waitMs);
  call.err(
    `ssh: connect to host ${host} port ${at < 0 ? 22 : port}: Connection timed out\n${name === 'scp' ? 'scp: Connection closed\n' : ''}`,
  );
  return 255;
});

/** What `ssh -V` says. */
function sshVersion({ id, version }: { id: string; version: string }): string {
  if (id === 'debian') return 'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026';
  if (version.startsWith('20')) return 'OpenSSH_8.2p1 Ubuntu-4ubuntu0.13, OpenSSL 1.1.1f  31 Mar 2020';
  if (version.startsWith('22')) return 'OpenSSH_8.9p1 Ubuntu-3ubuntu0.13, OpenSSL 3.0.2 15 Mar 2022';
  return 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.13, OpenSSL 3.0.13 30 Jan 2024';
}

const tables = program(
  'iptables ip6tables iptables-save ip6tables-save iptables-restore nft ufw firewall-cmd',
  (call) => {
    const { args, out, shell } = call;
    if (shell.identity.uid !== 0) {
      call.err(
        `${args[0]} v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n`,
      );
      return 4;
    }
    if (args[0] === 'ufw')
      out(
        args[1] === 'status'
          ? 'Status: inactive\n'
          : args[1] === 'disable'
            ? 'Firewall stopped and disabled on system startup\n'
            : '',
      );
    else if (args.some((arg) => /^-\w*L|^--list|^-S/.test(arg))) {
      const nat = args.includes('nat');
      for (const chain of nat
        ? ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']
        : ['INPUT', 'FORWARD', 'OUTPUT'])
        out(
          args.includes('-S')
            ? `-P ${chain} ACCEPT\n`
            : `${chain === 'INPUT' || chain === 'PREROUTING' ? '' : '\n'}Chain ${chain} (policy ACCEPT)\ntarget     prot opt source               destination         \n`,
        );
    }
    return 0;
  },
);

export const gnuNetwork: readonly ShellCommand[] = [
  ss,
  ip,
  ifconfig,
  nc,
  ping,
  ssh,
  tables,
  program('route', route),
  program('arp', ({ hooks: { persona }, out }) => {
    out(
      `Address                  HWtype  HWaddress           Flags Mask            Iface\n${persona.address.replace(/\d+$/, '1').padEnd(24)} ether   ${persona.mac.slice(0, 8)}:00:00:01   C                     eth0\n`,
    );
    return 0;
  }),
  program('ssh-keygen', async (call) => {
    const at = call.args.indexOf('-f');
    const path = call.args[at + 1];
    if (at < 0 || path === undefined) return 0;
    const { token } = call.hooks.persona;
    call.fs.settle(
      call.shell.path(path),
      Buffer.from(
        `-----BEGIN OPENSSH PRIVATE KEY-----\n${token(`made ${path}`, 64)}\n-----END OPENSSH PRIVATE KEY-----\n`,
      ),
      0o600,
    );
    call.fs.settle(
      call.shell.path(`${path}.pub`),
      Buffer.from(
        `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${Buffer.from(token(`made ${path}`, 62), 'hex').toString('base64')} ${call.shell.identity.name}@${call.hooks.persona.hostname}\n`,
      ),
    );
    call.out(
      `Generating public/private ed25519 key pair.\nYour identification has been saved in ${path}\nYour public key has been saved in ${path}.pub\n`,
    );
    return 0;
  }),
  program('host nslookup dig', async (call) => {
    const name = call.args.slice(1).find((arg) => !/^[-+@]/.test(arg)) ?? '';
    await call.hooks.pause(waitMs);
    call.err(';; communications error to 192.0.2.53#53: timed out\n');
    call.out(`;; no servers could be reached\n`);
    call.shell.step(name.length);
    return 1;
  }),
  program('tcpdump nmap masscan', async (call) => {
    if (call.args[0] === 'tcpdump')
      call.err(
        'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n',
      );
    await call.hooks.pause(waitMs);
    return 0;
  }),
];
