import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  type JsMsg,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { type ConnectionOptions, connect, nanos } from '@nats-io/transport-node';
import { type Bus, type BusLimits, checkSubject, limits as defaults, type Topology } from './bus.ts';

/** The pauses between tries while the server is away. */
const reconnectMs = 1_000;
/** How long one request for messages stands, and how often the server says meanwhile that it does, in milliseconds. */
const listening = { expires: 10_000, idle_heartbeat: 2_000 };
/**
 * At its own limit the server acknowledges messages and then drops the oldest (nats-server issue 4771), so it is never to be reached: a
 * publisher asks how full a subject is once it has said so many messages of the largest size, and the server has room for four such publishers.
 */
const askMessages = 4;
const spareMessages = 4 * askMessages;
/** The header in which JetStream finds doubles. */
const idHeader = 'Nats-Msg-Id';

/**
 * The bus over NATS JetStream: a stream a subject, kept on the server's disk until each of its readers has acknowledged. Streams and
 * readers are made here where they are not there; one that nobody needs any more is not removed. `prefix` keeps two systems on one
 * server apart.
 */
export async function openNatsBus(
  server: ConnectionOptions,
  topology: Topology,
  options: Partial<BusLimits> & { prefix?: string } = {},
): Promise<Bus> {
  const { prefix = 'caltrop', ...rest } = options;
  const limits = { ...defaults, ...rest };
  const connection = await connect({
    ...server,
    name: prefix,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectMs,
    ignoreAuthErrorAbort: true,
  });
  const manager = await jetstreamManager(connection);
  const client = jetstream(connection);
  const streamOf = (subject: string) => `${prefix}-${subject.replaceAll('.', '_')}`;
  for (const [subject, readers] of Object.entries(topology)) {
    checkSubject(subject, topology);
    const stream = streamOf(subject);
    const settings = {
      subjects: [`${prefix}.${subject}`],
      max_bytes: limits.subjectBytes + spareMessages * limits.maxMessage,
      max_msg_size: limits.maxMessage + 4_096,
      duplicate_window: nanos(limits.dedupeMs),
    };
    const known = await manager.streams.info(stream).catch(() => null);
    if (known) await manager.streams.update(stream, settings);
    else
      await manager.streams.add({
        name: stream,
        ...settings,
        retention: RetentionPolicy.Interest,
        discard: DiscardPolicy.New,
        storage: StorageType.File,
      });
    for (const reader of readers)
      await manager.consumers.add(stream, {
        durable_name: reader,
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(limits.handleMs),
        deliver_policy: DeliverPolicy.All,
        // One at a time: order outlives failures.
        max_ack_pending: 1,
      });
  }
  const stops: (() => Promise<void>)[] = [];
  /** What a subject held when it was asked for last, and what we have said since. */
  const fill = new Map<string, { held: number; said: number }>();

  /** Throws where a message does not fit any more. */
  async function claim(subject: string, size: number): Promise<void> {
    const at = fill.get(subject) ?? { held: Number.POSITIVE_INFINITY, said: 0 };
    fill.set(subject, at);
    const fits = () => at.held + at.said + size <= limits.subjectBytes;
    if (!fits() || at.said + size > askMessages * limits.maxMessage) {
      const { state } = await manager.streams.info(streamOf(subject));
      at.held = state.bytes;
      at.said = 0;
    }
    if (!fits()) throw new Error(`${subject} is full`);
    at.said += size;
  }

  return {
    async publish(subject, id, data) {
      if (checkSubject(subject, topology).length === 0) return;
      if (data.length > limits.maxMessage) throw new Error(`a message of ${data.length} bytes is too long`);
      await claim(subject, data.length);
      await client.publish(`${prefix}.${subject}`, data, { msgID: id });
    },

    async subscribe(subject, reader, handle) {
      if (!checkSubject(subject, topology).includes(reader))
        throw new Error(`${subject} has no reader ${reader}`);
      const consumer = await client.consumers.get(streamOf(subject), reader);
      // A server that was started anew knows nothing of what was asked of the one before: silence tells.
      const messages = await consumer.consume({ max_messages: 1, ...listening });
      const work = (async () => {
        for await (const message of messages) await deliver(message, handle, limits);
      })();
      const stop = async () => {
        await messages.close();
        await work;
      };
      stops.push(stop);
      return { stop };
    },

    async close() {
      await Promise.all(stops.map((stop) => stop()));
      await connection.drain();
    },
  };
}

async function deliver(
  message: JsMsg,
  handle: Parameters<Bus['subscribe']>[2],
  limits: BusLimits,
): Promise<void> {
  const alive = setInterval(() => message.working(), limits.handleMs / 3);
  try {
    await handle({
      id: message.headers?.get(idHeader) ?? '',
      data: message.data,
      again: message.redelivered,
    });
    await message.ackAck();
  } catch {
    message.nak(limits.retryMs);
  } finally {
    clearInterval(alive);
  }
}
