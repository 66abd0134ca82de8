import type { Wire } from '../emulator.ts';
import type { Catalogue } from '../sql/catalogue.ts';
import type { Value } from '../sql/expression.ts';

/** One logged-in connection. */
export interface Client {
  wire: Wire;
  /** As `SHOW server_version` says it, and as `version()` does. */
  version: string;
  banner: string;
  user: string;
  database: string;
  catalogue: Catalogue;
  settings: Map<string, string>;
  parameters: Value[];
  transaction: 'I' | 'T' | 'E';
  process: number;
  /** How long this statement makes the server wait, in milliseconds. */
  waitMs: number;
}
