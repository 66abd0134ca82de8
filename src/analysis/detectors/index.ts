import type { AnyDetector } from '../analysis.ts';
import { abuse } from './abuse.ts';
import { bruteforce } from './bruteforce.ts';
import { dropper } from './dropper.ts';
import { login } from './login.ts';
import { scan } from './scan.ts';
import { spray } from './spray.ts';
import { webprobe } from './webprobe.ts';

/** The detectors written in TypeScript; `rules/` holds those that are data. */
export const detectors: readonly AnyDetector[] = [bruteforce, spray, scan, webprobe, dropper, abuse, login];
