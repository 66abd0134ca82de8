const named: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v', f: '\f' };

/**
 * Undoes what web servers do to a client's bytes in their logs: `\xHH` (nginx `escape=default`, Apache), and Apache's
 * `\"`, `\\`, `\n` and the like (`ap_escape_logitem`). The result has one character a byte; one pass, so that an escaped
 * backslash hides no second escape.
 */
export function unescapeLog(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|(.))/gs,
    (whole, hex: string | undefined, char: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (char === undefined || char === 'x') return whole;
      return named[char] ?? char;
    },
  );
}
