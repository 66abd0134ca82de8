import { z } from 'zod';

const KiB = 1_024;
const MiB = 1_024 * KiB;
const size = (value: number) => z.int().positive().default(value);

/** Every bound of the sensor, in one table. Sizes in bytes, times in milliseconds. */
export const limitsSchema = z.strictObject({
  /** Open connections of one source (an IPv6 source is its /64), and of the process. */
  perSource: size(32),
  sessions: size(20_000),
  /** How long a peer may stay silent from the start, between words, and be connected at all. */
  silentMs: size(120_000),
  idleMs: size(300_000),
  sessionMs: size(3_600_000),
  /** How long `connect` waits for the first words, which tell whether they may be a third party's. */
  firstWordsMs: size(1_000),
  /** How long a closed session may take to hand over its last bytes. */
  lingerMs: size(5_000),
  /** Bytes of one session each way, and what may wait unsent before the session ends. */
  received: size(64 * MiB),
  sent: size(64 * MiB),
  unsent: size(4 * MiB),
  /** Unread input at which the peer is made to wait. */
  unread: size(64 * KiB),
  line: size(64 * KiB),
  /** The longest run of bytes that an emulator may ask for at once. */
  declared: size(1 * MiB),
  /** Events of one session, and how many bytes of input one event carries with it. */
  events: size(50_000),
  raw: size(4 * KiB),
  /** What is remembered: attackers, bytes for each, bytes for all. */
  attackers: size(10_000),
  attackerBytes: size(2 * MiB),
  memoryBytes: size(64 * MiB),
  /** The spool: one file, all files, and what may wait for the disk in memory. */
  spoolFile: size(4 * MiB),
  spoolBytes: size(1_024 * MiB),
  spoolPending: size(16 * MiB),
  /** Bytes sent to the intake and not yet acknowledged. */
  window: size(8 * MiB),
  /** Payloads: one, all, how many, and what may wait for the disk in memory. */
  payload: size(32 * MiB),
  payloadBytes: size(5 * 1_024 * MiB),
  payloads: size(200_000),
  payloadPending: size(64 * MiB),
  /** Recordings of sessions: one, all, a file that they share, and what may be held in memory. */
  recording: size(8 * MiB),
  recordingBytes: size(1_024 * MiB),
  recordingReel: size(8 * MiB),
  recordingPending: size(32 * MiB),
  /** Sessions of datagrams: one source and port, until it has been silent for so long; of one source, and of the process. */
  datagramIdleMs: size(30_000),
  datagramSessionsPerSource: size(64),
  datagramSessions: size(4_096),
  /** What such a session may remember, and all of them. */
  datagramSessionBytes: size(2 * MiB),
  datagramMemoryBytes: size(32 * MiB),
  /** Answers to datagrams in a second: to one source, to all. No answer is longer than what it answers. */
  datagramAnswersPerSource: size(64),
  datagramAnswers: size(2_000),
  /** Datagrams that may still be answered, and bytes of them that wait for the sensor process. */
  datagramsOpen: size(4_096),
  datagramPending: size(4 * MiB),
});
export type Limits = z.infer<typeof limitsSchema>;

export const defaultLimits: Limits = limitsSchema.parse({});
