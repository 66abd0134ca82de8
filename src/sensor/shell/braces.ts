import type { Part, Word } from './syntax.ts';

/** How many words one word may become. */
const wordLimit = 4_096;
const depthLimit = 8;
/** Longer words stay as they are: looking for pairs is quadratic. */
const lengthLimit = 2_048;

type Item = string | Part;

/** Brace expansion of bash: `{a,b}`, `{1..9..2}`, `{a..e}`, in what is not quoted. */
export function expandBraces(word: Word): Word[] {
  if (!word.some((part) => part.kind === 'text' && !part.quoted && part.text.includes('{'))) return [word];
  const items = word.flatMap((part): Item[] =>
    part.kind === 'text' && !part.quoted ? [...part.text] : [part],
  );
  return items.length > lengthLimit ? [word] : spread(items, 0).map(joined);
}

function spread(items: Item[], depth: number): Item[][] {
  if (depth > depthLimit) return [items];
  for (let open = items.indexOf('{'); open >= 0; open = items.indexOf('{', open + 1)) {
    const found = inside(items, open);
    if (!found) continue;
    const before = items.slice(0, open);
    const after = spread(items.slice(found.close + 1), depth);
    const middles = found.choices.flatMap((choice) => spread(choice, depth + 1));
    if (middles.length * after.length > wordLimit) return [items];
    return middles.flatMap((middle) => after.map((end) => [...before, ...middle, ...end]));
  }
  return [items];
}

function inside(items: Item[], open: number): { close: number; choices: Item[][] } | undefined {
  const choices: Item[][] = [[]];
  let depth = 0;
  for (let at = open + 1; at < items.length; at++) {
    const item = items[at]!;
    if (item === '}' && depth-- === 0) {
      if (choices.length > 1) return { close: at, choices };
      const text = choices[0]!.every((one) => typeof one === 'string') ? choices[0]!.join('') : '';
      const range = sequence(text);
      return range && { close: at, choices: range.map((one) => [...one]) };
    }
    if (item === '{') depth++;
    if (item === ',' && depth === 0) choices.push([]);
    else choices.at(-1)!.push(item);
  }
  return undefined;
}

function sequence(text: string): string[] | undefined {
  const found = /^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d{1,9}))?$/.exec(text);
  if (!found) return undefined;
  const [, low, high, first, last, by = '1'] = found;
  const letters = first !== undefined;
  const from = letters ? first.charCodeAt(0) : Number(low);
  const to = letters ? last!.charCodeAt(0) : Number(high);
  const step = Math.abs(Number(by)) || 1;
  const width = !letters && /^-?0\d/.test(low!) ? low!.length : 0;
  const count = Math.floor(Math.abs(to - from) / step) + 1;
  if (count > wordLimit) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const value = from + (to < from ? -1 : 1) * step * i;
    return letters ? String.fromCharCode(value) : String(value).padStart(width, '0');
  });
}

function joined(items: Item[]): Word {
  const word: Word = [];
  for (const item of items) {
    const last = word.at(-1);
    if (typeof item !== 'string') word.push(item);
    else if (last?.kind === 'text' && !last.quoted)
      word[word.length - 1] = { ...last, text: last.text + item };
    else word.push({ kind: 'text', text: item, quoted: false });
  }
  return word;
}
