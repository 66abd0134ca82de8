import type { Scenario } from '../scenario.ts';
import { allOf } from './all.ts';
import { benign } from './benign.ts';
import { mirai } from './mirai.ts';
import { passwordSpray } from './password-spray.ts';
import { redisTakeover } from './redis-takeover.ts';
import { sshWorm } from './ssh-worm.ts';
import { webScanner } from './web-scanner.ts';

const single: readonly Scenario[] = [sshWorm, mirai, webScanner, redisTakeover, passwordSpray, benign];

/** In the order in which a demonstration plays them. */
export const scenarios: readonly Scenario[] = [...single, allOf(single)];
