import { message, string, uint32 } from '../data.ts';
import { Message } from '../message.ts';
import type { Transport } from '../transport.ts';
import { Inbox } from './inbox.ts';

/** CHAN_SES_WINDOW_DEFAULT and CHAN_SES_PACKET_DEFAULT of OpenSSH's channels.h. */
export const sessionWindow = 2_097_152;
export const packetMax = 32_768;
/** What Dropbear grants a session at once, and the largest packet that it takes (RECV_MAX_CHANNEL_DATA_LEN). */
export const dropbearWindow = 24_576;
export const dropbearPacketMax = 32_759;
/** Output that may wait for the peer's window, in bytes; past it a channel says no more. */
const outboxLimit = 4 * 1_048_576;
/** What waits below this lets a writer go on. */
const lowWater = 131_072;

/** One channel (RFC 4254 §5): windows both ways, and what waits in either direction. */
export class Channel {
  readonly id: number;
  readonly remote: number;
  readonly kind: string;
  readonly inbox: Inbox;
  /** Hears what is said both ways, once somebody wants to. */
  tap: ((way: 'in' | 'out', bytes: Uint8Array) => void) | undefined;
  readonly #transport: Transport;
  readonly #packet: number;
  #window: number;
  /** What the peer may still send, and what of it was read but not given back. */
  #local = 0;
  #localMax = 0;
  #consumed = 0;
  #exceeded = 0;
  #outbox: { data: Buffer; extended: boolean }[] = [];
  #outboxSize = 0;
  #drained: (() => void)[] = [];
  /** What is to be said once everything written has been sent. */
  #after: (() => void) | undefined;
  /** Something was written. */
  wrote = false;
  sentEof = false;
  sentClose = false;
  gotEof = false;

  constructor(
    transport: Transport,
    ids: { id: number; remote: number },
    kind: string,
    limits: { window: number; packet: number },
  ) {
    this.#transport = transport;
    this.id = ids.id;
    this.remote = ids.remote;
    this.kind = kind;
    this.#window = limits.window;
    // A peer that takes packets of nothing would never get anything.
    this.#packet = Math.max(1, Math.min(limits.packet, packetMax));
    this.inbox = new Inbox((size) => this.#taken(size));
  }

  /** Lets the peer send this much. OpenSSH opens a session's window only once something runs in it. */
  grant(window: number): void {
    this.#localMax = window;
    this.#local += window;
    this.#transport.send(message(Message.channelWindowAdjust, uint32(this.remote), uint32(window)));
  }

  /** The window that was granted in the confirmation already. */
  granted(window: number): void {
    this.#localMax = window;
    this.#local = window;
  }

  /** Data from the peer. False where it ignores the window: then the connection is to end. */
  receive(data: Buffer): boolean {
    // Nothing was granted yet: what comes is for nobody.
    if (this.gotEof || this.sentClose || this.#localMax === 0) return true;
    if (data.length > this.#local) {
      this.#exceeded += data.length - this.#local;
      this.#local = 0;
      // Ten per cent are forgiven.
      if (this.#exceeded > this.#localMax / 10) return false;
    } else this.#local -= data.length;
    this.tap?.('in', data);
    this.inbox.push(data);
    return true;
  }

  adjust(size: number): void {
    this.#window = Math.min(this.#window + size, 0xffffffff);
    this.#pump();
  }

  write(data: Buffer | string, extended = false): void {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    if (bytes.length === 0 || this.sentEof || this.sentClose || this.#after) return;
    if (this.#outboxSize + bytes.length > outboxLimit) return;
    this.wrote = true;
    this.tap?.('out', bytes);
    this.#outbox.push({ data: bytes, extended });
    this.#outboxSize += bytes.length;
    this.#pump();
  }

  /** Resolves when there is room for more output, or no sense in any. */
  async room(): Promise<void> {
    if (this.#outboxSize <= lowWater || this.sentClose) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  /** Calls back once all that was written has left. */
  afterOutput(act: () => void): void {
    this.#after = act;
    this.#pump();
  }

  request(name: string, ...parts: Buffer[]): void {
    if (this.sentClose) return;
    this.#transport.send(message(Message.channelRequest, uint32(this.remote), name, false, ...parts));
  }

  eof(): void {
    if (this.sentEof || this.sentClose) return;
    this.sentEof = true;
    this.#transport.send(message(Message.channelEof, uint32(this.remote)));
  }

  close(): void {
    if (this.sentClose) return;
    this.sentClose = true;
    this.#transport.send(message(Message.channelClose, uint32(this.remote)));
    this.abandon();
  }

  /** The peer or the connection has gone: nobody waits any more. */
  abandon(): void {
    this.sentClose = true;
    this.#outbox = [];
    this.#outboxSize = 0;
    this.inbox.end();
    this.#wake();
    const after = this.#after;
    this.#after = undefined;
    after?.();
  }

  #taken(size: number): void {
    this.#consumed += size;
    const missing = this.#localMax - this.#local;
    const due = missing > 3 * packetMax || this.#local < this.#localMax / 2;
    if (!due || this.#consumed === 0 || this.gotEof || this.sentClose) return;
    this.#transport.send(message(Message.channelWindowAdjust, uint32(this.remote), uint32(this.#consumed)));
    this.#local += this.#consumed;
    this.#consumed = 0;
  }

  #pump(): void {
    while (this.#outbox.length && this.#window > 0) {
      const first = this.#outbox[0]!;
      const size = Math.min(first.data.length, this.#window, this.#packet);
      const piece = string(first.data.subarray(0, size));
      this.#transport.send(
        first.extended
          ? message(Message.channelExtendedData, uint32(this.remote), uint32(1), piece)
          : message(Message.channelData, uint32(this.remote), piece),
      );
      this.#window -= size;
      this.#outboxSize -= size;
      if (size === first.data.length) this.#outbox.shift();
      else first.data = first.data.subarray(size);
    }
    if (this.#outboxSize <= lowWater) this.#wake();
    if (this.#outbox.length === 0 && this.#after) {
      const after = this.#after;
      this.#after = undefined;
      after();
    }
  }

  #wake(): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const wake of waiting) wake();
  }
}
