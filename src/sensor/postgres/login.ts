import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Bounded } from '../../kit/bounded.ts';
import type { Wire } from '../emulator.ts';
import { admits } from '../emulators/credentials.ts';
import { guesses } from '../emulators/guesses.ts';
import type { Persona } from '../persona.ts';
import { error } from './faults.ts';
import { type Complaint, int32, message } from './messages.ts';

const derive = promisify(pbkdf2);
const iterations = 4_096;
/** Deriving costs about two milliseconds a guess: only so many, for users that someone would guess at, and once for each. */
const guessLimit = 24;
const likely = /^(postgres|root|admin|administrator|user|test|pgsql|oracle|ubuntu|debian|guest)$/;
interface Keys {
  secret: string;
  stored: Buffer;
  server: Buffer;
}
const derived = new WeakMap<Persona, Bounded<string, Promise<Keys[]>>>();

export interface Outcome {
  ok: boolean;
  /** What to say where it is not: null where the client has gone. */
  refusal: Complaint | null;
}
export type Receive = () => Promise<{ type: string; body: Buffer } | null>;

const fatal = (told: Complaint): Complaint => ({ ...told, severity: 'FATAL' });
const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text, 'latin1').digest();

/** MD5 (§55.2.1): the answer is md5(md5(password + user) + salt). */
export async function md5(wire: Wire, receive: Receive, user: string, database: string): Promise<Outcome> {
  const salt = Buffer.from(Array.from({ length: 4 }, () => Math.floor(wire.random() * 256)));
  wire.send(message('R', int32(5), salt));
  const heard = await receive();
  if (heard === null) return { ok: false, refusal: null };
  if (heard.type !== 'p')
    return { ok: false, refusal: fatal(error('notPassword', heard.type.charCodeAt(0))) };
  const answer = heard.body.toString('latin1').replace(/\0[\s\S]*$/, '');
  const hash = (text: string, more: Uint8Array = Buffer.alloc(0)) =>
    createHash('md5').update(text, 'latin1').update(more).digest('hex');
  let secret: string | null = null;
  for (const guess of guesses(user)) if (`md5${hash(hash(guess + user), salt)}` === answer) secret = guess;
  const ok = secret !== null && admits(wire, user, secret);
  // hashcat's mode 11100.
  const crackable = `$postgres$${user}*${salt.toString('hex')}*${answer.slice(3)}`;
  wire.emit({
    kind: 'login',
    user,
    secret: secret ?? crackable,
    ok,
    method: 'md5',
    detail: { database, hash: crackable, recovered: secret !== null },
  });
  return { ok, refusal: ok ? null : fatal(error('noAuthenticated', user)) };
}

/** SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677; §55.3.1). */
export async function scram(wire: Wire, receive: Receive, user: string, database: string): Promise<Outcome> {
  const refused = { ok: false, refusal: fatal(error('noAuthenticated', user)) };
  wire.send(message('R', int32(10), 'SCRAM-SHA-256\0\0'));
  const first = await receive();
  if (first === null) return { ok: false, refusal: null };
  if (first.type !== 'p') return { ok: false, refusal: fatal(error('notSasl', first.type.charCodeAt(0))) };
  const text = first.body.toString('latin1');
  const zero = text.indexOf('\0');
  if (text.slice(0, zero) !== 'SCRAM-SHA-256') return { ok: false, refusal: fatal(error('mechanism')) };
  const clientFirst = text.slice(zero + 5);
  const bare = /^[ny],[^,]*,(.*)$/s.exec(clientFirst)?.[1] ?? '';
  const nonce = /(?:^|,)r=([!-+\--~]+)/.exec(bare)?.[1];
  if (!nonce)
    return {
      ok: false,
      refusal: fatal({
        code: '08P01',
        text: 'malformed SCRAM message',
        detail: 'The message is empty.',
        file: 'auth-scram.c',
        line: 359,
        routine: 'scram_exchange',
      }),
    };
  const salt = Buffer.from(wire.persona.token(`postgres-salt-${user.slice(0, 64)}`, 32), 'hex');
  const more = Buffer.from(Array.from({ length: 18 }, () => Math.floor(wire.random() * 256))).toString(
    'base64',
  );
  const serverFirst = `r=${nonce}${more},s=${salt.toString('base64')},i=${iterations}`;
  wire.send(message('R', int32(11), serverFirst));
  const second = await receive();
  if (second === null) return { ok: false, refusal: null };
  const final = second.body.toString('latin1');
  const proof = Buffer.from(/,p=([A-Za-z0-9+/=]+)$/.exec(final)?.[1] ?? '', 'base64');
  const exchange = `${bare},${serverFirst},${final.replace(/,p=[^,]*$/, '')}`;
  let found: Keys | undefined;
  if (proof.length === 32)
    found = (await keysOf(wire.persona, user, salt)).find(({ stored }) => proves(stored, exchange, proof));
  const ok = found !== undefined && admits(wire, user, found.secret);
  const hash = `$scram-sha-256$${iterations}$${salt.toString('base64')}$${exchange}$${proof.toString('base64')}`;
  wire.emit({
    kind: 'login',
    user,
    secret: found?.secret ?? hash,
    ok,
    method: 'scram-sha-256',
    detail: { database, hash, recovered: found !== undefined },
  });
  if (!ok || !found) return refused;
  wire.send(message('R', int32(12), `v=${hmac(found.server, exchange).toString('base64')}`));
  return { ok: true, refusal: null };
}

/** Whether a proof opens with these keys: H(proof XOR HMAC(StoredKey, exchange)) is StoredKey. */
function proves(stored: Buffer, exchange: string, proof: Buffer): boolean {
  const signature = hmac(stored, exchange);
  const client = Buffer.from(proof.map((byte, index) => byte ^ signature[index]!));
  return timingSafeEqual(createHash('sha256').update(client).digest(), stored);
}

function keysOf(persona: Persona, user: string, salt: Buffer): Promise<Keys[]> {
  if (!likely.test(user)) return Promise.resolve([]);
  let users = derived.get(persona);
  if (!users) {
    users = new Bounded(16);
    derived.set(persona, users);
  }
  let keys = users.get(user);
  if (!keys) {
    keys = deriveAll(user, salt);
    users.set(user, keys);
  }
  return keys;
}

async function deriveAll(user: string, salt: Buffer): Promise<Keys[]> {
  const all: Keys[] = [];
  // `postgres` is what is guessed first; the list holds it further down.
  for (const secret of new Set(['postgres', ...guesses(user)])) {
    if (secret === '') continue;
    if (all.length >= guessLimit) break;
    const salted = await derive(secret, salt, iterations, 32, 'sha256');
    const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
    all.push({ secret, stored, server: hmac(salted, 'Server Key') });
  }
  return all;
}
