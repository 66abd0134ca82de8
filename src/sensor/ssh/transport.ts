import { createHash, randomBytes } from 'node:crypto';
import type { Wire } from '../emulator.ts';
import { createCipher, type Keys } from './cipher/index.ts';
import { byte, Malformed, message, Reader, string, uint32 } from './data.ts';
import type { HostKeys } from './host-keys.ts';
import { type Agreed, type Exchange, startExchange } from './kex/index.ts';
import { fingerprintOf, kexInit, readKexInit } from './kexinit.ts';
import { deriveKeys } from './key-derivation.ts';
import { Message, Reason } from './message.ts';
import { type Choice, negotiate } from './negotiate.ts';
import { Packets } from './packet.ts';
import type { Product } from './products/index.ts';

/** Payloads that may wait for the end of a key exchange, in bytes. */
const heldLimit = 4 * 1_048_576;
/** Payload bytes after which OpenSSH asks for new keys: RekeyLimit's default for ciphers of small blocks. */
const rekeyAfter = 1_024 * 1_048_576;

const nothing = Buffer.alloc(0);

/** What only lives as long as a key exchange. */
interface Kex {
  choice: Choice;
  exchange: Exchange;
  client: Buffer;
  server: Buffer;
  /** The keys that NEWKEYS of the client turns on. */
  incoming?: Keys;
}

export interface TransportOptions {
  wire: Wire;
  product: Product;
  keys: HostKeys;
  rekeyBytes?: number;
}

/** The transport layer of the server's side (RFC 4253): key exchange, keys, and the messages that are about nothing else. */
export class Transport {
  readonly product: Product;
  sessionId: Buffer = nothing;
  /** By which the host's key signed the last key exchange. */
  hostKeyAlgorithm = '';
  /** The client's identification string, once it is known. */
  client = '';
  readonly #wire: Wire;
  readonly #keys: HostKeys;
  readonly #packets: Packets;
  readonly #rekeyBytes: number;
  /** The cookie of our KEXINIT while it is unanswered or in use. */
  #cookie: Buffer | null = null;
  #kex: Kex | null = null;
  #skip = false;
  #strict = false;
  #rekeys = false;
  #compressionIn = '';
  #compressionOut = '';
  #authenticated = false;
  #held: Buffer[] | null = null;
  #heldSize = 0;
  #sent = 0;
  #ended = false;
  /** The client's first NEWKEYS has come. */
  #ready = false;
  #extInfo = false;

  constructor({ wire, product, keys, rekeyBytes = rekeyAfter }: TransportOptions) {
    this.product = product;
    this.#wire = wire;
    this.#keys = keys;
    this.#packets = new Packets(wire, product.family);
    this.#rekeyBytes = rekeyBytes;
  }

