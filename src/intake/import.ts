import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Fault } from '../kit/fault.ts';
import { detectFormat } from './detect-format.ts';
import { Feed } from './feed.ts';
import type { Intake } from './intake.ts';
import { type AnyReader, isBinary } from './reader.ts';
import { readers } from './readers/index.ts';
import type { Rejects } from './rejects.ts';
import { type Shard, sharder } from './shard.ts';

export interface ImportFile {
  path: string;
  /** The reader to use, or none for the one that fits the first lines. */
  reader?: AnyReader;
  /** What the file is called in events and ids; its base name where not given. */
  source?: string;
}

export interface ImportResult {
  format: string;
  source: string;
  /** Or frames, of a binary log. */
  lines: number;
  events: number;
  /** Lines that are well-formed but hold no event. */
  silent: number;
  rejected: number;
}

export interface ImportHooks {
  now: number;
  rejects: Rejects;
  /** Where several workers read the file: which sources are ours. Formats that do not name theirs are read by the first alone. */
  shard?: Shard;
  /** Called after each chunk with the bytes of the file read so far. Waits as long as the next stages need. */
  progress(bytes: number, lines: number): Promise<void>;
}

const chunkBytes = 1024 * 1024;
/** Lines looked at for the format, and the bytes in which they must stand. */
const sniffLines = 50;
/** What a compressed line may grow to in all: a bomb is stopped here. */
const unpackLimit = 256 * 1024 ** 3;

/** Reads one log file, plain or gzipped, through the intake. Ids depend on its source name and its lines alone. */
export async function importFile(
  file: ImportFile,
  intake: Intake,
  hooks: ImportHooks,
): Promise<ImportResult> {
  const source = (file.source ?? basename(file.path).replace(/\.gz$/, '')).slice(0, 64);
  const before = { events: intake.events, rejected: hooks.rejects.count };
  const { shard } = hooks;
  const { stream, consumed, written } = openFile(file.path);
  let feed: Feed | undefined;
  let format = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (!feed) {
      const reader = file.reader ?? sniff(chunk, file.path);
      format = reader.name;
      const field = isBinary(reader) ? undefined : reader.sourceField;
      // What does not name its source is read by the first of several alone.
      if (shard && shard.count > 1 && field === undefined && shard.index > 0) break;
      feed = new Feed({
        ...{ reader, source, intake, written },
        rejects: hooks.rejects,
        now: () => hooks.now,
        ...(shard &&
          shard.count > 1 &&
          field !== undefined && { mine: { piece: sharder(field, shard), first: shard.index === 0 } }),
      });
    }
    feed.bytes(chunk);
    await hooks.progress(consumed(), feed.pieces);
  }
  stream.destroy();
  feed?.end();
  return {
    format,
    source,
    lines: feed?.pieces ?? 0,
    events: intake.events - before.events,
    silent: feed?.silent ?? 0,
    rejected: hooks.rejects.count - before.rejected,
  };
}

function sniff(chunk: Buffer, path: string): AnyReader {
  const binary = readers.find((reader) => isBinary(reader) && reader.begins(chunk));
  if (binary) return binary;
  const lines = chunk.toString('utf8', 0, chunkBytes).split(/\r?\n/, sniffLines + 1);
  const reader = detectFormat(lines.slice(0, sniffLines));
  if (!reader) {
    throw new Fault('invalid', `The format of ${basename(path)} was not recognised.`, {
      remedies: [{ path, expected: 'lines of a known format', remedy: 'Name it with --format.' }],
    });
  }
  return reader;
}

function openFile(path: string): { stream: Readable; consumed: () => number; written: number } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new Fault('not-found', `${path} is no file.`);
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const consumed = () => file.bytesRead;
  const written = Math.round(stat.mtimeMs);
  if (!path.endsWith('.gz')) return { stream: file, consumed, written };
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  let size = 0;
  unpacked.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > unpackLimit)
      unpacked.destroy(new Fault('too-large', `${basename(path)} unpacks to too much.`));
  });
  unpacked.pause();
  file.on('error', (error) => unpacked.destroy(error));
  file.pipe(unpacked);
  return { stream: unpacked, consumed, written };
}
