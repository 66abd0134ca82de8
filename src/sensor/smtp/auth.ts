import type { Wire } from '../emulator.ts';
import { admits } from '../emulators/credentials.ts';

const decode = (text: string) =>
  /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
    ? Buffer.from(text, 'base64').toString('latin1')
    : null;
const broken = '535 5.7.8 Error: authentication failed: bad protocol / cancel';

/** AUTH PLAIN (RFC 4616) and LOGIN. Returns the reply and whether it went well; null once the peer has gone. */
export async function authenticate(
  wire: Wire,
  argument: string,
): Promise<{ reply: string; ok: boolean } | null> {
  const [word = '', initial, more] = argument.split(' ');
  const refuse = (reply: string) => ({ reply, ok: false });
  if (word === '' || more !== undefined) return refuse('501 5.5.4 Syntax: AUTH mechanism');
  const method = word.toUpperCase();
  const answer = async (challenge: string) => {
    wire.send(`334 ${challenge}\r\n`);
    return wire.line();
  };
  if (method === 'PLAIN') {
    const text = initial ?? (await answer(''));
    if (text === null) return null;
    if (text === '*') return refuse('501 5.7.0 Authentication aborted');
    const parts = decode(text)?.split('\0');
    if (!parts || parts.length < 3) return refuse(broken);
    return weigh(wire, parts[1]!, parts[2]!, method);
  }
  if (method === 'LOGIN') {
    const first = initial ?? (await answer('VXNlcm5hbWU6'));
    if (first === null) return null;
    if (first === '*') return refuse('501 5.7.0 Authentication aborted');
    const user = decode(first);
    if (user === null) return refuse(broken);
    const second = await answer('UGFzc3dvcmQ6');
    if (second === null) return null;
    if (second === '*') return refuse('501 5.7.0 Authentication aborted');
    const secret = decode(second);
    if (secret === null) return refuse(broken);
    return weigh(wire, user, secret, method);
  }
  return refuse('535 5.7.8 Error: authentication failed: no mechanism available');
}

async function weigh(
  wire: Wire,
  user: string,
  secret: string,
  method: string,
): Promise<{ reply: string; ok: boolean }> {
  const ok = admits(wire, user.replace(/@.*$/, ''), secret);
  wire.emit({ kind: 'login', user, secret, ok, method });
  if (!ok) await wire.pause(1_800 + 400 * wire.random());
  return {
    ok,
    reply: ok
      ? '235 2.7.0 Authentication successful'
      : '535 5.7.8 Error: authentication failed: authentication failure',
  };
}
