import { createHash, createPublicKey, diffieHellman, generateKeyPairSync, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Wire } from '../../src/sensor/emulator.ts';
import { Input } from '../../src/sensor/input.ts';
import { createCipher, isAead } from '../../src/sensor/ssh/cipher/index.ts';
import { byte, message, mpint, Reader, string, uint32 } from '../../src/sensor/ssh/data.ts';
import { deriveKeys } from '../../src/sensor/ssh/key-derivation.ts';
import { Message } from '../../src/sensor/ssh/message.ts';
import { Packets } from '../../src/sensor/ssh/packet.ts';

const spkiHead = Buffer.from('302a300506032b656e032100', 'hex');
const usualIdent = 'SSH-2.0-OpenSSH_9.2p1 bench';

/** What it speaks over: a socket, or what counts for one. */
export interface Channel {
  write(bytes: string | Uint8Array): void;
  destroy(): void;
  /** Tells of bytes that come, and of the end. */
  listen(data: (chunk: Buffer) => void, end: () => void): void;
}

export interface ClientOptions extends Choice {
  host?: string;
  port: number;
  /** The address that the client comes from. */
  from?: string;
}

/** What the client offers, and says of itself. */
interface Choice {
  ident?: string;
  cipher?: string;
  hostKey?: string;
  mac?: string;
  compression?: string;
}

/** A light SSH client for measurements and tests: one key exchange method, no check of the host key. It sees each message. */
export class SshClient {
  readonly #channel: Channel;
  readonly #input: Input;
  readonly #packets: Packets;
  /** Every message from the server after the key exchange, as it came. */
  readonly seen: Buffer[] = [];
  sessionId = Buffer.alloc(0);
  #remote = 0;

  private constructor(channel: Channel) {
    this.#channel = channel;
    this.#input = new Input({ taken() {}, returned() {}, hungry() {} });
    channel.listen(
      (chunk) => this.#input.push(chunk),
      () => this.#input.end(),
    );
    // The packet protocol is the same on both sides, and needs no more of a wire than this.
    const wire = {
      bytes: (size: number) => this.#input.bytes(size, 1_048_576),
      send: (data: Uint8Array) => channel.write(data),
    } as unknown as Wire;
    this.#packets = new Packets(wire, 'openssh');
  }

  /** Connects and exchanges keys. Rejects where the server does not want to. */
  static async open(options: ClientOptions): Promise<SshClient> {
    const { host = '127.0.0.1', port, from } = options;
    const socket = connect({ host, port, noDelay: true, ...(from ? { localAddress: from } : {}) });
    return SshClient.over(channelOf(socket), options);
  }

  /** Exchanges keys over what is connected. Rejects where the server does not want to. */
  static async over(channel: Channel, choice: Choice = {}): Promise<SshClient> {
    const client = new SshClient(channel);
    try {
      await client.#exchange(choice);
    } catch (error) {
      channel.destroy();
      throw error;
    }
    return client;
  }

  send(payload: Buffer): void {
    this.#packets.send(payload);
  }

  /** Sends bytes as they are, past the packet protocol. */
  raw(bytes: Buffer): void {
    this.#packets.flush();
    this.#channel.write(bytes);
  }

  /** The next message, or null once the server has closed. */
  async next(): Promise<Buffer | null> {
    this.#packets.flush();
    const payload = await this.#packets.receive();
    if (!Buffer.isBuffer(payload)) return null;
    this.seen.push(payload);
    return payload;
  }

  /** The next message of one of these numbers; rejects where there is none to come. */
  async until(...types: number[]): Promise<Buffer> {
    for (let got = await this.next(); got; got = await this.next()) if (types.includes(got[0]!)) return got;
    throw new Error('the server has closed');
  }

  async service(): Promise<void> {
    this.send(message(Message.serviceRequest, 'ssh-userauth'));
    await this.until(Message.serviceAccept);
  }

  /** Whether this password lets in. */
  async password(user: string, secret: string): Promise<boolean> {
    this.send(message(Message.userauthRequest, user, 'ssh-connection', 'password', false, secret));
    return (
      (await this.until(Message.userauthSuccess, Message.userauthFailure))[0] === Message.userauthSuccess
    );
  }

  async session(): Promise<void> {
    this.send(message(Message.channelOpen, 'session', uint32(0), uint32(2_097_152), uint32(32_768)));
    // Recipient, then sender: the number under which the server knows it (RFC 4254 §5.1).
    this.#remote = new Reader(await this.until(Message.channelOpenConfirmation), 5).uint32();
  }

  /** Asks something of the channel. */
  async request(name: string, ...parts: (Buffer | string)[]): Promise<boolean> {
    this.send(message(Message.channelRequest, uint32(this.#remote), name, true, ...parts));
    return (await this.until(Message.channelSuccess, Message.channelFailure))[0] === Message.channelSuccess;
  }

  data(text: string): void {
    this.send(message(Message.channelData, uint32(this.#remote), text));
  }

  /** Reads data of the channel until this text has come. */
  async waitFor(text: string): Promise<string> {
    let all = '';
    while (!all.includes(text)) all += new Reader(await this.until(Message.channelData), 5).text();
    return all;
  }

  /** Reads until the channel is closed, and closes it here too. */
  async closed(): Promise<void> {
    await this.until(Message.channelClose);
    this.send(message(Message.channelClose, uint32(this.#remote)));
  }

  destroy(): void {
    this.#packets.close();
    this.#channel.destroy();
  }

  async #exchange(options: Choice): Promise<void> {
    const { cipher = 'chacha20-poly1305@openssh.com', hostKey = 'ssh-ed25519' } = options;
    const { mac = 'hmac-sha2-256', compression = 'none', ident = usualIdent } = options;
    this.#channel.write(`${ident}\r\n`);
    const server = await this.#input.line(1_024);
    if (server === null) throw new Error('the server has closed');
    const lists = [
      'curve25519-sha256,ext-info-c',
      hostKey,
      cipher,
      cipher,
      mac,
      mac,
      compression,
      compression,
      '',
      '',
    ];
    const ours = message(Message.kexInit, randomBytes(16), ...lists, false, uint32(0));
    this.send(ours);
    const theirs = await this.until(Message.kexInit);
    const { privateKey, publicKey } = generateKeyPairSync('x25519');
    const q = publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
    this.send(message(Message.kexFirst, string(q)));
    const reply = new Reader(await this.until(Message.kexReply), 1);
    const [blob, point] = [reply.string(), reply.string()];
    const peer = createPublicKey({ key: Buffer.concat([spkiHead, point]), format: 'der', type: 'spki' });
    const secret = mpint(diffieHellman({ privateKey, publicKey: peer }));
    const hash = createHash('sha256');
    for (const part of [ident, server, ours, theirs, blob, q, point]) hash.update(string(part));
    this.sessionId = hash.update(secret).digest();
    await this.until(Message.newKeys);
    this.send(byte(Message.newKeys));
    const h = this.sessionId;
    const keys = (letters: 'ACE' | 'BDF') => deriveKeys('sha256', secret, h, h, letters);
    this.#packets.encrypt(createCipher(cipher, isAead(cipher) ? '' : mac, keys('ACE')), false);
    this.#packets.decrypt(createCipher(cipher, isAead(cipher) ? '' : mac, keys('BDF')), false);
  }
}

function channelOf(socket: Socket): Channel {
  return {
    write: (bytes) => void socket.write(bytes),
    destroy: () => void socket.destroy(),
    listen(data, end) {
      socket.on('data', data);
      for (const event of ['end', 'close', 'error']) socket.on(event, end);
    },
  };
}
