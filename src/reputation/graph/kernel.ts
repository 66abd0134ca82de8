import { kernelCode } from './kernel-code.ts';

/** The inner loops of a pass, compiled from `kernel.wat`; all places are bytes in the memory that they were made for. */
export interface Kernel {
  /** Writes the numbers of the sources in [at, end) one after another, from `value` on; `z` holds their part's numbers. */
  scatter(at: number, end: number, value: number, z: number): void;
  /** Adds the numbers from `value` on to the sums of the targets in [at, end). */
  gather(at: number, end: number, value: number, sum: number): void;
}

const code = new WebAssembly.Module(Buffer.from(kernelCode, 'base64'));

export function kernelOver(memory: WebAssembly.Memory): Kernel {
  return new WebAssembly.Instance(code, { graph: { memory } }).exports as unknown as Kernel;
}
