export {
  type DomainCrossing,
  domainType,
  isResolved,
  nameOfFinding,
  reopened,
  resolved,
  weighDomain,
  weighLeftOut,
} from './domain-finding.ts';
export { FindingLedger } from './ledger.ts';
export { weighActor, weighSession } from './session-finding.ts';
