import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { Bounded } from '../../kit/bounded.ts';
import type { Clock } from '../../kit/clock.ts';
import { canonicalIp } from '../../kit/ip.ts';
import type { Log } from '../../kit/log.ts';
import type { Limits } from '../limits.ts';
import { arrivalFrame, frameReader, readAnswer } from './frame.ts';
import { Reflection, type Refusal } from './reflection.ts';

interface Open {
  socket: Socket;
  ip: string;
  port: number;
  own: number;
  received: number;
}

/**
 * Holds the sockets of the UDP services and carries datagrams, unread, to the sensor process and its answers back. A socket that was
 * handed over could send anything to anyone; by way of the courier only an answer can leave, and only by the rule of `Reflection`,
 * even where the sensor process has been taken over.
 */
export class Courier {
  readonly #limits: Limits;
  readonly #log: Log;
  readonly #reflection: Reflection;
  readonly #open: Bounded<number, Open>;
  readonly #sockets: Socket[] = [];
  #stream: Duplex | undefined;
  #token = 0;
  #datagrams = 0;
  #lost = 0;
  #answers = 0;
  #late = 0;
  readonly #refused: Record<Refusal, number> = { longer: 0, amplifier: 0, rate: 0 };

  constructor(limits: Limits, clock: Clock, log: Log) {
    this.#limits = limits;
    this.#log = log;
    this.#reflection = new Reflection(limits, clock);
    this.#open = new Bounded(limits.datagramsOpen);
  }

  /** Binds a port, 0 for a free one, and resolves with it. `own` is the usual port of the service. */
  async bind(service: number, at: { host: string; port: number }, own: number): Promise<number> {
    const socket = createSocket(isIPv6(at.host) ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
    socket.bind({ port: at.port, address: at.host, exclusive: true });
    try {
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    this.#sockets.push(socket);
    socket.on('error', (error) => this.#log.error('A UDP socket failed', { error }));
    socket.on('message', (bytes, from) => this.#take(service, socket, own, bytes, from));
    return socket.address().port;
  }

  /** Carries to this stream from now on. */
  attach(stream: Duplex): void {
    this.#stream = stream;
    this.#open.clear();
    const read = frameReader((frame) => this.#answer(frame));
    stream.on('data', (piece: Buffer) => {
      try {
        read(piece);
      } catch (error) {
        this.#log.error('The sensor answers datagrams with no frame of ours', { error });
        stream.destroy();
      }
    });
    stream.on('error', (error) => this.#log.debug('The way of the datagrams broke', { error }));
    stream.on('close', () => {
      if (this.#stream === stream) this.#stream = undefined;
    });
  }

  get counters(): Record<string, number> {
    return {
      datagrams: this.#datagrams,
      datagramsLost: this.#lost,
      datagramAnswers: this.#answers,
      datagramAnswersLate: this.#late,
      datagramAnswersLonger: this.#refused.longer,
      datagramAnswersToAmplifiers: this.#refused.amplifier,
      datagramAnswersOverRate: this.#refused.rate,
    };
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.close();
  }

  #take(
    service: number,
    socket: Socket,
    own: number,
    bytes: Buffer,
    from: { address: string; port: number },
  ) {
    this.#datagrams++;
    const ip = canonicalIp(from.address.replace(/%.*/, ''));
    const stream = this.#stream;
    if (!ip || !stream || stream.writableLength + bytes.length > this.#limits.datagramPending) {
      this.#lost++;
      return;
    }
    const token = this.#token;
    this.#token = (token + 1) >>> 0;
    this.#open.set(token, { socket, ip, port: from.port, own, received: bytes.length });
    stream.write(arrivalFrame({ token, service, ip, port: from.port, bytes }));
  }

  #answer(frame: Buffer): void {
    const { token, bytes } = readAnswer(frame);
    const open = this.#open.peek(token);
    if (!open) {
      this.#late++;
      return;
    }
    this.#open.delete(token);
    const refusal = this.#reflection.refuses(open, open.own, open.received, bytes.length);
    if (refusal) {
      this.#refused[refusal]++;
      return;
    }
    this.#answers++;
    // Whoever cannot be reached now is not tried again.
    open.socket.send(Buffer.from(bytes), open.port, open.ip, () => {});
  }
}
