import { z } from 'zod';
import { printable } from '../../kit/printable.ts';
import { defineEmulator, type Wire } from '../emulator.ts';
import { commands, type Guest } from '../ftp/commands.ts';
import { tellClientHello } from '../tls/tell.ts';
import { admits } from './credentials.ts';

/** Failed logins before vsftpd hangs up (max_login_fails), how late it answers one, and its longest line (VSFTP_MAX_COMMAND_LINE). */
const failures = 3;
const failDelayMs = 2_000;
const longestLine = 4_096;
const notLoggedIn = '530 Please login with USER and PASS.';
const features = (tls: boolean) =>
  `211-Features:\r\n${tls ? ' AUTH TLS\r\n' : ''} EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n${tls ? ' PBSZ\r\n PROT\r\n' : ''} REST STREAM\r\n SIZE\r\n TVFS\r\n211 End`;

/** FTP as vsftpd 3.0.3 speaks it, with TLS where asked to (RFC 959, 4217). What is asked and offered is told; no data connection ever stands. */
export const ftp = defineEmulator({
  name: 'ftp',
  summary: 'vsftpd file server',
  port: 21,
  highPort: 2121,
  options: z.strictObject({
    anonymous: z.boolean().default(true),
    banner: z.string().max(256).default('(vsFTPd 3.0.3)'),
    /** ssl_enable: off as the package comes. */
    tls: z.boolean().default(false),
  }),

  async session(wire, { anonymous, banner, tls }) {
    const say = (text: string) => wire.send(`${text}\r\n`);
    let user: string | null = null;
    let failed = 0;
    let guest: Guest | null = null;
    let secured = false;
    say(`220 ${banner}`);
    for (;;) {
      const line = await wire.line();
      if (line === null) return;
      if (line.length > longestLine) return say('500 Input line too long.');
      const word = /^\S*/.exec(line)![0].toUpperCase();
      const argument = line.slice(word.length + 1);
      const known = Object.hasOwn(commands, word) || always.has(word) || (tls && securing.has(word));
      if (word !== 'PASS') wire.emit({ kind: 'command', input: printable(line), ok: known });
      if (word === '') continue;
      if (word === 'QUIT') return say('221 Goodbye.');
      if (word === 'FEAT') say(features(tls));
      else if (tls && word === 'AUTH' && !secured) {
        if (!/^(TLS(-[CP])?|SSL)$/i.test(argument)) say('504 Unknown AUTH type.');
        else {
          say('234 Proceed with negotiation.');
          if (!(await tellClientHello(wire)) || !(await wire.startTls())) return;
          secured = true;
        }
      } else if (tls && (word === 'PBSZ' || word === 'PROT')) say(protect(word, argument, secured));
      else if (word === 'OPTS')
        say(/^utf8 on$/i.test(argument) ? '200 Always in UTF8 mode.' : '501 Option not understood.');
      else if (word === 'USER') {
        if (guest)
          say(guest.anonymous ? "530 Can't change from guest user." : "530 Can't change to another user.");
        else {
          user = argument;
          say('331 Please specify the password.');
        }
      } else if (word === 'PASS') {
        if (guest) say('230 Already logged in.');
        else if (user === null) say('503 Login with USER first.');
        else {
          guest = logIn(wire, user, argument, anonymous);
          if (!guest) await wire.pause(failDelayMs * (0.9 + 0.2 * wire.random()));
          say(guest ? '230 Login successful.' : '530 Login incorrect.');
          user = null;
          if (!guest && ++failed >= failures) return;
        }
      } else if (!guest) say(notLoggedIn);
      else if (Object.hasOwn(commands, word)) say(await commands[word]!(guest, argument));
      else say('500 Unknown command.');
    }
  },
});

const securing = new Set(['AUTH', 'PBSZ', 'PROT']);

/** How data connections are to be protected (RFC 4217 §9), which never stand. */
function protect(word: 'PBSZ' | 'PROT', argument: string, secured: boolean): string {
  if (!secured) return `503 ${word} needs a secure connection.`;
  if (word === 'PBSZ') return '200 PBSZ set to 0.';
  switch (argument.toUpperCase()) {
    case 'C':
      return '200 PROT now Clear.';
    case 'P':
      return '200 PROT now Private.';
    case 'S':
    case 'E':
      return '536 PROT not supported.';
    default:
      return '504 PROT not recognized.';
  }
}

const always = new Set(['USER', 'PASS', 'QUIT', 'FEAT', 'OPTS']);

function logIn(wire: Wire, user: string, secret: string, allowed: boolean): Guest | null {
  const anonymous = /^(anonymous|ftp)$/i.test(user);
  const ok = secret !== '' && (anonymous ? allowed : admits(wire, user, secret));
  wire.emit({ kind: 'login', user, secret, ok, ...(anonymous ? { method: 'anonymous' } : {}) });
  if (!ok) return null;
  const home = anonymous ? '/' : user === 'root' ? '/root' : `/home/${user.replace(/[^\w.-]/g, '')}`;
  const folders = anonymous
    ? ['/', '/pub']
    : ['/', '/home', '/root', '/tmp', '/etc', '/var', '/var/www', '/var/www/html', home, `${home}/backup`];
  return {
    wire,
    user: anonymous ? 'ftp' : user,
    anonymous,
    folder: home,
    folders: new Set(folders),
    binary: false,
    data: 'none',
    onlyEpsv: false,
    renaming: false,
  };
}
