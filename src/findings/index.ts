export { FindingLedger } from './ledger.ts';
export { weighActor, weighSession } from './session-finding.ts';
