import { createHash } from 'node:crypto';
import { Fault } from '../../kit/fault.ts';

/** First bytes of every model file, and the version of the layout after them. */
const magic = Buffer.from('CALTROPM');
const layoutVersion = 1;
/** Bytes of a file, sections in it, and characters of a section's name, at most. */
export const modelFileLimits = { bytes: 64 * 1024 * 1024, sections: 64, name: 64 };
const checksumBytes = 32;

/** Named runs of bytes: what a model file holds. */
export type Sections = ReadonlyMap<string, Uint8Array>;

/**
 * A model as bytes: magic, layout version, kind and version of the model, number of sections; then each section (length of the name, name,
 * length, bytes), lengths as 32 bits little end first; last the SHA-256 of all before it. The same sections give the same bytes.
 */
export function writeModelFile(kind: string, version: number, sections: Sections): Buffer {
  const parts: Buffer[] = [magic, words(layoutVersion), text(kind), words(version, sections.size)];
  for (const [name, bytes] of sections) parts.push(text(name), words(bytes.length), Buffer.from(bytes));
  const body = Buffer.concat(parts);
  if (body.length + checksumBytes > modelFileLimits.bytes)
    throw new Fault('too-large', `A model file holds ${modelFileLimits.bytes} bytes at most.`);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/**
 * The sections of a model file. Throws a `Fault` (`invalid`, `too-large`) for what is not a model of this kind and version, is cut short,
 * runs on, or has other bytes than were written. The checksum tells of damage, not of malice: a model is trusted as its file is.
 */
export function readModelFile(bytes: Uint8Array, kind: string, version: number): Map<string, Uint8Array> {
  if (bytes.length > modelFileLimits.bytes)
    throw new Fault('too-large', `A model file holds ${modelFileLimits.bytes} bytes at most.`);
  const end = bytes.length - checksumBytes;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (end < magic.length || !file.subarray(0, magic.length).equals(magic)) throw wrong('it is no model file');
  const sum = createHash('sha256').update(file.subarray(0, end)).digest();
  if (!sum.equals(file.subarray(end))) throw wrong('its checksum does not fit its bytes');
  let at = magic.length;
  const take = (count: number): Buffer => {
    if (count > end - at) throw wrong('it is cut short');
    at += count;
    return file.subarray(at - count, at);
  };
  const word = () => take(4).readUInt32LE();
  const name = (): string => {
    const length = word();
    if (length > modelFileLimits.name) throw wrong('a name in it is too long');
    return take(length).toString('utf8');
  };
  if (word() !== layoutVersion) throw wrong('its layout is of another version');
  const found = name();
  if (found !== kind) throw wrong(`it is a model of another kind (${JSON.stringify(found)}, not ${kind})`);
  const foundVersion = word();
  if (foundVersion !== version) throw wrong(`it is version ${foundVersion}, not ${version}`);
  const count = word();
  if (count > modelFileLimits.sections) throw wrong('it has too many sections');
  const sections = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const section = name();
    if (sections.has(section)) throw wrong(`it has ${JSON.stringify(section)} twice`);
    sections.set(section, take(word()));
  }
  if (at !== end) throw wrong('it has bytes after its last section');
  return sections;
}

/** A section that must be there. */
export function sectionOf(sections: Sections, name: string): Uint8Array {
  const bytes = sections.get(name);
  if (!bytes) throw wrong(`it has no section ${JSON.stringify(name)}`);
  return bytes;
}

/** What is said of a model file that cannot be used. */
export function wrong(why: string): Fault {
  return new Fault('invalid', `The model file cannot be used: ${why}.`);
}

function words(...values: number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    out.writeUInt32LE(value, 4 * i);
  });
  return out;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length > modelFileLimits.name) throw new RangeError(`${value} is too long a name`);
  return Buffer.concat([words(bytes.length), bytes]);
}
