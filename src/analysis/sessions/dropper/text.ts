/** A text with the escapes of `echo -e`, `printf` and `$'…'` undone: `\xHH`, `\uHHHH`, `\0ooo`, `\ooo`, `\n`, `\r`, `\t`. */
export function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{4})|0?([0-3]?[0-7]{1,2})|([nrt]))/gi,
    (whole, hex?: string, unicode?: string, octal?: string, letter?: string) => {
      const digits = hex ?? unicode;
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter === 't' ? '\t' : whole;
    },
  );
}

/** A text whose words are whole again where quotes, backslashes, backticks or plus signs cut them: `h''ttp`, `w\get`, `'ht'+'tp'`. */
export function unquote(text: string): string {
  return text
    .replace(/(['"])\s{0,4}[+.]\s{0,4}\1/g, '')
    .replace(/''|""/g, '')
    .replace(/(?<=[\w:/])\\(?=[\w:/.-])/g, '')
    .replace(/(?<=[a-z])`(?=[a-z])/gi, '')
    .replace(/(?<=\w)(['"])([\w:/.-]{1,32})\1(?=[\w:/.-])/g, '$2')
    .replace(/\$@|\$\*|\$\{IFS\}|\$IFS(?:\$\d)?/g, (found) =>
      found[1] === '@' || found[1] === '*' ? '' : ' ',
    );
}
