export { columns } from './columns.ts';
export { openEmbeddedLake } from './embedded.ts';
export { collect, type Lake, type Query, type Row, type Segment } from './lake.ts';
export { openRemoteLake } from './remote.ts';
export { bodyOf, readRows } from './row-reader.ts';
export { type Origin, type RowLine, RowWriter } from './row-writer.ts';
export { literal, migrate } from './schema.ts';
