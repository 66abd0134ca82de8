/**
 * JSON that PostgreSQL takes as jsonb: NUL and lone surrogates, which its text cannot hold, become U+FFFD. Attackers choose
 * these texts; a batch must not fail for one of them.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' ? one.toWellFormed().replaceAll('\u0000', '\ufffd') : one,
  );
}
