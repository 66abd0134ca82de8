import { type Element, parseKey, type SetPart } from '../element.ts';

/** How many elements stand in one command: nft reads lines of any length, people do not. */
const perCommand = 1_000;

/** An element as nft writes it. */
export function nftElement({ source, transport, port }: Element): string {
  return transport === undefined ? source : `${source} . ${transport} . ${port}`;
}

/** `add element` or `delete element` commands for elements that are written out. */
export function elementCommands(
  verb: 'add' | 'delete',
  table: string,
  set: string,
  elements: readonly string[],
): string[] {
  const commands: string[] = [];
  for (let at = 0; at < elements.length; at += perCommand) {
    const list = elements.slice(at, at + perCommand).join(', ');
    commands.push(`${verb} element inet ${table} ${set} { ${list} }`);
  }
  return commands;
}

/** Elements by their set. Throws on a key that is none. */
export function bySet<T>(items: readonly T[], keyOf: (item: T) => string): Map<SetPart, [Element, T][]> {
  const sets = new Map<SetPart, [Element, T][]>();
  for (const item of items) {
    const element = parseKey(keyOf(item));
    if (!element) throw new TypeError('that is no key of an element');
    const part = element.part as SetPart;
    const list = sets.get(part);
    if (list) list.push([element, item]);
    else sets.set(part, [[element, item]]);
  }
  return sets;
}
