export { type RunParts, type RunResult, runPartitioned } from './coordinator.ts';
export { type Part, partOf } from './part.ts';
export { partPath, readPart, writePart } from './part-file.ts';
export { propagationTopology } from './protocol.ts';
export { type Shares, shareOut } from './shares.ts';
export { type PartWorker, startPartWorker } from './worker.ts';
