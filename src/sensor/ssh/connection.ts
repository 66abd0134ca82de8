import type { Wire } from '../emulator.ts';
import { Channel, dropbearPacketMax, dropbearWindow, packetMax } from './channel/channel.ts';
import { Forward, readForward } from './channel/forward.ts';
import { Session } from './channel/session.ts';
import { Malformed, message, type Reader, uint32 } from './data.ts';
import type { Guest } from './guest.ts';
import { announcement, type HostKey, type HostKeys, prove } from './host-keys.ts';
import { Message, Reason } from './message.ts';
import type { Transport } from './transport.ts';

/** MaxSessions of sshd_config, and how many forwarded connections may be open beside. */
const sessionsMax = 10;
const channelsMax = 64;
/** Channels of one connection over its life, and reverse forwards that are kept. */
const channelsEver = 4_096;
const listeningMax = 64;
/** CHAN_TCP_WINDOW_DEFAULT of OpenSSH. */
const forwardWindow = 2_097_152;

/** The connection protocol (RFC 4254): channels, and what is asked of the connection as a whole. */
export class Connection {
  readonly #wire: Wire;
  readonly #transport: Transport;
  readonly #keys: HostKeys;
  /** What the client was told of. */
  #announced: readonly HostKey[] = [];
  readonly #guest: Guest;
  readonly #channels = new Map<number, Channel>();
  readonly #sessions = new Map<Channel, Session>();
  readonly #running = new Set<Promise<void>>();
  readonly #openssh: boolean;
  #opened = 0;
  #noMoreSessions = false;
  #failure: { error: unknown } | undefined;
  #nextPort = 0;
  /** Where the client believes that we listen. */
  readonly #listening = new Set<string>();

  constructor(guest: Guest, keys: HostKeys) {
    this.#guest = guest;
    this.#wire = guest.wire;
    this.#transport = guest.transport;
    this.#keys = keys;
    this.#openssh = guest.transport.product.family === 'openssh';
  }

  /** Serves until the client goes. What still runs then runs to its end, unheard. Throws what a program throws. */
  async run(): Promise<void> {
    const transport = this.#transport;
    if (this.#openssh) await this.#announce();
    try {
      for (let body = await transport.next(); body; body = await transport.next()) {
        this.#handle(body.bytes[0]!, body);
        if (this.#failure) break;
      }
    } catch (error) {
      if (!(error instanceof Malformed)) this.#failure ??= { error };
    }
    transport.close();
    this.#guest.nap.end();
    for (const channel of this.#channels.values()) {
      channel.abandon();
      this.#sessions.get(channel)?.hangUp();
    }
    await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
  }

  async #announce(): Promise<void> {
    // In the order of the configuration, each key once.
    const keys = await Promise.all(
      ['rsa-sha2-512', 'ecdsa-sha2-nistp256', 'ssh-ed25519'].map((name) => this.#keys.of(name)),
    );
    this.#announced = keys;
    this.#transport.send(announcement(Message.globalRequest, keys));
  }

  #handle(type: number, body: Reader): void {
    switch (type) {
      case Message.globalRequest:
        this.#global(body);
        return;
      case Message.channelOpen:
        this.#open(body);
        return;
      case Message.channelRequest:
        this.#request(body);
        return;
      case Message.channelData:
        this.#data(body, 'data');
        return;
      case Message.channelExtendedData:
        // Nothing here takes extended data from a client; OpenSSH drops it too.
        this.#find(body.uint32(), 'extended data');
        return;
      case Message.channelWindowAdjust:
        this.#adjust(body.uint32(), body.uint32());
        return;
      case Message.channelEof:
        this.#eof(body.uint32());
        return;
      case Message.channelClose:
        this.#close(body.uint32());
        return;
      case Message.channelOpenConfirmation:
        // We open no channels, so none can be confirmed or refused.
        this.#find(body.uint32(), 'open confirmation');
        return;
      case Message.channelOpenFailure:
        this.#find(body.uint32(), 'open failure');
        return;
      case Message.userauthRequest:
        if (this.#openssh) this.#transport.unimplemented();
        return;
      case Message.requestSuccess:
      case Message.requestFailure:
      case Message.channelSuccess:
      case Message.channelFailure:
        return;
      default:
        this.#transport.unimplemented();
    }
  }

  /** The channel of a number; without one the connection ends, as OpenSSH does it. */
  #find(id: number, what: string): Channel | undefined {
    const channel = this.#channels.get(id);
    if (channel) return channel;
    this.#transport.violation(`${what} packet referred to nonexistent channel ${id}`);
    return undefined;
  }

  #adjust(id: number, size: number): void {
    const channel = this.#channels.get(id);
    if (channel) channel.adjust(size);
    else if (!this.#openssh) this.#transport.close();
  }

  #data(body: Reader, what: string): void {
    const channel = this.#find(body.uint32(), what);
    if (!channel || channel.receive(body.string())) return;
    this.#transport.disconnect(Reason.protocolError, `channel ${channel.id}: peer ignored channel window`);
  }

