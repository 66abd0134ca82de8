import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Fault } from '../kit/fault.ts';
import { detectFormat } from './detect-format.ts';
import { Identity } from './identity.ts';
import { complete, type Intake } from './intake.ts';
import { LineCutter } from './lines.ts';
import { type Reader, type Reading, Reject } from './reader.ts';
import type { Rejects } from './rejects.ts';
import { type Shard, sharder } from './shard.ts';

export interface ImportFile {
  path: string;
  /** The reader to use, or none for the one that fits the first lines. */
  reader?: Reader;
  /** What the file is called in events and ids; its base name where not given. */
  source?: string;
}

export interface ImportResult {
  format: string;
  source: string;
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
  const identity = new Identity(source);
  const cutter = new LineCutter();
  const before = { events: intake.events, rejected: hooks.rejects.count };
  let lines = 0;
  let silent = 0;
  let read: ReturnType<Reader['start']> | undefined;
  let format = '';
  const { shard } = hooks;
  let mine: ((bytes: Buffer, from: number, to: number) => boolean) | null = null;

  const refuse = (reason: string, text: string) => hooks.rejects.add(source, lines, reason, text);
  const take = (reading: Reading, index: number, bytes: Buffer, from: number, to: number) => {
    identity.name(reading.time, index);
    intake.take(complete(reading, '', hooks.now, source), { id: identity, bytes, from, to });
  };
  const each = (bytes: Buffer, from: number, to: number) => {
    lines++;
    if (mine && !mine(bytes, from, to)) return;
    if (from === to) {
      silent++;
      return;
    }
    try {
      const reading = read!(bytes.toString('utf8', from, to));
      if (reading === null) {
        silent++;
        return;
      }
      identity.line(bytes, from, to);
      if (!Array.isArray(reading)) take(reading, 0, bytes, from, to);
      else for (let i = 0; i < reading.length; i++) take(reading[i]!, i, bytes, from, to);
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      refuse(error.message, bytes.toString('latin1', from, to));
    }
  };
  const tooLong = () => {
    lines++;
    if (shard && shard.index > 0) return;
    refuse('the line is over its limit', '');
  };

  const { stream, consumed } = openFile(file.path);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (!read) {
      const reader = file.reader ?? sniff(chunk, file.path);
      format = reader.name;
      read = reader.start({ source, now: hooks.now });
      if (shard && shard.count > 1) {
        if (reader.sourceField) mine = sharder(reader.sourceField, shard);
        else if (shard.index > 0) break;
      }
    }
    cutter.cut(chunk, each, tooLong);
    await hooks.progress(consumed(), lines);
  }
  stream.destroy();
  if (read) cutter.end(each);
  return {
    format,
    source,
    lines,
    events: intake.events - before.events,
    silent,
    rejected: hooks.rejects.count - before.rejected,
  };
}

function sniff(chunk: Buffer, path: string): Reader {
  const lines = chunk.toString('utf8', 0, chunkBytes).split(/\r?\n/, sniffLines + 1);
  const reader = detectFormat(lines.slice(0, sniffLines));
  if (!reader) {
    throw new Fault('invalid', `The format of ${basename(path)} was not recognised.`, {
      remedies: [{ path, expected: 'lines of a known format', remedy: 'Name it with --format.' }],
    });
  }
  return reader;
}

function openFile(path: string): { stream: Readable; consumed: () => number } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new Fault('not-found', `${path} is no file.`);
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const consumed = () => file.bytesRead;
  if (!path.endsWith('.gz')) return { stream: file, consumed };
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
  return { stream: unpacked, consumed };
}
