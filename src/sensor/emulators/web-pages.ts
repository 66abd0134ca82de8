/** Percent-decoded text, `+` as a blank, a byte a character; twice, as attackers hide what they send. */
export function decode(text: string): string {
  const once = (one: string) =>
    one.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return once(once(text.replaceAll('+', ' ')));
}

/** The fields of a query or a form (the first of a name). */
export function form(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const pair of text.split('&', 256)) {
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (!fields.has(name)) fields.set(name, at < 0 ? '' : decode(pair.slice(at + 1)));
  }
  return fields;
}
