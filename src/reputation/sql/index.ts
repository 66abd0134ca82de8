export { edgeRows, nodeRows, rowBinary, type Weighted } from './rows.ts';
export {
  createStatements,
  dropStatements,
  type Layout,
  passStatement,
  priorStatement,
  tableName,
} from './statements.ts';
export { fillWarehouse, propagateInWarehouse, readBeliefs, type Warehouse } from './warehouse.ts';
