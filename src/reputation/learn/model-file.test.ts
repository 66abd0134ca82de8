import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../kit/fault.ts';
import { seeded } from '../../kit/seeded.ts';
import { decodeForest, decodeIsotonic, encodeForest, encodeIsotonic, quantised } from './encode.ts';
import { forestScore } from './forest.ts';
import { fitIsotonic } from './isotonic.ts';
import { readModelFile, sectionOf, writeModelFile } from './model-file.ts';
import { trainForest } from './train-forest.ts';

const sections = new Map([
  ['a', Buffer.from('first')],
  ['b', Buffer.alloc(0)],
]);
const file = writeModelFile('test', 3, sections);

const draw = seeded(1);
const values = Float32Array.from({ length: 1200 }, () => draw());
const labels = Uint8Array.from({ length: 300 }, (_, i) => (values[4 * i]! > values[4 * i + 1]! ? 1 : 0));
const forest = trainForest({ width: 4, values }, labels, { trees: 5 });

test('what was written is read, and the same sections give the same bytes', () => {
  const read = readModelFile(file, 'test', 3);
  expect([...read.keys()]).toEqual(['a', 'b']);
  expect(Buffer.from(sectionOf(read, 'a')).toString()).toBe('first');
  expect(sectionOf(read, 'b')).toHaveLength(0);
  expect(writeModelFile('test', 3, sections).equals(file)).toBe(true);
  expect(() => sectionOf(read, 'c')).toThrow(Fault);
});

test('another kind or version, and any damage, are refused with a reason', () => {
  expect(() => readModelFile(file, 'other', 3)).toThrow(/another kind/);
  expect(() => readModelFile(file, 'test', 4)).toThrow(/version 3, not 4/);
  for (let i = 0; i < file.length; i++) {
    const damaged = Buffer.from(file);
    damaged[i]! ^= 0x10;
    expect(() => readModelFile(damaged, 'test', 3), `byte ${i}`).toThrow(Fault);
    expect(() => readModelFile(file.subarray(0, i), 'test', 3), `cut at ${i}`).toThrow(Fault);
  }
});

test('any bytes are refused without harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(() => readModelFile(bytes, 'test', 3)).toThrow(Fault);
      expect(() => decodeForest(bytes)).toThrow(Fault);
    }),
  );
});

test('a forest is the same after it was written', () => {
  const read = decodeForest(encodeForest(forest));
  expect(read).toEqual(forest);
  expect(forestScore(read, values, 8)).toBe(forestScore(forest, values, 8));
});

test('a forest with any byte changed either is refused, or ends and scores a number', () => {
  const bytes = encodeForest(forest);
  let refused = 0;
  for (let i = 0; i < bytes.length; i++) {
    const damaged = Buffer.from(bytes);
    damaged[i]! ^= 0x81;
    try {
      expect(forestScore(decodeForest(damaged), values)).not.toBeNaN();
    } catch (error) {
      expect(error).toBeInstanceOf(Fault);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(bytes.length / 4);
});

test('a calibration is the same after it was written; one that falls is refused', () => {
  const fit = fitIsotonic(Float64Array.of(1, 2, 3, 4), Uint8Array.of(0, 1, 0, 1));
  expect(decodeIsotonic(encodeIsotonic(fit))).toEqual(fit);
  const falling = { scores: Float64Array.of(1, 2), probabilities: Float64Array.of(0.5, 0.4) };
  expect(() => decodeIsotonic(encodeIsotonic(falling))).toThrow(Fault);
  expect(() => decodeIsotonic(new Uint8Array(0))).toThrow(Fault);
});

test('weights as bytes are off by half a step at most', () => {
  const weights = Float32Array.from({ length: 500 }, () => draw() * 4 - 2);
  const { bytes, unit } = quantised(weights);
  weights.forEach((weight, i) => {
    expect(Math.abs(bytes[i]! * unit - weight)).toBeLessThanOrEqual(unit * 0.5001);
  });
  expect(quantised(new Float32Array(3)).bytes).toEqual(new Int8Array(3));
});

test('a forest whose branches grow together is refused', () => {
  const none = 0xffff;
  const made = (left: number[]) => ({
    ...{ width: 1, base: 0, roots: Uint32Array.of(0), missingLeft: new Uint8Array(7) },
    feature: Uint16Array.of(0, 0, 0, none, none, none, none),
    threshold: Float32Array.of(1, 0, 2, 0, 0, 0, 0),
    left: Uint32Array.from([...left, 0, 0, 0, 0]),
    value: Float32Array.of(0, 0, 0, 1, 2, 3, 4),
    cover: Float32Array.of(4, 2, 2, 1, 1, 1, 1),
  });
  expect(forestScore(decodeForest(encodeForest(made([1, 3, 5]))), Float32Array.of(0.5))).toBe(2);
  expect(() => decodeForest(encodeForest(made([1, 3, 3])))).toThrow('grow together');
  expect(() => decodeForest(encodeForest(made([1, 3, 4])))).toThrow('grow together');
  const rooted = { ...made([1, 3, 5]), roots: Uint32Array.of(0, 1) };
  expect(() => decodeForest(encodeForest(rooted))).toThrow('no root');
});
