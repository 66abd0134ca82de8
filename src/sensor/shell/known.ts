import { Bounded } from '../../kit/bounded.ts';
import type { Dialect } from './dialect.ts';
import { FsError } from './fs.ts';
import { parse } from './parse.ts';
import { SyntaxFault, Unfinished } from './syntax.ts';

/** Lines are mostly what others sent before: the commands that the latest of them name are not looked for anew. */
const remembered = 1_024;
const longestRemembered = 1_024;
const named = {
  posix: new Bounded<string, readonly string[] | null>(remembered),
  extended: new Bounded<string, readonly string[] | null>(remembered),
};

/** Whether every command that a line names outright is known to a shell. */
export function knows(
  shell: { dialect: Dialect; which(name: string): string | undefined },
  text: string,
): boolean {
  const known = named[shell.dialect.extended ? 'extended' : 'posix'];
  let names = known.get(text);
  if (names === undefined) {
    names = commandsOf(text, shell.dialect);
    if (text.length <= longestRemembered) known.set(text, names);
  }
  try {
    return names?.every((name) => shell.which(name) !== undefined) ?? false;
  } catch (error) {
    if (error instanceof FsError) return false;
    throw error;
  }
}

/** The commands that a line names outright; null where no shell could read it. */
function commandsOf(text: string, dialect: Dialect): string[] | null {
  try {
    return parse(text, dialect).flatMap(({ pipeline }) =>
      pipeline.flatMap((command) => {
        const first = command.kind === 'simple' ? command.words[0] : undefined;
        return first?.every((part) => part.kind === 'text') ? [first.map((part) => part.text).join('')] : [];
      }),
    );
  } catch (error) {
    if (error instanceof Unfinished) return [];
    if (error instanceof SyntaxFault) return null;
    throw error;
  }
}
