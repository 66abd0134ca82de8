/**
 * JSON that PostgreSQL takes as jsonb: NUL and lone surrogates, which its text cannot hold, become U+FFFD, in values and in names.
 * Attackers choose these texts; a batch must not fail for one of them.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'string') return storable(one);
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).map(([name, held]) => [storable(name), held]));
  });
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}
