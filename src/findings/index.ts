export { findingId, makeFinding, scopeText, type Weighed } from './finding.ts';
export { FindingLedger } from './ledger.ts';
