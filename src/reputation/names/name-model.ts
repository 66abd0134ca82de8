import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { normalName } from '../../kit/domain-name.ts';
import { decodeForest, decodeIsotonic, encodeForest, encodeIsotonic, quantised } from '../learn/encode.ts';
import { forestScore } from '../learn/forest.ts';
import { gramBits } from '../learn/grams.ts';
import { calibrated, type Isotonic } from '../learn/isotonic.ts';
import { readModelFile, sectionOf, writeModelFile, wrong } from '../learn/model-file.ts';
import { explainForest } from '../learn/tree-shap.ts';
import { NameColumns } from './columns.ts';
import { NameFeatures, nameFeatures, saysOf } from './features.ts';
import { type ImpersonationFacts, Impersonators } from './impersonation.ts';
import { putNgramSums } from './name-table.ts';
import { type NameParts, partsOf } from './parts.ts';
import type { TrainedNames } from './train.ts';
import { Segmenter, Words } from './words.ts';

const kind = 'names';
const version = 1;

/** What a model file says of itself: what its card says in full. */
const aboutSchema = z.strictObject({
  /** Where its names came from, with licence. */
  data: z.array(z.string().max(400)).max(32),
  /** Bad and good names that it was taught with. */
  bad: z.int().nonnegative(),
  good: z.int().nonnegative(),
  seed: z.int(),
});
export type NameModelAbout = z.infer<typeof aboutSchema>;

const metaSchema = z.strictObject({
  features: z.array(z.string().max(64)).max(256),
  bits: z.int().min(gramBits.least).max(gramBits.most),
  bias: z.number(),
  unit: z.number().positive(),
  about: aboutSchema,
});

/** A feature's share in a name's logit. */
export interface NameReason {
  feature: string;
  value: number;
  share: number;
  says: string;
}

export interface NameScore {
  /** The name as it was scored (`normalName`). */
  name: string;
  parts: NameParts;
  logit: number;
  /** Calibrated on held-out names of the training mix, of which about half are bad: not the share of bad names in your traffic. */
  probability: number;
  features: Float32Array;
  brand: ImpersonationFacts;
  /** Why: shares that sum, with `base`, to the logit within 1e-9; the largest first. */
  reasons(): { base: number; reasons: NameReason[] };
}

export interface NameModel {
  readonly about: NameModelAbout;
  /** Scores a name; null for what is no domain name. */
  nameScore(text: string): NameScore | null;
  /** The logit of a normal name alone: what many names are ranked by. */
  logit(name: string): number;
}

/** A model as bytes. The same model gives the same bytes. Weights are kept as bytes of 1/127 of the largest. */
export function encodeNameModel(
  { ngrams, forest }: TrainedNames,
  calibration: Isotonic,
  words: Uint8Array,
  about: NameModelAbout,
): Buffer {
  const { bytes, unit } = quantised(ngrams.weights);
  const meta = {
    features: nameFeatures.map(({ key }) => key),
    bits: Math.log2(bytes.length),
    bias: ngrams.bias,
    unit,
    about,
  };
  return writeModelFile(
    kind,
    version,
    new Map([
      ['meta', Buffer.from(JSON.stringify(meta))],
      ['ngrams', brotliCompressSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))],
      ['forest', encodeForest(forest)],
      ['calibration', encodeIsotonic(calibration)],
      ['words', Buffer.from(words)],
    ]),
  );
}

/**
 * Opens a model file. Throws a `Fault` for what cannot be used: damage, another version, features that this program does not compute.
 * `brands` replaces the list of brands that are looked for.
 */
export function openNameModel(bytes: Uint8Array, brands?: readonly (readonly string[])[]): NameModel {
  const sections = readModelFile(bytes, kind, version);
  const { features: keys, bits, bias, unit, about } = metaOf(sectionOf(sections, 'meta'));
  if (keys.join() !== nameFeatures.map(({ key }) => key).join())
    throw wrong('it was taught with other features than this program computes');
  const weights = unpacked(sectionOf(sections, 'ngrams'), 2 ** bits);
  const forest = decodeForest(sectionOf(sections, 'forest'));
  if (forest.width !== nameFeatures.length) throw wrong('its trees ask for other features');
  const calibration = decodeIsotonic(sectionOf(sections, 'calibration'));
  const words = Words.unpack(sectionOf(sections, 'words'));
  const columns = new NameColumns(bits, new Segmenter(words));
  const computed = new NameFeatures(new Segmenter(words), new Impersonators(brands));
  const fill = (parts: NameParts, out: Float32Array): number => {
    columns.fill(parts);
    putNgramSums({ weights, bias, unit }, columns.columns, columns.ends, out, 0);
    computed.fill(parts, out, 0);
    return forestScore(forest, out);
  };
  const scratch = new Float32Array(nameFeatures.length);
  return {
    about,
    logit: (name) => fill(partsOf(name), scratch),
    nameScore(text) {
      const name = normalName(text);
      if (name === null) return null;
      const parts = partsOf(name);
      const features = new Float32Array(nameFeatures.length);
      const logit = fill(parts, features);
      const brand = computed.facts;
      return {
        ...{ name, parts, logit, features, brand },
        probability: calibrated(calibration, logit),
        reasons() {
          const shares = new Float64Array(nameFeatures.length);
          const base = explainForest(forest, features, shares);
          const reasons = nameFeatures.map((feature, i) => ({
            feature: feature.key,
            value: features[i]!,
            share: shares[i]!,
            says: saysOf(feature, features[i]!, brand),
          }));
          return { base, reasons: reasons.sort((a, b) => Math.abs(b.share) - Math.abs(a.share)) };
        },
      };
    },
  };
}

function metaOf(bytes: Uint8Array): z.infer<typeof metaSchema> {
  try {
    return metaSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    throw wrong('what it says of itself cannot be read');
  }
}

function unpacked(bytes: Uint8Array, length: number): Int8Array {
  try {
    const weights = brotliDecompressSync(bytes, { maxOutputLength: length });
    if (weights.length === length) return new Int8Array(weights.buffer, weights.byteOffset, length);
  } catch {
    // Said below.
  }
  throw wrong('its weights cannot be unpacked');
}
