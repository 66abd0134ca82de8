import { createHash } from 'node:crypto';
import type { Reader } from '../data.ts';
import type { Guest } from '../guest.ts';
import type { Channel } from './channel.ts';

/** What is told of what a client wants to send on, in bytes. */
const toldLimit = 4_096;
/** How much is heard before the pretended other side hangs up, and how long it takes, in milliseconds. */
const heardLimit = 65_536;
const patienceMs = 20_000;

export interface ForwardTarget {
  host: string;
  port: number;
  origin: string;
}

/** The body of a `direct-tcpip` open (RFC 4254 §7.2). */
export function readForward(body: Reader): ForwardTarget {
  const host = body.text();
  const port = body.uint32() & 0xffff;
  const from = body.text();
  return { host, port, origin: `${from.slice(0, 256)}:${body.uint32()}` };
}

/**
 * A connection that a client wants made through this host. It is never made: what the client says is heard and told, and
 * the far side hangs up without an answer.
 */
export class Forward {
  readonly #guest: Guest;
  readonly #channel: Channel;
  readonly #target: ForwardTarget;

  constructor(guest: Guest, channel: Channel, target: ForwardTarget) {
    this.#guest = guest;
    this.#channel = channel;
    this.#target = target;
  }

  async run(): Promise<void> {
    const digest = createHash('sha256');
    let size = 0;
    let head = Buffer.alloc(0);
    let over = false;
    void this.#guest.nap.sleep(patienceMs * (0.5 + this.#guest.wire.random())).then(() => {
      over = true;
      this.#channel.inbox.end();
    });
    while (!over && size < heardLimit) {
      const bytes = await this.#channel.inbox.read();
      if (bytes === null) break;
      digest.update(bytes);
      size += bytes.length;
      if (head.length < toldLimit) head = Buffer.concat([head, bytes.subarray(0, toldLimit - head.length)]);
    }
    if (size > 0) {
      const { host, port } = this.#target;
      this.#guest.wire.emit({
        kind: 'data',
        size,
        sha256: digest.digest('hex'),
        detail: { host: host.slice(0, 1_024), port },
        raw: head.toString('latin1'),
      });
    }
    this.#channel.eof();
    this.#channel.close();
  }
}
