import { type Expander, expandText, expandWord } from './expand.ts';
import { Exhausted, shellLimits } from './shell.ts';
import type { Assign } from './syntax.ts';
import { indexOf } from './value.ts';

interface Assigning extends Expander {
  readonly readOnly: Set<string>;
}

/** Carries out one assignment: a text, an element, or a whole array. */
export async function assign(shell: Assigning, { name, append, index, value }: Assign): Promise<void> {
  if (shell.readOnly.has(name))
    shell.fail(shell.extended ? `${name}: readonly variable` : `${name}: is read only`);
  if (!Array.isArray(value)) {
    const old = shell.arrays.get(name);
    const array = append && old ? new Map(old) : new Map<string, string>();
    if (!append && old?.has('\0names')) array.set('\0names', '');
    let next = Math.max(-1, ...[...array.keys()].map((key) => Number(key) || 0)) + 1;
    if (array.size === 0 && append && shell.get(name) !== undefined)
      array.set(String(next++), shell.get(name)!);
    for (const element of value.elements) {
      if (element.index) {
        const key = array.has('\0names')
          ? await expandText(element.index, shell)
          : await indexOf(name, element.index, shell);
        put(array, key, await expandText(element.value, shell));
        next = (Number(key) || 0) + 1;
      } else for (const text of await expandWord(element.value, shell)) put(array, String(next++), text);
    }
    keep(shell, name, array);
    return;
  }
  const text = await expandText(value, shell);
  const array = shell.arrays.get(name);
  if (!index && !array) {
    shell.set(name, append ? (shell.get(name) ?? '') + text : text);
    return;
  }
  const key = index ? await indexOf(name, index, shell) : '0';
  const changed = array ?? new Map<string, string>();
  put(changed, key, append ? (changed.get(key) ?? '') + text : text);
  keep(shell, name, changed);
}

function put(array: Map<string, string>, key: string, text: string): void {
  if (array.size >= shellLimits.words && !array.has(key)) throw new Exhausted();
  array.set(key, text.slice(0, shellLimits.variableBytes));
}

function keep(shell: Assigning, name: string, array: Map<string, string>): void {
  if (!shell.arrays.has(name) && shell.arrays.size >= 64) throw new Exhausted();
  shell.step(array.size);
  shell.variables.delete(name);
  shell.arrays.set(name, array);
}
