/** One message, as its reader gets it. */
export interface Message {
  /** What the publisher called it. */
  id: string;
  data: Uint8Array;
  /** True where it may have been handled before: the last try ended without a result. */
  again: boolean;
}

export interface Subscription {
  /** Takes no more; resolves once what is being handled is done. */
  stop(): Promise<void>;
}

/**
 * How stages on several machines reach each other: subjects, each with its readers named from the start. A message waits until every
 * reader of its subject has handled it. Delivery is at least once, in order for each reader; what is published twice under one id within
 * `dedupeMs` counts once. Where a subject is full, publishing fails, so that whoever publishes keeps what it has.
 */
export interface Bus {
  /** Resolves once the message is kept. At most `maxMessage` bytes. */
  publish(subject: string, id: string, data: Uint8Array): Promise<void>;
  /**
   * Handles messages one at a time, as a reader that the subject has. A handler that throws gets the message again, after a pause.
   * A reader has one subscription at a time.
   */
  subscribe(
    subject: string,
    reader: string,
    handle: (message: Message) => Promise<void>,
  ): Promise<Subscription>;
  close(): Promise<void>;
}

/** The readers of each subject. */
export type Topology = Readonly<Record<string, readonly string[]>>;

export const limits = {
  /** Bytes of one message: below what a NATS server takes by default (1 MiB with its headers). */
  maxMessage: 900 * 1024,
  /** Bytes that wait in one subject. */
  subjectBytes: 1024 ** 3,
  dedupeMs: 120_000,
  /** How long a handler may take, and the pause before a message is given again. */
  handleMs: 60_000,
  retryMs: 500,
};
export type BusLimits = typeof limits;

/** Subjects and readers are words of letters, digits and dashes; a subject may have several, with dots between. */
export function checkSubject(subject: string, topology: Topology): readonly string[] {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(subject)) throw new Error(`${subject} is no subject`);
  const readers = topology[subject];
  if (!readers) throw new Error(`there is no subject ${subject}`);
  return readers;
}
