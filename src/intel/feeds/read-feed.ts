import { gunzipSync } from 'node:zlib';
import { type EntryType, type FeedEntry, type FeedFormat, FeedProblem, type Refusal } from './format.ts';
import { formats } from './formats/index.ts';
import { feedLimits } from './limits.ts';

/** What of a file is shown to tell its format. */
const headChars = 65_536;

export interface ReadOptions {
  /** A format's name, or `auto`. */
  format: string;
  /** For CSV. */
  column?: string | undefined;
  /** The clock, in milliseconds since the epoch. */
  now: number;
}

/** The entries of one feed, each value once, and counts of what was read, which are whole once all entries have been taken. */
export class FeedReading implements Iterable<FeedEntry> {
  readonly format: FeedFormat;
  readonly #text: string;
  readonly #options: ReadOptions;
  readonly counts: Partial<Record<EntryType, number>> = {};
  readonly refused: Partial<Record<Refusal, number>> = {};
  entries = 0;

  constructor(text: string, options: ReadOptions) {
    this.#text = text;
    this.#options = options;
    const named = formats.find(({ name }) => name === options.format);
    if (!named && options.format !== 'auto') throw new TypeError(`there is no format ${options.format}`);
    const format = named ?? detect(text.slice(0, headChars));
    if (!format) throw new FeedProblem('its format is not known');
    this.format = format;
  }

  /** How many parts were refused, but for repetitions. */
  get rejected(): number {
    return Object.values(this.refused).reduce((sum, n) => sum + n, 0) - (this.refused['named before'] ?? 0);
  }

  *[Symbol.iterator](): Generator<FeedEntry> {
    const { column, now } = this.#options;
    const seen = new Set<string>();
    for (const found of this.format.read(this.#text, { now, ...(column !== undefined && { column }) })) {
      if ('refused' in found) {
        this.#refuse(found.refused);
        continue;
      }
      const key = `${found.type} ${found.value}`;
      if (seen.has(key)) {
        this.#refuse('named before');
        continue;
      }
      if (this.entries >= feedLimits.entries) {
        this.#refuse('over the limit of entries');
        continue;
      }
      seen.add(key);
      this.entries++;
      this.counts[found.type] = (this.counts[found.type] ?? 0) + 1;
      yield found;
    }
  }

  #refuse(reason: Refusal): void {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
  }
}

/** Opens a feed's bytes, packed with gzip or not. Throws `FeedProblem` where it is over a limit or of no known format. */
export function readFeed(bytes: Uint8Array, options: ReadOptions): FeedReading {
  return new FeedReading(textOf(bytes), options);
}

/** The text of a feed's bytes. Throws `FeedProblem` where they are too many, or packed badly. */
export function textOf(bytes: Uint8Array): string {
  const plain =
    bytes[0] === 0x1f && bytes[1] === 0x8b
      ? unpack(bytes)
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (plain.length > feedLimits.bytes) throw new FeedProblem('it is too large');
  return plain.toString('utf8').replace(/^\ufeff/, '');
}

function unpack(bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: feedLimits.bytes });
  } catch (cause) {
    throw new FeedProblem('it cannot be unpacked, or is too large', { cause });
  }
}

function detect(head: string): FeedFormat | undefined {
  let best: FeedFormat | undefined;
  let most = 0.2;
  for (const format of formats) {
    const fit = format.sniff(head);
    if (fit > most) [best, most] = [format, fit];
  }
  return best;
}
