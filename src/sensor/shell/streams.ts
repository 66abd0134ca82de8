import type { Streams } from './shell.ts';

/** Goes nowhere, as to /dev/null. */
export const nothing = () => {};

/** What ash says when it starts at a terminal. */
export const greeting =
  "\n\nBusyBox v1.30.1 (2021-03-16 09:12:44 UTC) built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n";

/** Streams without anybody at the other end. */
export const nobody: Streams = {
  stdin: async () => '',
  stdinLine: async () => null,
  out: nothing,
  err: nothing,
  isTerminal: false,
};

/** A standard input that holds this text. */
export function reading(text: string): Pick<Streams, 'stdin' | 'stdinLine' | 'isTerminal'> {
  let at = 0;
  return {
    isTerminal: false,
    async stdin() {
      const rest = text.slice(at);
      at = text.length;
      return rest;
    },
    async stdinLine() {
      if (at >= text.length) return null;
      const end = text.indexOf('\n', at);
      const line = text.slice(at, end < 0 ? undefined : end);
      at = end < 0 ? text.length : end + 1;
      return line;
    },
  };
}
