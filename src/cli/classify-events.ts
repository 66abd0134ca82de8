import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { detectFormat } from '../intake/detect-format.ts';
import { Identity } from '../intake/identity.ts';
import { complete } from '../intake/intake.ts';
import { LineCutter } from '../intake/lines.ts';
import { type Reader, Reject } from '../intake/reader.ts';
import { lineReaders } from '../intake/readers/index.ts';
import { Fault } from '../kit/fault.ts';
import type { Event } from '../model/event.ts';

/** What was read of one file. */
export interface ReadCounts {
  format: string;
  lines: number;
  events: number;
  rejected: number;
}

const chunkBytes = 1024 * 1024;
/** What a compressed file may unpack to. */
const unpackLimit = 256 * 1024 ** 3;

/** The reader of a name, or none for `auto`. */
export function readerNamed(format: string | undefined): Reader | undefined {
  if (format === undefined || format === 'auto') return undefined;
  const reader = lineReaders.find(({ name }) => name === format);
  if (!reader) {
    const names = lineReaders.map(({ name }) => name).join(', ');
    throw new Fault('usage', '', { remedies: [{ path: '--format', expected: `auto, ${names}` }] });
  }
  return reader;
}

/** The bytes of a file, plain or gzipped; those of the standard input for `-`. */
export async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  if (path === '-') {
    yield* process.stdin as AsyncIterable<Buffer>;
    return;
  }
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new Fault('not-found', `${path} is no file.`);
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  if (!path.endsWith('.gz')) {
    yield* file as AsyncIterable<Buffer>;
    return;
  }
  let size = 0;
  const unpacked = file.pipe(createGunzip({ chunkSize: chunkBytes }));
  file.on('error', (error) => unpacked.destroy(error));
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > unpackLimit) throw new Fault('too-large', `${basename(path)} unpacks to too much.`);
    yield chunk;
  }
}

/** Reads the events of a log, in its order; nothing is stored. Lines that are refused are counted. */
export async function readEvents(
  name: string,
  bytes: AsyncIterable<Buffer>,
  given: Reader | undefined,
  now: number,
  each: (event: Event) => void,
): Promise<ReadCounts> {
  const source = basename(name).replace(/\.gz$/, '').slice(0, 64);
  const identity = new Identity(source);
  const cutter = new LineCutter();
  const counts: ReadCounts = { format: given?.name ?? '', lines: 0, events: 0, rejected: 0 };
  let read: ReturnType<Reader['start']> | undefined = given?.start({ source, now: () => now });
  const line = (buffer: Buffer, from: number, to: number) => {
    counts.lines++;
    if (from === to) return;
    try {
      const reading = read!(buffer.toString('utf8', from, to));
      if (reading === null) return;
      identity.line(buffer, from, to);
      for (const [index, one] of (Array.isArray(reading) ? reading : [reading]).entries()) {
        identity.name(one.time, index);
        each(complete(one, identity.text(), now, source));
        counts.events++;
      }
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      counts.rejected++;
    }
  };
  const tooLong = () => {
    counts.lines++;
    counts.rejected++;
  };
  for await (const chunk of bytes) {
    if (!read) {
      const reader = detectFormat(chunk.toString('utf8', 0, chunkBytes).split(/\r?\n/, 50));
      if (!reader) {
        throw new Fault('invalid', `The format of ${basename(name)} was not recognised.`, {
          remedies: [{ path: name, expected: 'lines of a known format', remedy: 'Name it with --format.' }],
        });
      }
      counts.format = reader.name;
      read = reader.start({ source, now: () => now });
    }
    cutter.cut(chunk, line, tooLong);
  }
  if (read) cutter.end(line);
  return counts;
}
