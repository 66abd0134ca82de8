import type { Reader } from '../reader.ts';
import { caltrop } from './caltrop.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { combined } from './combined.ts';
import { cowrie } from './cowrie.ts';
import { cowrieSessions } from './cowrie-sessions.ts';
import { dionaea } from './dionaea.ts';
import { heralding } from './heralding.ts';
import { honeytrap } from './honeytrap.ts';
import { sshd } from './sshd.ts';

/** The log formats, in the order in which detection prefers them where two fit equally. */
export const readers: readonly Reader[] = [
  caltrop,
  cowrie,
  cowrieSessions,
  dionaea,
  heralding,
  honeytrap,
  ciscoAsa,
  sshd,
  combined,
];
