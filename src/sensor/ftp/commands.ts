import type { Wire } from '../emulator.ts';

/** One logged-in connection. */
export interface Guest {
  wire: Wire;
  user: string;
  anonymous: boolean;
  folder: string;
  /** Folders that are there, and what the guest made. */
  folders: Set<string>;
  binary: boolean;
  /** How data would flow: it never does. */
  data: 'none' | 'passive' | 'active';
  onlyEpsv: boolean;
  renaming: boolean;
}

/** How long vsftpd waits for a data connection (accept_timeout), and names that a guest may make. */
const acceptMs = 60_000;
const nameLimit = 64;

const denied = '550 Permission denied.';
type Command = (guest: Guest, argument: string) => string | Promise<string>;
/** What needs write permission, which anonymous guests lack. */
const writing =
  (run: Command): Command =>
  (guest, argument) =>
    guest.anonymous ? denied : run(guest, argument);

/** Commands after a login, with vsftpd 3.0.3's texts. RFC 959, 2428, 3659. */
export const commands: Record<string, Command> = {
  PWD: ({ folder }) => `257 "${folder.replaceAll('"', '""')}" is the current directory`,
  CWD: (guest, argument) => {
    const folder = resolve(guest.folder, argument);
    if (!guest.folders.has(folder)) return '550 Failed to change directory.';
    guest.folder = folder;
    return '250 Directory successfully changed.';
  },
  CDUP: (guest) => {
    guest.folder = resolve(guest.folder, '..');
    return '250 Directory successfully changed.';
  },
  TYPE: (guest, argument) => {
    if (!/^(I|L8|L 8|A|A N)$/i.test(argument)) return '500 Unrecognised TYPE command.';
    guest.binary = /^[IL]/i.test(argument);
    return guest.binary ? '200 Switching to Binary mode.' : '200 Switching to ASCII mode.';
  },
  MODE: (_, argument) => (/^S$/i.test(argument) ? '200 Mode set to S.' : '504 Bad MODE command.'),
  STRU: (_, argument) => (/^F$/i.test(argument) ? '200 Structure set to F.' : '504 Bad STRU command.'),
  ALLO: () => '202 ALLO command ignored.',
  ACCT: () => '502 ACCT not implemented.',
  REIN: () => '502 REIN not implemented.',
  SMNT: () => '502 SMNT not implemented.',
  NOOP: () => '200 NOOP ok.',
  SYST: () => '215 UNIX Type: L8',
  REST: (_, argument) =>
    `350 Restart position accepted (${Math.max(0, Number.parseInt(argument, 10) || 0)}).`,
  SIZE: () => '550 Could not get file size.',
  MDTM: () => '550 Could not get file modification time.',
  ABOR: () => '225 No transfer to ABOR.',
  HELP: () =>
    '214-The following commands are recognized.\r\n ABOR ACCT ALLO APPE CDUP CWD  DELE EPRT EPSV FEAT HELP LIST MDTM MKD\r\n MODE NLST NOOP OPTS PASS PASV PORT PWD  QUIT REIN REST RETR RMD  RNFR\r\n RNTO SITE SIZE SMNT STAT STOR STOU STRU SYST TYPE USER XCUP XCWD XMKD\r\n XPWD XRMD\r\n214 Help OK.',
  STAT: (guest, argument) => (argument ? `213-Status follows:\r\n213 End of status` : status(guest)),
  PASV: (guest) => {
    if (guest.onlyEpsv) return '522 Bad network protocol.';
    if (guest.wire.dst.ip.includes(':')) return '425 Failed to establish connection.';
    guest.data = 'passive';
    const port = dataPort(guest);
    return `227 Entering Passive Mode (${guest.wire.dst.ip.replaceAll('.', ',')},${port >> 8},${port & 255}).`;
  },
  EPSV: (guest, argument) => {
    if (/^all$/i.test(argument)) {
      guest.onlyEpsv = true;
      return '200 EPSV ALL ok.';
    }
    guest.data = 'passive';
    return `229 Entering Extended Passive Mode (|||${dataPort(guest)}|)`;
  },
  PORT: (guest, argument) => {
    const numbers = /^(\d{1,3}(?:,\d{1,3}){5})$/.exec(argument)?.[1]?.split(',').map(Number);
    if (!numbers || guest.onlyEpsv) return '500 Illegal PORT command.';
    return active(guest, numbers.slice(0, 4).join('.'), numbers[4]! * 256 + numbers[5]!, 'PORT');
  },
  EPRT: (guest, argument) => {
    const parts = /^\|([12])\|([0-9a-fA-F.:]+)\|(\d{1,5})\|$/.exec(argument);
    if (!parts || guest.onlyEpsv) return '500 Illegal EPRT command.';
    return active(guest, parts[2]!, Number(parts[3]), 'EPRT');
  },
  LIST: transfer,
  NLST: transfer,
  RETR: transfer,
  STOR: writing(transfer),
  STOU: writing(transfer),
  APPE: writing(transfer),
  MKD: writing((guest, argument) => {
    const folder = resolve(guest.folder, argument);
    if (!argument || guest.folders.has(folder) || guest.folders.size >= nameLimit)
      return '550 Create directory operation failed.';
    guest.folders.add(folder);
    return `257 "${folder.replaceAll('"', '""')}" created`;
  }),
  RMD: writing((guest, argument) =>
    guest.folders.delete(resolve(guest.folder, argument))
      ? '250 Remove directory operation successful.'
      : '550 Remove directory operation failed.',
  ),
  DELE: writing(() => '550 Delete operation failed.'),
  RNFR: writing((guest, argument) => {
    guest.renaming = guest.folders.has(resolve(guest.folder, argument));
    return guest.renaming ? '350 Ready for RNTO.' : '550 RNFR command failed.';
  }),
  RNTO: writing((guest) => {
    if (!guest.renaming) return '503 RNFR required first.';
    guest.renaming = false;
    return '250 Rename successful.';
  }),
  SITE: writing((_, argument) => {
    const [word = '', ...rest] = argument.split(' ');
    if (/^help$/i.test(word)) return '214 CHMOD UMASK HELP';
    if (/^umask$/i.test(word))
      return rest.length
        ? `200 UMASK set to 0${rest[0]!.replace(/\D/g, '').slice(0, 4)}`
        : '200 Your current UMASK is 022';
    if (!/^chmod$/i.test(word)) return '500 Unknown SITE command.';
    return rest.length < 2 ? '500 SITE CHMOD needs 2 arguments.' : '550 SITE CHMOD command failed.';
  }),
  PBSZ: () => denied,
  PROT: () => denied,
};
for (const [old, name] of [
  ['XPWD', 'PWD'],
  ['XCWD', 'CWD'],
  ['XCUP', 'CDUP'],
  ['XMKD', 'MKD'],
  ['XRMD', 'RMD'],
] as const)
  commands[old] = commands[name]!;

