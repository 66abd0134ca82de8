/** Characters that are looked at. */
const limit = 8_192;

/**
 * A request's target or body as the attacked program would see it, in lower case: percent escapes undone twice, since one
 * layer is often wrapped to pass a filter; `+` and `${IFS}` as blanks; backslashes as slashes.
 */
export function plainWeb(text: string): string {
  let plain = text.length > limit ? text.slice(0, limit) : text;
  for (let round = 0; round < 2 && plain.includes('%'); round++)
    plain = plain.replace(/%([0-9a-fA-F]{2})/g, unescapeHex);
  return plain
    .replace(/\+|\$\{ifs\}|\$ifs\b/gi, ' ')
    .replaceAll('\\', '/')
    .toLowerCase();
}

function unescapeHex(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
