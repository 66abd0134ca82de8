import { confusables } from './confusables.ts';

/** Digits that stand for a letter, and letters that look alike in lower case. `1`, `l` and `i` are one. */
const leet: Record<string, string> = {
  ...{ '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '2': '', '6': '' },
  ...{ i: 'l', '-': '', _: '' },
};

/**
 * What a label looks like to a person in a hurry (after UTS 39 §4): NFKC and lower case, marks taken off, look-alikes of other
 * scripts by the ASCII letter, digits by the letter they stand for, `rn` as m and `vv` as w, without hyphens and digits. The label
 * is given as it is shown, not as an A-label.
 */
export function skeletonOf(label: string): string {
  let plain = label;
  for (let i = 0; i < label.length; i++) {
    if (label.charCodeAt(i) < 0x80) continue;
    plain = label.normalize('NFKC').toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
    break;
  }
  let out = '';
  for (const character of plain) {
    const letter = confusables.get(character) ?? character;
    out += leet[letter] ?? letter;
  }
  return out.replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** Whether letters of a label come from more than one script, of which one could be taken for Latin (UTS 39 §5.1, simplified). */
export function mixesScripts(label: string): boolean {
  let scripts = 0;
  if (/\p{Script=Latin}/u.test(label)) scripts++;
  if (/\p{Script=Cyrillic}/u.test(label)) scripts++;
  if (/\p{Script=Greek}/u.test(label)) scripts++;
  if (/\p{Script=Armenian}/u.test(label)) scripts++;
  if (/\p{Script=Cherokee}|\p{Script=Lisu}|\p{Script=Canadian_Aboriginal}/u.test(label)) scripts++;
  return scripts > 1;
}

/** Whether a label has letters beyond ASCII, and each of them looks like one of ASCII. */
export function whollyConfusable(label: string): boolean {
  let others = 0;
  for (const character of label) {
    if (character.charCodeAt(0) < 0x80) continue;
    if (!confusables.has(character)) return false;
    others++;
  }
  return others > 0;
}
