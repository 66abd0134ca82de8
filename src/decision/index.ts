export { Audit } from './audit.ts';
export { copyAudit } from './audit-copy.ts';
export { auditExists } from './audit-files.ts';
export { auditLimits } from './audit-limits.ts';
export { type AuditCheck, verifyAudit } from './audit-verify.ts';
export { Decider, type DeciderParts } from './decider.ts';
export { type Flag, memoryFlag } from './flag-file.ts';
export type { Verdict } from './gate.ts';
export { breaker, killSwitch } from './kill-switch.ts';
export {
  firstEntry,
  type ListEntry,
  listEntrySchema,
  NeverBlock,
  type NeverBlockVerdict,
} from './never-block.ts';
export { type DecisionOptions, decisionOptions } from './options.ts';
export type { Order } from './order.ts';
export type { AuditEntry, Ended, Ending, Outcome, SignalOutcome, Stored } from './outcome.ts';
