import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import {
  accountOf,
  createShell,
  filesOf,
  greeting,
  type Hooks,
  isGnu,
  loginGreeting,
  promptOf,
  type Shell,
  Unfinished,
} from '../shell/index.ts';
import { admits } from './credentials.ts';
import { TelnetFilter } from './telnet-options.ts';
import { Terminal } from './terminal.ts';

/** What BusyBox telnetd sends first: DO ECHO, DO NAWS, WILL ECHO, WILL SUPPRESS-GO-AHEAD. */
const opening = '\xff\xfd\x01\xff\xfd\x1f\xff\xfb\x01\xff\xfb\x03';
/** Failed logins before login(1) gives up, and empty names. */
const attempts = 3;
const emptyNames = 10;
/** Lines that one command may span. */
const continuationLimit = 256;
const typedLimit = 1_048_576;

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
    if (user !== null) await converse(wire, terminal, user);
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

async function converse(wire: Wire, terminal: Terminal, user: string): Promise<void> {
  const hooks: Hooks = {
    persona: wire.persona,
    src: wire.src,
    dst: wire.dst,
    emit: (body) => wire.emit(body),
    keep: (bytes) => wire.keep(bytes),
    write: (text) => terminal.show(text),
    readLine: () => terminal.line(),
    pause: (ms) => wire.pause(ms),
    now: () => wire.now(),
    random: () => wire.random(),
  };
  const gnu = isGnu(wire.persona);
  const account = gnu ? accountOf(filesOf(hooks, wire.memory), wire.persona, user) : undefined;
  const shell = createShell(hooks, wire.memory, {
    name: account?.shell.endsWith('bash') ? '-bash' : '-sh',
    user,
    ...(account ? { cwd: account.home, program: account.shell } : {}),
  });
  shell.interactive = gnu;
  terminal.show(gnu ? loginGreeting(hooks, filesOf(hooks, wire.memory), wire.memory) : greeting);
  try {
    await commandLoop(wire, terminal, shell);
  } finally {
    shell.finish();
  }
}

async function commandLoop(wire: Wire, terminal: Terminal, shell: Shell): Promise<void> {
  const typed = async () => {
    const line = await terminal.line();
    // What a command reads was typed all the same.
    if (line !== null) wire.emit({ kind: 'command', input: line, detail: { stdin: true } });
    return line;
  };
  const streams = {
    isTerminal: true,
    out: (text: string) => terminal.show(text),
    err: (text: string) => terminal.show(text),
    stdinLine: typed,
    async stdin() {
      let text = '';
      for (let line = await typed(); line !== null && text.length < typedLimit; line = await typed())
        text += `${line}\n`;
      return text;
    },
  };
  const unfinished: string[] = [];
  for (;;) {
    terminal.show(shell.notices() + promptOf(shell, unfinished.length > 0));
    const line = await terminal.line();
    if (line === null) {
      if (terminal.left)
        wire.emit({ kind: 'command', input: terminal.left, ok: false, detail: { unfinished: true } });
      return;
    }
    if (line.trim() === '' && unfinished.length === 0) continue;
    unfinished.push(line);
    const text = unfinished.join('\n');
    wire.emit({ kind: 'command', input: line, ok: shell.knows(text) });
    try {
      if (!(await shell.line(text, streams))) return;
      unfinished.length = 0;
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      if (unfinished.length < continuationLimit && text.length < 65_536) continue;
      unfinished.length = 0;
    }
  }
}
