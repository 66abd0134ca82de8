import type { Act, Deed } from './act.ts';
import type { Technique } from './behaviour-schema.ts';
import { program } from './command-text.ts';
import { folded } from './matcher.ts';
import { createIndex } from './step-index.ts';

/** Programs of one pipeline that are looked up. */
const pipelineLimit = 16;

/** Says which techniques of the table an act is, in the table's order. */
export function createTechniques(table: readonly Technique[]): (act: Act) => readonly Technique[] {
  const byProgram = new Map<string, number[]>();
  for (const [at, { programs }] of table.entries())
    for (const name of programs) byProgram.set(name, [...(byProgram.get(name) ?? []), at]);
  const meets = createIndex(table.map(({ on, where }) => ({ on, where: where && folded(where) })));
  const find = ({ event }: Deed): Technique[] => {
    const found = new Set<number>();
    if (event.kind === 'command')
      for (const name of programsOf(event.input)) for (const at of byProgram.get(name) ?? []) found.add(at);
    for (const at of meets(event)) found.add(at);
    return [...found].sort((a, b) => a - b).map((at) => table[at]!);
  };
  return ({ deed }) => {
    deed.techniques ??= find(deed);
    return deed.techniques;
  };
}

/** The programs of a canonical pipeline and of its substitutions; an applet of BusyBox counts as itself. */
function programsOf(input: string): string[] {
  const names: string[] = [];
  for (const part of input.split(/\||\$\(|`|<\(/, pipelineLimit)) {
    const piece = part.trim();
    const name = program(piece);
    names.push(name);
    if (name === 'busybox') names.push(program(piece.slice(piece.indexOf('busybox') + 8)));
  }
  return names;
}
