import type { Dialect } from './dialect.ts';
import { FsError } from './fs.ts';
import { parse } from './parse.ts';
import { SyntaxFault, Unfinished } from './syntax.ts';

/** Whether every command that a line names outright is known to a shell. */
export function knows(
  shell: { dialect: Dialect; which(name: string): string | undefined },
  text: string,
): boolean {
  try {
    return parse(text, shell.dialect).every(({ pipeline }) =>
      pipeline.every((command) => {
        const first = command.kind === 'simple' ? command.words[0] : undefined;
        if (!first?.every((part) => part.kind === 'text')) return true;
        return shell.which(first.map((part) => part.text).join('')) !== undefined;
      }),
    );
  } catch (error) {
    if (error instanceof Unfinished) return true;
    if (error instanceof SyntaxFault || error instanceof FsError) return false;
    throw error;
  }
}
