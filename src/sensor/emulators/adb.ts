import { createHash } from 'node:crypto';
import { z } from 'zod';
import { deviceOf } from '../adb/device.ts';
import { encode, type Message, readMessage } from '../adb/message.ts';
import { openService, type Service } from '../adb/stream.ts';
import { defineEmulator, type Wire } from '../emulator.ts';

/** Streams open at once on one connection, messages of one, and bytes that may wait for the peer's leave to send. */
const limits = { streams: 32, messages: 100_000, waiting: 4 * 1_048_576 } as const;
const versions = { oldest: 0x0100_0000, checksumLess: 0x0100_0001 } as const;
const ownMaximum = 262_144;

/** Android's debug bridge on a television box (AOSP `protocol.txt`): shells, and files that are pushed. */
export const adb = defineEmulator({
  name: 'adb',
  summary: 'Android debug bridge of a television box',
  port: 5555,
  highPort: 5555,
  options: z.strictObject({
    /** Asks for the client's key, as a box with `ro.adb.secure=1` would; any key is then let in. */
    auth: z.boolean().default(false),
  }),

  async session(wire, { auth }) {
    const jobs = new Set<Promise<void>>();
    const connection = new Connection(wire, auth, jobs);
    try {
      for (let count = 0; count < limits.messages; count++) {
        const message = await readMessage(wire);
        if (!message || !connection.take(message)) return;
      }
    } finally {
      connection.end();
      await Promise.all(jobs);
    }
  },
});

interface Stream {
  remote: number;
  service: Service | undefined;
  queue: Buffer[];
  /** The peer has taken the last piece. */
  ready: boolean;
  closing: boolean;
}

class Connection {
  readonly #wire: Wire;
  readonly #auth: boolean;
  readonly #jobs: Set<Promise<void>>;
  readonly #streams = new Map<number, Stream>();
  #next = 1;
  #maximum = 4_096;
  #version: number = versions.oldest;
  #open = false;
  #waiting = 0;
  #ended = false;
  #hello: Message | undefined;

  constructor(wire: Wire, auth: boolean, jobs: Set<Promise<void>>) {
    this.#wire = wire;
    this.#auth = auth;
    this.#jobs = jobs;
  }

  /** Answers one message; false ends the connection. */
  take(message: Message): boolean {
    const { command, arg0, arg1, data } = message;
    if (command === 'CNXN') {
      this.#greet(message);
      return true;
    }
    if (command === 'AUTH') return this.#authenticate(message);
    if (!this.#open) return command === 'STLS' || command === 'SYNC';
    const stream = this.#streams.get(arg1);
    switch (command) {
      case 'OPEN':
        return this.#start(arg0, data);
      case 'OKAY':
        if (stream) {
          stream.ready = true;
          this.#pump(arg1, stream);
        }
        return true;
      case 'WRTE':
        if (!stream) this.#send('CLSE', 0, arg0);
        else {
          this.#send('OKAY', arg1, stream.remote);
          stream.service?.feed(data);
        }
        return true;
      case 'CLSE':
        if (stream) {
          this.#streams.delete(arg1);
          for (const piece of stream.queue) this.#waiting -= piece.length;
          stream.service?.end();
          this.#send('CLSE', arg1, stream.remote);
        }
        return true;
      default:
        return true;
    }
  }

  end(): void {
    this.#ended = true;
    for (const { service } of this.#streams.values()) service?.end();
    this.#streams.clear();
  }

  #greet(message: Message): void {
    const banner = message.data.toString('latin1').replace(/\0+$/, '');
    this.#wire.emit({
      kind: 'fingerprint',
      method: 'adb-banner',
      value: banner,
      detail: { version: message.arg0, maximum: message.arg1 },
    });
    this.#version = Math.min(message.arg0, versions.checksumLess);
    this.#maximum = Math.max(1_024, Math.min(message.arg1, ownMaximum));
    if (this.#auth) {
      this.#hello = message;
      this.#send('AUTH', 1, 0, this.#token());
    } else this.#welcome();
  }

  #welcome(): void {
    this.#open = true;
    this.#send(
      'CNXN',
      this.#version,
      this.#maximum,
      Buffer.from(deviceOf(this.#wire.persona).banner, 'latin1'),
    );
  }

  #authenticate({ arg0, data }: Message): boolean {
    if (!this.#hello) return false;
    if (arg0 !== 3) {
      this.#send('AUTH', 1, 0, this.#token());
      return true;
    }
    const key = data.toString('latin1').replace(/\0+$/, '');
    const fingerprint = createHash('sha256').update(key.split(' ')[0]!).digest('hex');
    this.#wire.emit({
      kind: 'login',
      user: key.split(' ')[1] ?? '',
      secret: key.slice(0, 4_096),
      ok: true,
      method: 'adb-key',
      detail: { sha256: fingerprint },
    });
    this.#welcome();
    return true;
  }

  #token(): Buffer {
    return Buffer.from(Array.from({ length: 20 }, () => Math.floor(this.#wire.random() * 256)));
  }

  #start(remote: number, data: Buffer): boolean {
    const name = data.toString('latin1').replace(/\0+$/, '');
    if (this.#streams.size >= limits.streams) {
      this.#send('CLSE', 0, remote);
      return true;
    }
    const local = this.#next++;
    const stream: Stream = { remote, service: undefined, queue: [], ready: true, closing: false };
    this.#streams.set(local, stream);
    const service = openService(
      this.#wire,
      name,
      { write: (bytes) => this.#write(local, bytes), close: () => this.#close(local) },
      this.#jobs,
    );
    if (!service) {
      this.#streams.delete(local);
      this.#wire.emit({ kind: 'command', input: name, ok: false, detail: { how: 'service' } });
      const to = /^tcp:(\d{1,5})(?::(.+))?$/.exec(name);
      if (to)
        this.#wire.emit({
          kind: 'forward',
          host: to[2] ?? 'localhost',
          port: Math.min(65_535, Number(to[1])),
        });
      this.#send('CLSE', 0, remote);
      return true;
    }
    stream.service = service;
    this.#send('OKAY', local, remote);
    this.#pump(local, stream);
    return true;
  }

  #write(local: number, bytes: Buffer): void {
    const stream = this.#streams.get(local);
    if (!stream || this.#ended || this.#waiting + bytes.length > limits.waiting) return;
    for (let at = 0; at < bytes.length; at += this.#maximum) {
      const piece = bytes.subarray(at, at + this.#maximum);
      stream.queue.push(piece);
      this.#waiting += piece.length;
    }
    this.#pump(local, stream);
  }

  #close(local: number): void {
    const stream = this.#streams.get(local);
    if (!stream) return;
    stream.closing = true;
    this.#pump(local, stream);
  }

  /** Sends what the peer is ready for; a stream that is done closes after its last piece was taken. */
  #pump(local: number, stream: Stream): void {
    // Until its service is known it has not been answered.
    if (!stream.service || !stream.ready) return;
    const piece = stream.queue.shift();
    if (piece) {
      stream.ready = false;
      this.#waiting -= piece.length;
      this.#send('WRTE', local, stream.remote, piece);
    } else if (stream.closing) {
      this.#streams.delete(local);
      this.#send('CLSE', local, stream.remote);
    }
  }

  #send(command: string, arg0: number, arg1: number, data?: Buffer): void {
    this.#wire.send(encode(command, arg0, arg1, data));
  }
}
