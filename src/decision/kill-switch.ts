import { join } from 'node:path';
import { type Flag, flagFile } from './flag-file.ts';

/** The kill switch: a file in the data directory, no database. Set, all decisions become tips and enforcers empty their sets. */
export function killSwitch(data: string): Flag {
  return flagFile(join(data, 'STOP'));
}

/** The breaker: open (set) once the budget is overrun, closed by a person only. */
export function breaker(data: string): Flag {
  return flagFile(join(data, 'BREAKER'));
}
