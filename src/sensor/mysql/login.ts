import type { Wire } from '../emulator.ts';
import { admits } from '../emulators/credentials.ts';
import { guesses } from '../emulators/guesses.ts';
import { errorPacket } from './answers.ts';
import { failure } from './faults.ts';
import { capability, type Flavour, type Hello, type Plugin } from './handshake.ts';
import { decryptPassword, publicKeyPem } from './key.ts';
import type { Packets } from './packets.ts';
import { crackable, scramble } from './scramble.ts';

/** Authentication phase: tells the pair, or the answer to the salt where the password is not one of those that bots try. */
export async function logIn(
  wire: Wire,
  packets: Packets,
  hello: Hello,
  flavour: Flavour,
  salt: Buffer,
): Promise<boolean> {
  let { response } = hello;
  if (hello.plugin && hello.plugin !== flavour.plugin && hello.capabilities & capability.pluginAuth) {
    // AuthSwitchRequest
    packets.send(Buffer.concat([Buffer.from(`\xfe${flavour.plugin}\0`, 'latin1'), salt, Buffer.from([0])]));
    const body = await packets.read(false);
    if (body === null || typeof body === 'string') {
      tell(wire, hello, flavour.plugin, salt, hello.response, null, false);
      return false;
    }
    response = body;
    if (response.length === 1 && response[0] === 0) response = Buffer.alloc(0);
  }
  let secret = recover(flavour.plugin, hello.user, salt, response);
  if (secret === null && flavour.plugin === 'caching_sha2_password')
    secret = await fullAuthentication(wire, packets, salt);
  else if (secret && flavour.plugin === 'caching_sha2_password') packets.send(Buffer.from([1, 3]));
  const ok = secret !== null && admits(wire, hello.user, secret);
  tell(wire, hello, flavour.plugin, salt, response, secret, ok);
  if (!ok)
    packets.send(
      errorPacket(failure('accessDenied', hello.user, wire.src.ip, response.length ? 'YES' : 'NO')),
    );
  return ok;
}

/** Caching SHA-2: the server has no such entry in its cache, so the client seals the password with the server's key. */
async function fullAuthentication(wire: Wire, packets: Packets, salt: Buffer): Promise<string | null> {
  packets.send(Buffer.from([1, 4]));
  let body = await packets.read(false);
  if (Buffer.isBuffer(body) && body.length === 1 && body[0] === 2) {
    packets.send(Buffer.from(`\x01${publicKeyPem(wire.persona)}`));
    body = await packets.read(false);
  }
  return Buffer.isBuffer(body) ? decryptPassword(wire.persona, body, salt) : null;
}

function recover(plugin: Plugin, user: string, salt: Buffer, response: Buffer): string | null {
  if (response.length === 0) return '';
  for (const guess of guesses(user)) if (scramble(plugin, guess, salt).equals(response)) return guess;
  return null;
}

function tell(
  wire: Wire,
  hello: Hello,
  plugin: Plugin,
  salt: Buffer,
  response: Buffer,
  secret: string | null,
  ok: boolean,
): void {
  const hash = crackable(plugin, salt, response);
  wire.emit({
    kind: 'login',
    user: hello.user,
    secret: secret ?? hash,
    ok,
    method: plugin,
    detail: { hash, recovered: secret !== null, ...(hello.database ? { database: hello.database } : {}) },
  });
}
