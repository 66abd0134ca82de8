/** The name or address that an entry of a list, or an indicator, blames; null for what has no place in the graph. */
export function hostOfEntry({ type, value }: { type: string; value: string }): string | null {
  if (type === 'domain' || type === 'ip') return value;
  if (type === 'url') return hostOf(value);
  return type === 'ip:port' ? value.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') : null;
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname.replace(/^\[|\]$/g, '') || null;
  } catch {
    return null;
  }
}
