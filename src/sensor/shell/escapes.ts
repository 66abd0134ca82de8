const letters: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Escapes as echo and printf read them: `\xHH`, `\0NNN` and `\NNN`, letters; `\c` ends the text. */
export function readEscapes(text: string): { text: string; ended: boolean } {
  let ended = false;
  const plain = text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|0([0-7]{0,3})|([1-7][0-7]{0,2})|c[\s\S]*|([\s\S]))/g,
    (all, hex, octal, short, letter) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const digits = octal ?? short;
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits || '0', 8) & 255);
      if (letter === undefined) {
        ended = true;
        return '';
      }
      return letters[letter] ?? all;
    },
  );
  return { text: plain, ended };
}
