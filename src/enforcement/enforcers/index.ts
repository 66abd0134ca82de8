import type { EnforcerPlugin } from '../enforcer.ts';
import { blocklist } from './blocklist.ts';
import { ipset } from './ipset.ts';
import { nftables } from './nftables.ts';

/** Every system that can deny, in the order in which they are shown. */
export const enforcers: readonly EnforcerPlugin[] = [nftables, ipset, blocklist];
