import type { Duplex } from 'node:stream';
import type { Log } from '../kit/log.ts';
import type { Batch, Spool } from './spool.ts';

/** The longest line that the intake may send us. */
const lineLimit = 4_096;

/**
 * Tells the intake what is in the spool, over a stream of JSON lines:
 * sensor `{"hello":{"sensor","spool","version":1}}`, intake `{"have":seq}`, then sensor `{"seq":n,"event":{…}}` from
 * have + 1 on, at most `window` bytes ahead of the intake's `{"ack":seq}`. One link at a time. Where the way to the intake was cut and
 * made anew, the intake says `have` again: the sensor answers `{"again":have}` and goes on from there, so that whoever stands between
 * them knows what to leave out.
 */
export class Link {
  readonly #stream: Duplex;
  readonly #spool: Spool;
  readonly #window: number;
  readonly #log: Log;
  /** The last number that was sent; -1 before the intake said what it has. */
  #sent = -1;
  #flight: { last: number; size: number }[] = [];
  #flying = 0;
  #catching = false;
  /** Counts the times that the intake said what it has. */
  #turn = 0;
  #closed = false;
  #room: (() => void) | undefined;

  constructor(
    stream: Duplex,
    spool: Spool,
    { sensor, window, log }: { sensor: string; window: number; log: Log },
  ) {
    this.#stream = stream;
    this.#spool = spool;
    this.#window = window;
    this.#log = log;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (piece: string) => {
      text += piece;
      const lines = text.split('\n');
      text = lines.pop()!;
      for (const line of lines) this.#hear(line);
      if (text.length > lineLimit) stream.destroy();
    });
    stream.on('error', (error) => log.warn('The link to the intake broke', { error }));
    stream.on('close', () => this.close());
    stream.on('drain', () => this.#wake());
    spool.onStored = (batch) => this.#offer(batch);
    stream.write(`${JSON.stringify({ hello: { sensor, spool: spool.id, version: 1 } })}\n`);
  }

  get connected(): boolean {
    return !this.#closed && this.#sent >= 0;
  }

  get counters() {
    return { linked: this.connected, unacknowledged: this.#flying };
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #hear(line: string): void {
    let message: { have?: unknown; ack?: unknown };
    try {
      message = JSON.parse(line);
    } catch {
      this.#log.warn('The intake sent a line that is no JSON', { line });
      return;
    }
    const { have, ack } = message;
    if (isSeq(have)) this.#begin(have);
    else if (this.#sent >= 0 && isSeq(ack)) {
      this.#spool.acknowledge(ack);
      while (this.#flight.length && this.#flight[0]!.last <= ack) this.#flying -= this.#flight.shift()!.size;
      this.#wake();
    } else this.#log.warn('The intake sent a message that is not expected', { line });
  }

  #begin(have: number): void {
    if (this.#turn++ > 0) this.#stream.write(`{"again":${have}}\n`);
    if (have > this.#spool.stored) this.#spool.skipTo(have);
    this.#spool.acknowledge(have);
    this.#flight = [];
    this.#flying = 0;
    this.#sent = Math.max(Math.min(have, this.#spool.stored), this.#spool.oldest - 1);
    this.#wake();
    void this.#catchUp();
  }

  /** The short way: what was just stored follows what was sent, and there is room. */
  #offer(batch: Batch): void {
    if (this.#sent < 0 || this.#closed || this.#catching) return;
    if (this.#crowded()) void this.#catchUp();
    else this.#send(batch);
  }

  async #catchUp(): Promise<void> {
    if (this.#catching) return;
    this.#catching = true;
    try {
      while (!this.#closed && this.#sent < this.#spool.stored) {
        const before = this.#sent;
        const turn = this.#turn;
        for await (const batch of this.#spool.readFrom(this.#sent)) {
          while (this.#crowded() && !this.#closed)
            await new Promise<void>((wake) => {
              this.#room = wake;
            });
          if (this.#closed) return;
          if (turn !== this.#turn) break;
          this.#send(batch);
        }
        if (turn === this.#turn && this.#sent === before) throw new Error('the spool cannot be read');
      }
    } catch (error) {
      this.#log.error('The spool cannot be read', { error });
      this.#stream.destroy();
    } finally {
      this.#catching = false;
    }
  }

  #crowded(): boolean {
    return this.#flying >= this.#window || this.#stream.writableNeedDrain;
  }

  #send({ bytes, last }: Batch): void {
    this.#sent = last;
    this.#flight.push({ last, size: bytes.length });
    this.#flying += bytes.length;
    this.#stream.write(bytes);
  }

  #wake(): void {
    const wake = this.#room;
    this.#room = undefined;
    wake?.();
  }
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
