import type { Wire } from '../../emulator.ts';
import { admits } from '../../emulators/credentials.ts';
import { byte, Malformed, message, type Reader, string, uint32 } from '../data.ts';
import { Message, Reason } from '../message.ts';
import type { Transport } from '../transport.ts';
import { isAuthorized } from './authorized.ts';
import { failDelay, pamDelay } from './delay.ts';
import { fingerprint, fits, typeOf, verifies } from './public-key.ts';

/** Requests of any kind after which OpenSSH gives up (auth2.c). */
const attemptLimit = 1_024;

interface Request {
  user: string;
  service: string;
  method: string;
  body: Reader;
}

/** What came of a request: let in, refused, or answered otherwise. `took` is how long the check of it takes, in milliseconds. */
type Outcome = { ok: true } | { ok: false; took: number; free?: boolean } | { answered: true };

/** User authentication (RFC 4252) as the product does it. Resolves with the user's name, or null where nobody is let in. */
export class Authentication {
  readonly #wire: Wire;
  readonly #transport: Transport;
  #user: string | undefined;
  #service = '';
  #attempts = 0;
  #failures = 0;
  /** A keyboard-interactive question waits for its answer. */
  #asked = false;

  constructor(wire: Wire, transport: Transport) {
    this.#wire = wire;
    this.#transport = transport;
  }

  async run(): Promise<string | null> {
    const transport = this.#transport;
    let served = transport.product.family === 'dropbear';
    for (let body = await transport.next(); body; body = await transport.next()) {
      const type = body.bytes[0]!;
      try {
        if (type === Message.serviceRequest) {
          if (!this.#serve(body)) return null;
          served = true;
        } else if (type === Message.userauthRequest && served) {
          const request = { user: body.text(), service: body.text(), method: body.text(), body };
          if (await this.#request(request)) return request.user;
        } else if (type === Message.userauthInfoResponse && this.#asked) {
          if (await this.#answer(body)) return this.#user!;
        } else if (type !== Message.extInfo) this.#unknown(type);
      } catch (error) {
        if (error instanceof Malformed) return null;
        throw error;
      }
    }
    return null;
  }

  #unknown(type: number): void {
    // Dropbear: nothing above MAX_UNAUTH_PACKET_TYPE may come before login.
    if (this.#transport.product.family === 'dropbear' && type > 60) this.#transport.close();
    else this.#transport.unimplemented();
  }

  #serve(body: Reader): boolean {
    const service = body.text();
    if (service === 'ssh-userauth') {
      this.#transport.send(message(Message.serviceAccept, service));
      return true;
    }
    this.#transport.violation(`bad service request ${service.slice(0, 256)}`);
    return false;
  }

  async #request(request: Request): Promise<boolean> {
    const transport = this.#transport;
    const { product } = transport;
    if (this.#user === undefined) {
      this.#user = request.user;
      this.#service = request.service;
    } else if (request.user !== this.#user || request.service !== this.#service) {
      const [was, is] = [`(${this.#user},${this.#service})`, `(${request.user},${request.service})`];
      const text = `Change of username or service not allowed: ${was} -> ${is}`;
      transport.violation(text.slice(0, 1_023));
      return false;
    }
    if (product.family === 'dropbear' && request.service !== 'ssh-connection') {
      transport.close();
      return false;
    }
    if (++this.#attempts >= attemptLimit) {
      transport.violation('too many failed userauth_requests');
      return false;
    }
    this.#asked = false;
    return this.#finish(request, await this.#try(request));
  }

  async #finish({ user, method }: Request, outcome: Outcome): Promise<boolean> {
    const transport = this.#transport;
    const { product } = transport;
    if ('answered' in outcome) return false;
    if (outcome.ok) {
      transport.send(byte(Message.userauthSuccess));
      transport.authenticated();
      return true;
    }
    if (method !== 'none') {
      const ms = failDelay(product, this.#wire.persona, user, outcome.took, this.#wire.random());
      await this.#wire.pause(ms);
    }
    // The first `none` costs nothing: it asks what there is.
    if (!outcome.free && (this.#attempts > 1 || method !== 'none')) this.#failures++;
    if (this.#failures >= product.maxAuthTries) {
      if (product.family === 'openssh') {
        transport.disconnect(Reason.protocolError, 'Too many authentication failures');
        return false;
      }
      transport.send(message(Message.userauthFailure, product.methods.join(','), false));
      transport.close();
      return false;
    }
    transport.send(message(Message.userauthFailure, product.methods.join(','), false));
    return false;
  }

  async #try(request: Request): Promise<Outcome> {
    const { methods } = this.#transport.product;
    const { method, service } = request;
    if (service !== 'ssh-connection') return { ok: false, took: 0 };
    if (method === 'password' && methods.includes('password')) return this.#password(request);
    const bound = method === 'publickey-hostbound-v00@openssh.com';
    if (method === 'publickey' || bound) return this.#publicKey(request, bound);
    if (method === 'keyboard-interactive' && methods.includes('keyboard-interactive')) {
      this.#asked = true;
      const asked = message(Message.userauthMethod, '', '', '', uint32(1), 'Password: ', false);
      this.#transport.send(asked);
      return { answered: true };
    }
    return { ok: false, took: 0, free: method === 'none' && this.#transport.product.family === 'dropbear' };
  }

  async #password({ user, body }: Request): Promise<Outcome> {
    const change = body.boolean();
    const secret = body.text();
    return this.#secret(user, secret, change ? 'password-change' : 'password');
  }

  async #secret(user: string, secret: string, method: string): Promise<Outcome> {
    const ok = method !== 'password-change' && admits(this.#wire, user, secret);
    this.#wire.emit({ kind: 'login', user, secret, ok, method });
    if (!ok) return { ok, took: pamDelay(() => this.#wire.random()) };
    // Hashing a password takes its time.
    await this.#wire.pause(12 + 25 * this.#wire.random());
    return { ok };
  }

  async #answer(body: Reader): Promise<boolean> {
    this.#asked = false;
    const user = this.#user ?? '';
    const secret = body.uint32() === 1 ? body.text() : '';
    const outcome = await this.#secret(user, secret, 'keyboard-interactive');
    return this.#finish({ user, service: '', method: 'keyboard-interactive', body }, outcome);
  }

  /** RFC 4252 §7: a question whether a key would do, or a signature by it. */
  async #publicKey({ user, service, method, body }: Request, bound: boolean): Promise<Outcome> {
    const signed = body.boolean();
    const algorithm = body.text();
    const blob = body.string();
    if (bound) body.string();
    const covered = body.bytes.subarray(0, body.at);
    const type = typeOf(blob);
    const value = fingerprint(blob);
    const detail = { type: type || 'unknown', algorithm: algorithm.slice(0, 64), user, signed };
    this.#wire.emit({ kind: 'fingerprint', method: 'ssh-key', value, detail });
    const allowed = service !== '' && fits(algorithm, type) && isAuthorized(this.#wire, user, blob);
    if (allowed && !signed) {
      this.#transport.send(message(Message.userauthMethod, algorithm, string(blob)));
      return { answered: true };
    }
    const proven =
      allowed &&
      verifies(algorithm, blob, body.string(), Buffer.concat([string(this.#transport.sessionId), covered]));
    this.#wire.emit({ kind: 'login', user, secret: value, ok: proven, method: bound ? 'publickey' : method });
    return proven ? { ok: true } : { ok: false, took: 1 };
  }
}
