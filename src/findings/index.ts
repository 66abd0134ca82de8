export { FindingLedger } from './ledger.ts';
