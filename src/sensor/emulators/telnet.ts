import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import {
  accountOf,
  createShell,
  filesOf,
  greeting,
  hooksOf,
  isGnu,
  loginGreeting,
  promptOf,
} from '../shell/index.ts';
import { converse } from './converse.ts';
import { admits } from './credentials.ts';
import { TelnetFilter } from './telnet-options.ts';
import { Terminal } from './terminal.ts';

/** What BusyBox telnetd sends first: DO ECHO, DO NAWS, WILL ECHO, WILL SUPPRESS-GO-AHEAD. */
const opening = '\xff\xfd\x01\xff\xfd\x1f\xff\xfb\x01\xff\xfb\x03';
/** Failed logins before login(1) gives up, and empty names. */
const attempts = 3;
const emptyNames = 10;

/** Telnet on a BusyBox device: login(1), then ash. RFC 854, 857, 858. */
export const telnet = defineEmulator({
  name: 'telnet',
  summary: 'Telnet login of a BusyBox device, and its shell',
  port: 23,
  highPort: 2323,
  options: z.strictObject({
    /** How long a wrong password is answered late, in milliseconds. */
    failDelayMs: z.int().min(0).max(10_000).default(1_500),
    banner: z.string().default(''),
  }),

  async session(wire, { failDelayMs, banner }) {
    const filter = new TelnetFilter();
    const terminal = new Terminal({
      async read() {
        for (;;) {
          const bytes = await wire.read();
          if (bytes === null) return null;
          const plain = filter.feed(bytes);
          if (plain.length) return plain;
        }
      },
      send: (text) => wire.send(text),
    });
    wire.send(opening);
    const issue = isGnu(wire.persona) ? issueOf(wire) : '';
    if (banner || issue) terminal.show(`${banner || issue}\n`);
    const user = await login(wire, terminal, failDelayMs);
    if (filter.offers.length) {
      wire.emit({ kind: 'fingerprint', method: 'telnet-options', value: filter.offers.join(', ') });
    }
    if (user !== null) await shellFor(wire, terminal, user);
  },
});

/** What getty shows of /etc/issue.net. */
function issueOf({ persona: { system } }: Wire): string {
  return system.id === 'ubuntu'
    ? `Ubuntu ${system.version} LTS`
    : `Debian GNU/Linux ${system.version.split('.')[0]}`;
}

async function login(wire: Wire, terminal: Terminal, failDelayMs: number): Promise<string | null> {
  let failures = 0;
  let empty = 0;
  while (failures < attempts) {
    terminal.show(`${wire.persona.hostname} login: `);
    const user = await terminal.line();
    if (user === null) return null;
    if (user.trim() === '') {
      if (++empty >= emptyNames) return null;
      continue;
    }
    terminal.show('Password: ');
    const secret = await terminal.line({ echo: false });
    if (secret === null) return null;
    const ok = admits(wire, user, secret);
    wire.emit({ kind: 'login', user, secret, ok });
    if (ok) return user;
    await wire.pause(failDelayMs * (0.9 + 0.2 * wire.random()));
    terminal.show('Login incorrect\n');
    failures++;
  }
  return null;
}

async function shellFor(wire: Wire, terminal: Terminal, user: string): Promise<void> {
  const hooks = hooksOf(wire, {
    write: (text) => terminal.show(text),
    readLine: () => terminal.line(),
  });
  const gnu = isGnu(wire.persona);
  const account = gnu ? accountOf(filesOf(hooks, wire.memory), wire.persona, user) : undefined;
  const shell = createShell(hooks, wire.memory, {
    name: account?.shell.endsWith('bash') ? '-bash' : '-sh',
    user,
    ...(account ? { cwd: account.home, program: account.shell } : {}),
  });
  shell.interactive = gnu;
  terminal.show(gnu ? loginGreeting(hooks, filesOf(hooks, wire.memory), wire.memory) : greeting);
  await converse(wire, terminal, shell, { prompt: (more) => shell.notices() + promptOf(shell, more) });
}
