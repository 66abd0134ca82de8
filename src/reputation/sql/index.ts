export { edgeRows, nodeRows, rowBinary, type Weighted } from './rows.ts';
export {
  createStatements,
  type Layout,
  passStatement,
  tableName,
} from './statements.ts';
export { fillWarehouse, propagateInWarehouse, readBeliefs, type Warehouse } from './warehouse.ts';
