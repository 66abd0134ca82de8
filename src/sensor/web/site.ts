import type { Request } from '../emulators/http-request.ts';
import type { Persona } from '../persona.ts';
import type { Answer } from './answer.ts';

/** What one persona shows on the web. */
export interface Site {
  pages: ReadonlyMap<string, Answer>;
  /** Where a login is sent to, in which fields of a form or of JSON, and what it comes to: nobody gets in. */
  login?: { paths: readonly string[]; user: string; password: string; failed: Answer };
  /** What is no page: where it says nothing either, the server says that there is none. */
  other?(request: Request, path: string): Answer | undefined;
}

export type MakeSite = (persona: Persona) => Site;