  /** Sends our KEXINIT, unless it is under way. */
  start(): void {
    if (this.#cookie) return;
    this.#cookie = randomBytes(16);
    if (this.sessionId.length) this.#held = [];
    this.#packets.send(kexInit(this.product, this.#cookie));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The next message for the layers above: its payload, read up to behind its number. Null where the talk is over. */
  async next(): Promise<Reader | null> {
    while (!this.#ended) {
      const payload = await this.#packets.receive();
      if (payload === null) return this.#end();
      if (!Buffer.isBuffer(payload)) {
        this.disconnect(Reason.protocolError, `Corrupted padlen ${payload.padding} on input.`);
        return null;
      }
      if (this.#skip) {
        this.#skip = false;
        continue;
      }
      try {
        if (await this.#mine(payload)) continue;
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        return this.#end();
      }
      return this.#ended ? null : new Reader(payload, 1);
    }
    return null;
  }

  send(payload: Buffer): void {
    if (this.#ended) return;
    if (this.#held) {
      this.#heldSize += payload.length;
      if (this.#heldSize > heldLimit) this.#end();
      else this.#held.push(payload);
      return;
    }
    this.#packets.send(payload);
    this.#sent += payload.length;
    if (this.#sent > this.#rekeyBytes && this.#rekeys) {
      this.#sent = 0;
      this.start();
    }
  }

  /** Answers that a message is not known (RFC 4253 §11.4). */
  unimplemented(): void {
    this.#packets.send(message(Message.unimplemented, uint32(this.#packets.lastSequence)));
  }

  /** Says why, and ends. */
  disconnect(reason: number, text: string): void {
    if (this.#ended) return;
    this.#packets.send(message(Message.disconnect, uint32(reason), text, ''));
    this.#end();
  }

  /** Ends at what the peer did wrong: OpenSSH says what it was, Dropbear only goes. */
  violation(text: string): void {
    if (this.product.family === 'openssh') this.disconnect(Reason.protocolError, text);
    else this.#end();
  }

  /** Login has succeeded: compression starts, and keys may be exchanged anew. */
  authenticated(): void {
    this.#authenticated = true;
    this.#rekeys = true;
    this.#startCompression('out');
    this.#startCompression('in');
  }

  close(): void {
    this.#ended = true;
    this.#packets.close();
  }

  #end(): null {
    this.close();
    return null;
  }

  /** Whether a message was about the transport itself, and is dealt with. */
  async #mine(payload: Buffer): Promise<boolean> {
    const type = payload[0]!;
    const { family } = this.product;
    const initial = !this.#ready;
    if (type === Message.disconnect) {
      this.#end();
      return true;
    }
    if (family === 'openssh' && (type === 0 || type >= 192)) {
      this.disconnect(Reason.protocolError, `Invalid ssh2 packet type: ${type}`);
      return true;
    }
    if (type >= Message.ignore && type <= Message.debug && type !== Message.disconnect) {
      // In the first key exchange nothing else may pass, so that nothing can be slipped in (kex-strict, PROTOCOL §1.10).
      if (initial && this.#strict) this.#unexpected(type);
      return true;
    }
    if (type === Message.kexInit && !this.#kex && (initial || this.#rekeys || family === 'dropbear')) {
      await this.#kexInit(payload);
      return true;
    }
    if (this.#kex) {
      if (type >= Message.kexFirst && type < 50 && !this.#kex.incoming) {
        await this.#exchange(this.#kex, type, payload);
        return true;
      }
      if (type === Message.newKeys && this.#kex.incoming) {
        this.#newKeys(this.#kex, this.#kex.incoming);
        return true;
      }
    }
    const own = type === Message.serviceRequest || type === Message.extInfo;
    if (initial || (type < 50 && !own) || (this.#kex && family === 'dropbear')) {
      this.#unexpected(type);
      return true;
    }
    return false;
  }

  #unexpected(type: number): void {
    const initial = !this.#ready;
    if (this.product.family === 'dropbear') {
      const known = this.#kex && (type === Message.newKeys || type > Message.kexFirst) && type < 50;
      if (known) this.unimplemented();
      else this.#end();
    } else if (initial && type >= 50) this.#end();
    else if (initial && this.#strict) {
      const { lastSequence } = this.#packets;
      this.disconnect(
        Reason.protocolError,
        `strict KEX violation: unexpected packet type ${type} (seqnr ${lastSequence})`,
      );
    } else this.unimplemented();
  }

  async #kexInit(payload: Buffer): Promise<void> {
    const initial = this.sessionId.length === 0;
    const { proposal, left } = readKexInit(payload);
    this.start();
    if (left > 0 && this.product.family === 'openssh') throw new Malformed('bytes after KEXINIT');
    if (initial) {
      this.#wire.emit(fingerprintOf(proposal, this.client));
      this.#strict =
        proposal.kex.includes('kex-strict-c-v00@openssh.com') &&
        this.product.kex.includes('kex-strict-s-v00@openssh.com');
      if (this.#strict && this.#packets.lastSequence !== 0) {
        this.violation('strict KEX violation: KEXINIT was not the first packet');
        return;
      }
    }
    const choice = negotiate(proposal, this.product);
    if (!choice) throw new Malformed('nothing in common');
    this.#skip = choice.skip;
    this.#kex = {
      choice,
      exchange: startExchange(choice.kex),
      client: payload,
      server: kexInit(this.product, this.#cookie!),
    };
    this.#extInfo = initial && proposal.kex.includes('ext-info-c');
  }

  async #exchange(kex: Kex, type: number, payload: Buffer): Promise<void> {
    const step = kex.exchange.take(type, new Reader(payload, 1));
    if (!step) this.#unexpected(type);
    else if ('send' in step) this.#packets.send(step.send);
    else await this.#agree(kex, step);
  }

  /** Signs what was agreed on, and turns our side's keys on. */
  async #agree(kex: Kex, { reply, fields, hashed, secret }: Agreed): Promise<void> {
    const { choice, exchange } = kex;
    const hostKey = await this.#keys.of(choice.hostKey);
    this.hostKeyAlgorithm = choice.hostKey;
    const hash = createHash(exchange.hash);
    for (const part of [this.client, this.product.ident, kex.client, kex.server, hostKey.blob])
      hash.update(string(part));
    const h = hash.update(hashed).update(secret).digest();
    const first = this.sessionId.length === 0;
    if (first) this.sessionId = h;
    this.#packets.send(message(reply, string(hostKey.blob), fields, string(hostKey.sign(choice.hostKey, h))));
    this.#packets.send(byte(Message.newKeys));
    const keys = (letters: 'ACE' | 'BDF') => deriveKeys(exchange.hash, secret, h, this.sessionId, letters);
    this.#packets.encrypt(createCipher(choice.cipherOut, choice.macOut, keys('BDF')), this.#strict);
    kex.incoming = keys('ACE');
    this.#compressionOut = choice.compressionOut;
    if (this.#authenticated) this.#startCompression('out');
    if (first && this.#extInfo) {
      const { extensions } = this.product;
      const pairs = extensions.flatMap(([name, value]) => [string(name), string(value)]);
      this.#packets.send(message(Message.extInfo, uint32(extensions.length), ...pairs));
    }
    const held = this.#held;
    this.#held = null;
    this.#heldSize = 0;
    for (const waiting of held ?? []) this.send(waiting);
  }

  #newKeys({ choice }: Kex, keys: Keys): void {
    this.#packets.decrypt(createCipher(choice.cipherIn, choice.macIn, keys), this.#strict);
    this.#compressionIn = choice.compressionIn;
    if (this.#authenticated) this.#startCompression('in');
    this.#kex = null;
    this.#cookie = null;
    this.#ready = true;
    this.#wire.opaque();
  }

  #startCompression(way: 'in' | 'out'): void {
    const on = (way === 'in' ? this.#compressionIn : this.#compressionOut) === 'zlib@openssh.com';
    if (way === 'in') this.#packets.decompress(on);
    else this.#packets.compress(on);
  }
}
