export { createAsNames } from './as-names.ts';
export { type ImportResult, importFile } from './import.ts';
export { Intake } from './intake.ts';
export { Journal, type Positions, type Sealed } from './journal.ts';
export type { Reader } from './reader.ts';
export { readers } from './readers/index.ts';
export { SensorLink } from './receive.ts';
export { Rejects } from './rejects.ts';
export { createCowrieWriter } from './writers/cowrie.ts';
