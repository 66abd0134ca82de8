import type { Reader } from '../reader.ts';
import { cowrie } from './cowrie.ts';

/** The log formats, in the order in which detection prefers them. */
export const readers: readonly Reader[] = [cowrie];
