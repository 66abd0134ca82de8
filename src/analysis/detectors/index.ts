import type { AnyDetector } from '../analysis.ts';
import { bruteforce } from './bruteforce.ts';

/** The detectors written in TypeScript; `rules/` holds those that are data. */
export const detectors: readonly AnyDetector[] = [bruteforce];
