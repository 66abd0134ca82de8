import { kernelCode } from './kernel-code.ts';

/** The inner loops of a pass and of cutting, compiled from `kernel.wat`; all places are bytes in the memory that they were made for. */
export interface Kernel {
  /** Writes the numbers of the sources in [at, end) one after another, from `value` on; `z` holds their part's numbers. */
  scatter(at: number, end: number, value: number, z: number): void;
  /** Adds the numbers from `value` on to the sums of the targets in [at, end). */
  gather(at: number, end: number, value: number, sum: number): void;
  /** Counts the entries of rows from `at` on by the part of their target; `row` to `rows` says where each ends. `last`: see there. */
  count(at: number, row: number, rows: number, last: number, sent: number, heard: number): void;
  /** Sorts them by it: sources to where `sent` says, targets to where `heard` says. `node`: the first row's, in its part. */
  place(at: number, row: number, rows: number, last: number, sent: number, heard: number, node: number): void;
}

const code = new WebAssembly.Module(Buffer.from(kernelCode, 'base64'));

export function kernelOver(memory: WebAssembly.Memory): Kernel {
  return new WebAssembly.Instance(code, { graph: { memory } }).exports as unknown as Kernel;
}
