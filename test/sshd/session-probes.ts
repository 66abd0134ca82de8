import { SshClient } from '../../attack/clients/ssh.ts';
import { printable } from '../../src/kit/printable.ts';
import { byte, message, string, uint32 } from '../../src/sensor/ssh/data.ts';
import { Message } from '../../src/sensor/ssh/message.ts';

/** What a client may do once keys are agreed. `login`: after its password has let it in. */
export interface SessionProbe {
  name: string;
  login: boolean;
  send: Buffer[];
}

const auth = (user: string, service: string, method: string, ...rest: (Buffer | string | boolean)[]) =>
  message(Message.userauthRequest, user, service, method, ...rest);
const userauth = message(Message.serviceRequest, 'ssh-userauth');
const open = (kind: string, id = 0, ...rest: (Buffer | string)[]) =>
  message(Message.channelOpen, kind, uint32(id), uint32(2_097_152), uint32(32_768), ...rest);
const ask = (name: string, ...rest: (Buffer | string | boolean)[]) =>
  message(Message.channelRequest, uint32(0), name, true, ...rest);
const global = (name: string, ...rest: (Buffer | string)[]) =>
  message(Message.globalRequest, name, true, ...rest);
const pty = ask('pty-req', 'dumb', uint32(80), uint32(24), uint32(0), uint32(0), '');
const key = Buffer.concat([string('ssh-ed25519'), string(Buffer.alloc(32, 3))]);

export const sessionProbes: readonly SessionProbe[] = [
  { name: 'another service', login: false, send: [message(Message.serviceRequest, 'ssh-connection')] },
  { name: 'a login before the service', login: false, send: [auth('root', 'ssh-connection', 'none')] },
  { name: 'none', login: false, send: [userauth, auth('root', 'ssh-connection', 'none')] },
  {
    name: 'an unknown method',
    login: false,
    send: [userauth, auth('root', 'ssh-connection', 'gssapi-with-mic')],
  },
  {
    name: 'another user',
    login: false,
    send: [userauth, auth('root', 'ssh-connection', 'none'), auth('admin', 'ssh-connection', 'none')],
  },
  { name: 'a login to no service', login: false, send: [userauth, auth('root', 'nothing', 'none')] },
  {
    name: 'none seven times',
    login: false,
    send: [userauth, ...Array.from({ length: 7 }, () => auth('root', 'ssh-connection', 'none'))],
  },
  {
    name: 'a key that is not known',
    login: false,
    send: [userauth, auth('root', 'ssh-connection', 'publickey', false, 'ssh-ed25519', string(key))],
  },
  {
    name: 'a key of an unknown kind',
    login: false,
    send: [userauth, auth('root', 'ssh-connection', 'publickey', false, 'ssh-foo', string(key))],
  },
  {
    name: 'a password cut short',
    login: false,
    send: [userauth, auth('root', 'ssh-connection', 'password', false)],
  },
  { name: 'a channel before login', login: false, send: [userauth, open('session')] },
  {
    name: 'KEXINIT before login',
    login: false,
    send: [userauth, message(Message.kexInit, Buffer.alloc(16))],
  },
  { name: 'message 200 before login', login: false, send: [userauth, byte(200)] },
  { name: 'message 61 before login', login: false, send: [userauth, byte(61)] },
  { name: 'what comes after login', login: true, send: [] },
  { name: 'a session', login: true, send: [open('session')] },
  { name: 'two sessions', login: true, send: [open('session', 5), open('session', 6)] },
  { name: 'eleven sessions', login: true, send: Array.from({ length: 11 }, (_, i) => open('session', i)) },
  { name: 'an unknown kind of channel', login: true, send: [open('foo@example.com')] },
  {
    name: 'no more sessions, then one',
    login: true,
    send: [global('no-more-sessions@openssh.com'), open('session')],
  },
  { name: 'an unknown global request', login: true, send: [global('foo@example.com')] },
  { name: 'a keepalive', login: true, send: [global('keepalive@openssh.com')] },
  {
    name: 'a forward to listen at',
    login: true,
    send: [global('tcpip-forward', 'localhost', uint32(47_113))],
  },
  {
    name: 'a forward that is not there is cancelled',
    login: true,
    send: [global('cancel-tcpip-forward', 'localhost', uint32(47_114))],
  },
  { name: 'data to no channel', login: true, send: [message(Message.channelData, uint32(7), 'x')] },
  { name: 'EOF to no channel', login: true, send: [message(Message.channelEof, uint32(7))] },
  { name: 'CLOSE to no channel', login: true, send: [message(Message.channelClose, uint32(7))] },
  {
    name: 'a window for no channel',
    login: true,
    send: [message(Message.channelWindowAdjust, uint32(7), uint32(1))],
  },
  { name: 'a request to no channel', login: true, send: [ask('shell')] },
  { name: 'an unknown request', login: true, send: [open('session'), ask('foo@example.com')] },
  { name: 'env', login: true, send: [open('session'), ask('env', 'LANG', 'C'), ask('env', 'FOO', 'x')] },
  { name: 'a pty, twice', login: true, send: [open('session'), pty, pty] },
  { name: 'an unknown subsystem', login: true, send: [open('session'), ask('subsystem', 'foo')] },
  {
    name: 'a window change without a pty',
    login: true,
    send: [open('session'), ask('window-change', uint32(80), uint32(24), uint32(0), uint32(0))],
  },
  { name: 'a signal to nothing', login: true, send: [open('session'), ask('signal', 'TERM')] },
  { name: 'an agent is offered', login: true, send: [open('session'), ask('auth-agent-req@openssh.com')] },
  { name: 'exec', login: true, send: [open('session'), ask('exec', 'exit 7')] },
  {
    name: 'exec after EOF',
    login: true,
    send: [open('session'), Buffer.concat([message(Message.channelEof, uint32(0))]), ask('exec', 'exit 7')],
  },
  { name: 'exec with output', login: true, send: [open('session'), ask('exec', 'sleep 1; echo hi')] },
  {
    name: 'exec twice',
    login: true,
    send: [open('session'), ask('exec', 'sleep 1'), ask('exec', 'echo hi')],
  },
  { name: 'a message that nobody knows', login: true, send: [byte(150)] },
  { name: 'a login after login', login: true, send: [auth('root', 'ssh-connection', 'none')] },
  {
    name: 'data to a session that runs nothing',
    login: true,
    send: [open('session'), message(Message.channelData, uint32(0), 'x')],
  },
  {
    name: 'a channel is closed by the client',
    login: true,
    send: [open('session'), message(Message.channelClose, uint32(0))],
  },
  {
    name: 'a confirmation of nothing',
    login: true,
    send: [message(Message.channelOpenConfirmation, uint32(9), uint32(0), uint32(0), uint32(0))],
  },
  { name: 'a failure of nothing', login: true, send: [message(Message.channelFailure, uint32(9))] },
  { name: 'a channel cut short', login: true, send: [message(Message.channelOpen, 'session')] },
];

