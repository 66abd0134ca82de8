import type { Scenario } from '../scenario.ts';
import { mirai } from './mirai.ts';

/** In the order in which a demonstration plays them. */
export const scenarios: readonly Scenario[] = [mirai];
