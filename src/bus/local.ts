import { setTimeout as sleep } from 'node:timers/promises';
import { Bounded } from '../kit/bounded.ts';
import {
  type Bus,
  type BusLimits,
  checkSubject,
  limits as defaults,
  type Message,
  type Topology,
} from './bus.ts';

/** Ids that are remembered: as many as come within the window at a thousand a second. */
const rememberedIds = 120_000;

interface Reader {
  queue: Message[];
  /** Told when something comes. */
  wake: (() => void) | undefined;
  subscribed: boolean;
}

/** The bus within one process: nothing of it outlives the process, and nothing needs to, for its readers end with it. */
export function openLocalBus(
  topology: Topology,
  options: Partial<BusLimits> = {},
  now = () => Date.now(),
): Bus {
  const limits = { ...defaults, ...options };
  const subjects = new Map(
    Object.entries(topology).map(([subject, names]) => [
      subject,
      {
        readers: new Map(
          names.map((name): [string, Reader] => [name, { queue: [], wake: undefined, subscribed: false }]),
        ),
        bytes: 0,
        /** How many readers have yet to handle each message. */
        owed: new Map<Message, number>(),
        seen: new Bounded<string, number>(rememberedIds),
      },
    ]),
  );
  const stops: (() => Promise<void>)[] = [];
  let closed = false;
  return {
    async publish(subject, id, data) {
      checkSubject(subject, topology);
      if (closed) throw new Error('the bus is closed');
      if (data.length > limits.maxMessage) throw new Error(`a message of ${data.length} bytes is too long`);
      const at = subjects.get(subject)!;
      const known = at.seen.get(id);
      if (known !== undefined && now() - known < limits.dedupeMs) return;
      if (at.readers.size === 0) return;
      if (at.bytes + data.length > limits.subjectBytes) throw new Error(`${subject} is full`);
      at.seen.set(id, now());
      const message: Message = { id, data: Uint8Array.from(data), again: false };
      at.bytes += data.length;
      at.owed.set(message, at.readers.size);
      for (const reader of at.readers.values()) {
        reader.queue.push(message);
        reader.wake?.();
      }
    },

    async subscribe(subject, name, handle) {
      checkSubject(subject, topology);
      const at = subjects.get(subject)!;
      const reader = at.readers.get(name);
      if (!reader) throw new Error(`${subject} has no reader ${name}`);
      if (reader.subscribed) throw new Error(`${name} reads ${subject} already`);
      reader.subscribed = true;
      let stopping = false;
      const run = async () => {
        let again = false;
        while (!stopping) {
          const [message] = reader.queue;
          if (!message) {
            await new Promise<void>((resolve) => {
              reader.wake = resolve;
            });
            continue;
          }
          try {
            await handle({ ...message, again });
            again = false;
          } catch {
            again = true;
            await sleep(limits.retryMs);
            continue;
          }
          reader.queue.shift();
          const owed = at.owed.get(message)! - 1;
          if (owed > 0) at.owed.set(message, owed);
          else {
            at.owed.delete(message);
            at.bytes -= message.data.length;
          }
        }
      };
      const done = run();
      const stop = async () => {
        stopping = true;
        reader.wake?.();
        await done;
        reader.subscribed = false;
      };
      stops.push(stop);
      return { stop };
    },

    async close() {
      closed = true;
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