/**
 * A sensor opens no port that it was not told to, so no data connection ever stands: as on a server behind a firewall
 * that was set up without its passive ports, the commonest of FTP's faults.
 */
async function transfer({ wire, data }: Guest): Promise<string> {
  if (data === 'none') return '425 Use PORT or PASV first.';
  await wire.pause(data === 'passive' ? acceptMs : 900 + 400 * wire.random());
  return '425 Failed to establish connection.';
}

function active(guest: Guest, host: string, port: number, command: 'PORT' | 'EPRT'): string {
  guest.wire.emit({ kind: 'forward', host, port: Math.min(port, 65_535), detail: { command } });
  // The peer's own address and a port of its own are taken, nothing else: no bouncing.
  if (host !== guest.wire.src.ip || port < 1_024 || port > 65_535) return `500 Illegal ${command} command.`;
  guest.data = 'active';
  return `200 ${command} command successful. Consider using ${command === 'PORT' ? 'PASV' : 'EPSV'}.`;
}

const dataPort = ({ wire }: Guest) => 32_768 + Math.floor(wire.random() * 28_000);

function status({ wire, user, binary }: Guest): string {
  return [
    '211-FTP server status:',
    `     Connected to ${wire.src.ip}`,
    `     Logged in as ${user}`,
    `     TYPE: ${binary ? 'BINARY' : 'ASCII'}`,
    '     No session bandwidth limit',
    '     Session timeout in seconds is 300',
    '     Control connection is plain text',
    '     Data connections will be plain text',
    '     At session startup, client count was 1',
    '     vsFTPd 3.0.3 - secure, fast, stable',
    '211 End of status',
  ].join('\r\n');
}

export function resolve(from: string, to: string): string {
  const parts: string[] = [];
  for (const part of (to.startsWith('/') ? to : `${from}/${to}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`.slice(0, 1_024);
}
