import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { z } from 'zod';
import { decodeForest, decodeIsotonic, encodeForest, encodeIsotonic } from '../learn/encode.ts';
import { gramBits } from '../learn/grams.ts';
import type { Logistic } from '../learn/logistic.ts';
import { readModelFile, sectionOf, writeModelFile, wrong } from '../learn/model-file.ts';
import { nameFeatures } from '../names/features.ts';
import { Words } from '../names/words.ts';
import { graphFeatures, graphWidth } from './graph-features.ts';
import type { Learned } from './ranker.ts';

const kind = 'graph';
const version = 1;

/** Bytes of the labelled names of a model once unpacked, and forests in it, at most. */
export const rankerFileLimits = { seeds: 256 * 1024 * 1024, forests: 64 };

/** A name that a ranker was taught with: 1 bad, -1 good, and what its letters said to those that had not seen its label. */
export interface Seed {
  name: string;
  label: 1 | -1;
  lexical: number;
}

/** A ranker without the graph that it was taught in. */
export interface RankerModel {
  learned: Learned;
  /** What is known of names: neighbours are judged by it. By name. */
  seeds: readonly Seed[];
  words: Words;
  bits: number;
}

const metaSchema = z.strictObject({
  graph: z.array(z.string().max(64)).max(256),
  names: z.array(z.string().max(64)).max(256),
  bits: z.int().min(gramBits.least).max(gramBits.most),
  bias: z.number(),
  base: z.number().min(0).max(1),
  forests: z.int().positive().max(rankerFileLimits.forests),
});

/** A ranker as bytes. The same ranker gives the same bytes. Weights are kept whole: what is read back scores as what was written. */
export function encodeRanker(
  { names, forests, calibration, nameCalibration, base }: Learned,
  seeds: readonly Seed[],
  words: Uint8Array,
): Buffer {
  const { weights, bias } = names.ngrams;
  const meta: z.infer<typeof metaSchema> = {
    graph: [...graphFeatures],
    names: nameFeatures.map(({ key }) => key),
    bits: Math.log2(weights.length),
    bias,
    base,
    forests: forests.length,
  };
  const lines = seeds.map(({ name, label, lexical }) => `${name}\t${label}\t${lexical}`).join('\n');
  return writeModelFile(
    kind,
    version,
    new Map([
      ['meta', Buffer.from(JSON.stringify(meta))],
      ['ngrams', packed(floatBytes(weights))],
      ['names', encodeForest(names.forest)],
      ...forests.map((forest, n): [string, Buffer] => [`forest ${n}`, encodeForest(forest)]),
      ['calibration', encodeIsotonic(calibration)],
      ['names calibration', encodeIsotonic(nameCalibration)],
      ['seeds', packed(Buffer.from(lines))],
      ['words', Buffer.from(words)],
    ]),
  );
}

/** Opens what `encodeRanker` wrote. Throws a `Fault` for what cannot be used: damage, another version, features that are not computed here. */
export function openRanker(bytes: Uint8Array): RankerModel {
  const sections = readModelFile(bytes, kind, version);
  const meta = metaOf(sectionOf(sections, 'meta'));
  const keys = nameFeatures.map(({ key }) => key);
  if (meta.graph.join() !== graphFeatures.join() || meta.names.join() !== keys.join())
    throw wrong('it was taught with other features than this program computes');
  const forestOf = (name: string, width: number) => {
    const forest = decodeForest(sectionOf(sections, name));
    if (forest.width !== width) throw wrong('its trees ask for other features');
    return forest;
  };
  const ngrams: Logistic = {
    weights: floatsOf(unpacked(sectionOf(sections, 'ngrams'), 4 * 2 ** meta.bits), 2 ** meta.bits),
    bias: meta.bias,
  };
  return {
    learned: {
      names: { ngrams, forest: forestOf('names', keys.length) },
      forests: Array.from({ length: meta.forests }, (_, n) =>
        forestOf(`forest ${n}`, graphWidth + keys.length + 1),
      ),
      calibration: decodeIsotonic(sectionOf(sections, 'calibration')),
      nameCalibration: decodeIsotonic(sectionOf(sections, 'names calibration')),
      base: meta.base,
    },
    seeds: seedsOf(unpacked(sectionOf(sections, 'seeds'), rankerFileLimits.seeds)),
    words: Words.unpack(sectionOf(sections, 'words')),
    bits: meta.bits,
  };
}

function metaOf(bytes: Uint8Array): z.infer<typeof metaSchema> {
  try {
    return metaSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    throw wrong('what it says of itself cannot be read');
  }
}

function seedsOf(bytes: Buffer): Seed[] {
  const text = bytes.toString('utf8');
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const [name = '', label, lexical] = line.split('\t');
    const value = Number(lexical);
    if (name === '' || (label !== '1' && label !== '-1') || !Number.isFinite(value))
      throw wrong('a labelled name in it cannot be read');
    return { name, label: label === '1' ? 1 : -1, lexical: value };
  });
}

function packed(bytes: Uint8Array): Buffer {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}

function unpacked(bytes: Uint8Array, most: number): Buffer {
  try {
    return brotliDecompressSync(bytes, { maxOutputLength: most });
  } catch {
    throw wrong('a part of it cannot be unpacked');
  }
}

function floatBytes(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, n) => {
    bytes.writeFloatLE(value, 4 * n);
  });
  return bytes;
}

function floatsOf(bytes: Buffer, length: number): Float32Array {
  if (bytes.length !== 4 * length) throw wrong('it has not as many weights as it says');
  const values = Float32Array.from({ length }, (_, n) => bytes.readFloatLE(4 * n));
  if (!values.every(Number.isFinite)) throw wrong('a weight in it is no number');
  return values;
}