/** Runs a probe and tells what came back, a line each. */
export async function runSessionProbe(
  port: number,
  probe: SessionProbe,
  account: { user: string; secret: string; from?: string },
  quietMs: number,
): Promise<string[]> {
  const client = await SshClient.open({ port, ...(account.from ? { from: account.from } : {}) });
  if (probe.login) {
    await client.service();
    if (!(await client.password(account.user, account.secret))) throw new Error('not let in');
  }
  client.seen.length = 0;
  const lines: string[] = [];
  let ended = false;
  let settle: (() => void) | undefined;
  const reading = (async () => {
    for (let got = await client.next(); got; got = await client.next()) {
      lines.push(`< ${describe(got)}`);
      settle?.();
    }
    ended = true;
    settle?.();
  })();
  // Quiet for a while is what stands for "the server waits": there is nothing else to await.
  const quiet = async () => {
    for (let before = -1; !ended && before !== lines.length; ) {
      before = lines.length;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, quietMs);
        settle = () => {
          clearTimeout(timer);
          setTimeout(resolve, 50);
        };
      });
    }
  };
  await quiet();
  for (const payload of probe.send) {
    if (ended) break;
    client.send(payload);
    await quiet();
  }
  lines.push(ended ? '< end' : '< waits');
  client.destroy();
  await reading;
  return lines;
}

/** A message's number and what follows it; of host keys only how many there are. */
function describe(payload: Buffer): string {
  const type = payload[0]!;
  if (type === Message.extInfo) return `7 ${printable(payload.toString('latin1', 1), 4_096)}`;
  const text = payload.toString('latin1', 1);
  const shown = text.startsWith('\0\0\0\x17hostkeys-00@openssh.com') ? text.slice(0, 28) : text;
  return `${type} ${printable(shown, 1_024)}`.trimEnd();
}
