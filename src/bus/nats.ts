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
      max_bytes: limits.subjectBytes,
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

  return {
    async publish(subject, id, data) {
      if (checkSubject(subject, topology).length === 0) return;
      if (data.length > limits.maxMessage) throw new Error(`a message of ${data.length} bytes is too long`);
      await client.publish(`${prefix}.${subject}`, data, { msgID: id });
    },

    async subscribe(subject, reader, handle) {
      if (!checkSubject(subject, topology).includes(reader))
        throw new Error(`${subject} has no reader ${reader}`);
      const consumer = await client.consumers.get(streamOf(subject), reader);
      const messages = await consumer.consume({ max_messages: 1 });
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
