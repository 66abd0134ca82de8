import type { Wire } from '../emulator.ts';
import type { Catalogue } from '../sql/catalogue.ts';
import type { Value } from '../sql/expression.ts';
import type { Flavour } from './handshake.ts';

/** One logged-in connection. */
export interface Client {
  wire: Wire;
  flavour: Flavour;
  id: number;
  user: string;
  /** As `user()` shows it. */
  account: string;
  database: string | null;
  catalogue: Catalogue;
  system: Map<string, string>;
  variables: Map<string, Value>;
  charset: number;
  questions: number;
  /** How long this statement makes the server wait, in milliseconds. */
  waitMs: number;
  /** What SHOW WARNINGS shows. */
  lastError: { code: number; text: string } | null;
}
