import type { FeedFormat } from '../format.ts';
import { csv } from './csv.ts';
import { hosts } from './hosts.ts';
import { misp } from './misp.ts';
import { plain } from './plain.ts';
import { stix } from './stix.ts';
import { threatfox } from './threatfox.ts';
import { urlhaus } from './urlhaus.ts';

/** The formats of feeds, in the order in which detection prefers them where two fit equally. */
export const formats: readonly FeedFormat[] = [urlhaus, threatfox, misp, stix, hosts, csv, plain];
