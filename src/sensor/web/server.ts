import type { Request, Rules } from '../emulators/http-request.ts';
import type { Persona } from '../persona.ts';
import type { Answer, Framing } from './answer.ts';

/** What a server's own page may show. */
export interface About {
  persona: Persona;
  request: Request;
  /** Asked over TLS. */
  secure: boolean;
  detail: string;
}

/** A web server's manners: what it refuses, in which words, and in which order its headers stand. */
export interface WebServer {
  rules: Rules;
  failure(status: number, about: About): Answer;
  /** What it says to a method that no page is asked with; undefined where the page answers. */
  method(about: About, page: Answer | undefined): Answer | undefined;
  frame(answer: Answer, framing: Framing): string;
}

export const isRead = (method: string) => method === 'GET' || method === 'HEAD';
