import { defineCommand } from '../shell.ts';

const letters: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Escapes as BusyBox echo and printf read them: `\xHH`, `\0NNN` and `\NNN`, letters; `\c` ends the text. */
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

export const echo = defineCommand({
  names: ['echo'],
  folder: null,
  run({ args, out }) {
    let escapes = false;
    let newline = true;
    let i = 1;
    for (; /^-[neE]+$/.test(args[i] ?? ''); i++) {
      for (const letter of args[i]!.slice(1)) {
        if (letter === 'n') newline = false;
        else escapes = letter === 'e';
      }
    }
    const text = args.slice(i).join(' ');
    const shown = escapes ? readEscapes(text) : { text, ended: false };
    out(shown.text + (newline && !shown.ended ? '\n' : ''));
    return 0;
  },
});

export const printf = defineCommand({
  names: ['printf'],
  folder: null,
  run({ args, out, shell }) {
    const format = args[1] ?? '';
    const values = args.slice(2);
    let at = 0;
    do {
      shell.step();
      const before = at;
      out(
        readEscapes(format).text.replace(
          /%(-?\d{0,3})(?:\.\d+)?([sdiucxXob%])/g,
          (_, width: string, kind: string) => {
            if (kind === '%') return '%';
            const value = values[at++] ?? '';
            const number = Number(value) || 0;
            let text = value;
            if (kind === 'b') text = readEscapes(value).text;
            else if (kind === 'c') text = value.slice(0, 1);
            else if (kind === 'x') text = Math.trunc(number).toString(16);
            else if (kind === 'X') text = Math.trunc(number).toString(16).toUpperCase();
            else if (kind === 'o') text = Math.trunc(number).toString(8);
            else if (kind !== 's') text = String(Math.trunc(number));
            const size = Math.abs(Number(width) || 0);
            return width.startsWith('-')
              ? text.padEnd(size)
              : text.padStart(size, width.startsWith('0') ? '0' : ' ');
          },
        ),
      );
      if (at === before) break;
    } while (at < values.length);
    return 0;
  },
});
