import type { Wire } from '../emulator.ts';
import { type Shell, Unfinished } from '../shell/index.ts';
import type { Terminal } from './terminal.ts';

/** Lines that one command may span, and what a command may read of what is typed. */
const continuationLimit = 256;
const textLimit = 65_536;
const typedLimit = 1_048_576;

export interface Conversation {
  /** What stands before a line; with `more`, before one that goes on with a command. */
  prompt(more: boolean): string;
  /** What each command's event carries. */
  detail?: Record<string, string | number | boolean>;
  /** Runs this at the terminal and ends with it, without a prompt. */
  only?: string;
}

/** A shell for who types at a terminal: prompt, line, answer, until `exit`, Ctrl-D or the peer's leaving. */
export async function converse(
  wire: Wire,
  terminal: Terminal,
  shell: Shell,
  { prompt, detail, only }: Conversation,
): Promise<void> {
  const typed = async () => {
    const line = await terminal.line();
    if (line !== null) wire.emit({ kind: 'command', input: line, detail: { ...detail, stdin: true } });
    return line;
  };
  const streams = {
    isTerminal: true,
    out: (text: string) => terminal.show(text),
    err: (text: string) => terminal.show(text),
    stdinLine: typed,
    async stdin() {
      let text = '';
      for (let line = await typed(); line !== null && text.length < typedLimit; line = await typed())
        text += `${line}\n`;
      return text;
    },
  };
  let unfinished: string[] = [];
  try {
    if (only !== undefined) {
      await shell.line(only, streams, { command: true });
      return;
    }
    for (;;) {
      terminal.show(prompt(unfinished.length > 0));
      const line = await terminal.line();
      if (line === null) {
        if (terminal.left)
          wire.emit({
            kind: 'command',
            input: terminal.left,
            ok: false,
            detail: { ...detail, unfinished: true },
          });
        return;
      }
      if (line.trim() === '' && unfinished.length === 0) continue;
      unfinished.push(line);
      const text = unfinished.join('\n');
      wire.emit({ kind: 'command', input: line, ok: shell.knows(text), ...(detail && { detail }) });
      try {
        if (!(await shell.line(text, streams))) return;
        unfinished = [];
      } catch (error) {
        if (!(error instanceof Unfinished)) throw error;
        if (unfinished.length >= continuationLimit || text.length >= textLimit) unfinished = [];
      }
    }
  } finally {
    shell.finish();
  }
}
