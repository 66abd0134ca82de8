import { explainCode } from './explain-code.ts';

/** The walk through one tree, compiled from `explain.wat`; all places are bytes in the memory that it was made for. */
export interface ExplainKernel {
  explain(
    root: number,
    bytes: number,
    points: number,
    weights: number,
    row: number,
    out: number,
    goes: number,
    ones: number,
    free: number,
  ): void;
}

const code = new WebAssembly.Module(Buffer.from(explainCode, 'base64'));

export function explainKernelOver(memory: WebAssembly.Memory): ExplainKernel {
  return new WebAssembly.Instance(code, { forest: { memory } }).exports as unknown as ExplainKernel;
}
