import type { Duplex } from 'node:stream';
import { onLines } from '../../kit/line-stream.ts';
import type { Log } from '../../kit/log.ts';

const lineLimit = 4_096;
const helloLimit = 1_024;
const newline = 0x0a;
const again = Buffer.from('{"again":');

/**
 * Carries the link of a sensor's process to the hub over connections that come and go. Nothing is kept here: what was on its way when
 * a connection broke is sent anew from the spool, and what the process had said before it knew of that is left out.
 */
export class Relay {
  readonly #log: Log;
  #stream: Duplex | null = null;
  #hello: Buffer | null = null;
  #hub: Duplex | null = null;
  /** How often the hub has told this process what it has. */
  #turns = 0;
  /** True while what the process says is of a connection that is gone; so many marks are still to come. */
  #stale = false;
  #marks = 0;
  #partial: Buffer = Buffer.alloc(0);

  constructor(log: Log) {
    this.#log = log;
  }

  get connected(): boolean {
    return this.#hub !== null;
  }

  /** Takes the link of a process that has just started; the last one's has ended. */
  attach(stream: Duplex): void {
    this.#hub?.destroy();
    this.#hub = null;
    this.#stream = stream;
    this.#hello = null;
    this.#turns = 0;
    this.#stale = false;
    this.#marks = 0;
    this.#partial = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => this.#fromSensor(stream, chunk));
    stream.on('close', () => {
      if (this.#stream !== stream) return;
      this.#stream = null;
      this.#hello = null;
      this.#hub?.destroy();
    });
  }

  /** Takes a new connection to the hub, and serves it until it ends. */
  connect(hub: Duplex): void {
    this.#hub?.destroy();
    this.#hub = hub;
    hub.on('close', () => {
      if (this.#hub !== hub) return;
      this.#hub = null;
      // Full pipes hold the process back until there is a hub again.
      this.#stream?.pause();
      this.#stale = this.#turns > 0;
    });
    hub.on('drain', () => this.#stream?.resume());
    onLines(hub, lineLimit, (line) => this.#fromHub(hub, line));
    if (this.#hello) hub.write(this.#hello);
    else this.#stream?.resume();
  }

  #fromHub(hub: Duplex, line: string): void {
    if (this.#hub !== hub || !this.#stream) return;
    if (line.startsWith('{"have":') && this.#turns++ > 0) {
      this.#stale = true;
      this.#marks++;
    }
    this.#stream.write(`${line}\n`);
    this.#stream.resume();
  }

  #fromSensor(stream: Duplex, chunk: Buffer): void {
    if (this.#stream !== stream) return;
    if (!this.#hello) {
      this.#partial = Buffer.concat([this.#partial, chunk]);
      const end = this.#partial.indexOf(newline);
      if (end < 0) {
        if (this.#partial.length > helloLimit) stream.destroy();
        return;
      }
      this.#hello = this.#partial.subarray(0, end + 1);
      this.#hub?.write(this.#hello);
      return;
    }
    const rest = this.#stale ? this.#current(chunk) : chunk;
    if (rest.length === 0) return;
    if (!this.#hub) {
      // Read before it could be held back; it is in the spool.
      this.#log.debug('words of the sensor came while there was no hub', { bytes: rest.length });
      return;
    }
    if (!this.#hub.write(rest)) stream.pause();
  }

  /** What follows the mark that the process sets where it begins anew. */
  #current(chunk: Buffer): Buffer {
    let bytes = this.#partial.length > 0 ? Buffer.concat([this.#partial, chunk]) : chunk;
    for (;;) {
      if (bytes.subarray(0, again.length).equals(again)) {
        const end = bytes.indexOf(newline);
        if (end < 0) break;
        bytes = bytes.subarray(end + 1);
        if (--this.#marks > 0) continue;
        this.#stale = false;
        this.#partial = Buffer.alloc(0);
        return bytes;
      }
      const end = bytes.indexOf(newline);
      // Of a long line only its end matters; of a short one, whether it is the mark.
      if (end < 0) {
        if (bytes.length >= again.length) bytes = bytes.subarray(0, again.length);
        break;
      }
      bytes = bytes.subarray(end + 1);
    }
    this.#partial = Buffer.from(bytes);
    return Buffer.alloc(0);
  }
}
