import type { Event, Kind } from '../../model/event.ts';
import { compile } from '../conditions.ts';
import type { Act } from './act.ts';
import type { Technique } from './behaviour-schema.ts';
import { program } from './command-text.ts';
import { folded } from './matcher.ts';

/** Acts whose techniques are remembered. */
const memoryLimit = 16_384;
const keyLimit = 1_024;
/** Programs of one pipeline that are looked up. */
const pipelineLimit = 16;

/** Says which techniques of the table an act is, in the table's order. */
export function createTechniques(table: readonly Technique[]): (act: Act) => readonly Technique[] {
  const byProgram = new Map<string, number[]>();
  const byKind = new Map<Kind, { at: number; test(event: Event): boolean }[]>();
  for (const [at, { programs, where, on }] of table.entries()) {
    for (const name of programs) byProgram.set(name, [...(byProgram.get(name) ?? []), at]);
    if (where === undefined) continue;
    const test = compile(folded(where));
    for (const kind of on) byKind.set(kind, [...(byKind.get(kind) ?? []), { at, test }]);
  }
  let memory = new Map<string, readonly Technique[]>();
  return (act) => {
    const known = memory.get(act.key);
    if (known !== undefined) return known;
    const found = new Set<number>();
    if (act.event.kind === 'command')
      for (const name of programsOf(act.event.input))
        for (const at of byProgram.get(name) ?? []) found.add(at);
    for (const { at, test } of byKind.get(act.event.kind) ?? []) if (test(act.event)) found.add(at);
    const techniques = [...found].sort((a, b) => a - b).map((at) => table[at]!);
    if (act.key.length <= keyLimit) {
      if (memory.size >= memoryLimit) memory = new Map();
      memory.set(act.key, techniques);
    }
    return techniques;
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