  #eof(id: number): void {
    const channel = this.#find(id, 'ieof');
    if (!channel) return;
    channel.gotEof = true;
    channel.inbox.end();
    // Dropbear has nothing more to do with a session that runs nothing and hears nothing.
    if (!this.#openssh && this.#sessions.get(channel)?.started === false) {
      channel.eof();
      channel.close();
    }
  }

  #close(id: number): void {
    const channel = this.#find(id, 'oclose');
    if (!channel) return;
    channel.close();
    channel.abandon();
    this.#sessions.get(channel)?.hangUp();
    this.#sessions.delete(channel);
    this.#channels.delete(id);
  }

  #open(body: Reader): void {
    const kind = body.text();
    const remote = body.uint32();
    const limits = { window: body.uint32(), packet: body.uint32() };
    const full = this.#channels.size >= channelsMax || ++this.#opened > channelsEver;
    if (kind === 'session' && this.#noMoreSessions) {
      const text = 'Possible attack: attempt to open a session after additional sessions disabled';
      this.#transport.disconnect(Reason.protocolError, text);
      return;
    }
    if (kind === 'session' && !full && (!this.#openssh || this.#sessions.size < sessionsMax)) {
      const channel = this.#accept(kind, remote, limits, this.#openssh ? 0 : dropbearWindow);
      this.#sessions.set(channel, new Session(this.#guest, channel));
    } else if (kind === 'direct-tcpip' && !full) {
      const target = readForward(body);
      this.#wire.emit({
        kind: 'forward',
        host: target.host,
        port: target.port,
        detail: { origin: target.origin },
      });
      const channel = this.#accept(kind, remote, limits, forwardWindow);
      this.#start(new Forward(this.#guest, channel, target).run());
    } else {
      // RFC 4254 §5.1: 2 is "connect failed", 3 "unknown channel type".
      const reason = this.#openssh || kind === 'session' ? 2 : 3;
      const text = this.#openssh ? 'open failed' : '';
      this.#transport.send(message(Message.channelOpenFailure, uint32(remote), uint32(reason), text, ''));
    }
  }

  #accept(kind: string, remote: number, limits: { window: number; packet: number }, window: number): Channel {
    let id = 0;
    while (this.#channels.has(id)) id++;
    const channel = new Channel(this.#transport, { id, remote }, kind, limits);
    this.#channels.set(id, channel);
    channel.granted(window);
    const numbers = [remote, id, window, this.#openssh ? packetMax : dropbearPacketMax].map(uint32);
    this.#transport.send(message(Message.channelOpenConfirmation, ...numbers));
    return channel;
  }

  #request(body: Reader): void {
    const id = body.uint32();
    const name = body.text();
    const wantReply = body.boolean();
    const channel = this.#channels.get(id);
    // Dropbear does not answer on a channel that it has closed, and does not expect to be asked after EOF.
    const closed = channel?.sentClose === true && !this.#openssh;
    if (closed && !channel.gotEof) return;
    if (!channel || closed) {
      this.#transport.violation(`server_input_channel_req: unknown channel ${id}`);
      return;
    }
    const session = this.#sessions.get(channel);
    const run = session?.request(name, body);
    if (wantReply && !channel.sentClose) {
      const type = run ? Message.channelSuccess : Message.channelFailure;
      this.#transport.send(message(type, uint32(channel.remote)));
    }
    if (typeof run === 'function') this.#start(run());
  }

  #start(work: Promise<void>): void {
    const running = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#transport.close();
        // The pump waits for the peer: a deadline in the past ends that.
        this.#wire.deadline(0);
      })
      .then(() => void this.#running.delete(running));
    this.#running.add(running);
  }

  #global(body: Reader): void {
    const name = body.text();
    const wantReply = body.boolean();
    const answer = this.#answerGlobal(name, body);
    if (wantReply) this.#transport.send(answer ?? message(Message.requestFailure));
  }

  #answerGlobal(name: string, body: Reader): Buffer | undefined {
    const success = (...parts: Buffer[]) => message(Message.requestSuccess, ...parts);
    switch (name) {
      case 'no-more-sessions@openssh.com':
        this.#noMoreSessions = this.#openssh;
        return this.#openssh ? success() : undefined;
      case 'tcpip-forward': {
        const host = body.text();
        const port = body.uint32();
        if (port > 65_535) return undefined;
        this.#wire.emit({ kind: 'forward', host, port, detail: { reverse: true } });
        if (this.#listening.size >= listeningMax) return undefined;
        this.#nextPort ||= 32_768 + Math.floor(this.#wire.random() * 28_000);
        const taken = port || this.#nextPort++;
        this.#listening.add(`${host.slice(0, 256)}:${taken}`);
        return port === 0 || !this.#openssh ? success(uint32(taken)) : success();
      }
      case 'cancel-tcpip-forward': {
        const place = `${body.text().slice(0, 256)}:${body.uint32()}`;
        return this.#listening.delete(place) ? success() : undefined;
      }
      case 'hostkeys-prove-00@openssh.com': {
        const { sessionId: id, hostKeyAlgorithm: algorithm } = this.#transport;
        const proofs = prove(body, this.#announced, { id, algorithm });
        return proofs && success(...proofs);
      }
      default:
        return undefined;
    }
  }
}
