import { readEscapes } from '../escapes.ts';
import { defineCommand } from '../shell.ts';
import { format as formatted } from './awk/format.ts';

export const echo = defineCommand({
  names: ['echo'],
  folder: null,
  run({ args, out, shell }) {
    // dash always reads escapes, and knows `-n` alone.
    const dash = shell.dialect.id === 'dash';
    let escapes = dash;
    let newline = true;
    let i = 1;
    for (; (dash ? /^-n$/ : /^-[neE]+$/).test(args[i] ?? ''); i++) {
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
  run({ args, out, err, shell }) {
    let words = args.slice(1);
    let target: string | undefined;
    if (words[0] === '-v' && shell.dialect.extended) {
      target = words[1];
      words = words.slice(2);
    }
    if (words[0] === '--') words.shift();
    const [format, ...values] = words;
    if (format === undefined) {
      err(`${shell.prefix}printf: usage: printf [-v var] format [arguments]\n`);
      return 2;
    }
    const takes = (format.match(/%[^%]/g) ?? []).length;
    const template = readEscapes(format).text;
    let text = '';
    let at = 0;
    do {
      shell.step();
      const mine = values.slice(at, at + takes);
      let next = 0;
      // `%b` and `%q` are the shell's own; the rest is printf(3).
      const plain = template.replace(/%%|%[-+ 0#]*\d*(?:\.\d*)?[a-zA-Z]/g, (mark) => {
        if (mark === '%%') return mark;
        const kind = mark.at(-1)!;
        const value = mine[next] ?? '';
        if (kind === 'b') mine[next] = readEscapes(value).text;
        else if (kind === 'q') mine[next] = value.replace(/[^\w@%+=:,./-]/g, '\\$&') || "''";
        else if (kind !== 's' && kind !== 'c' && /^['"]/.test(value))
          mine[next] = String(value.charCodeAt(1));
        else if (/^[-+]?0x[0-9a-f]+$/i.test(value) && kind !== 's') mine[next] = String(Number(value));
        next++;
        return kind === 'b' || kind === 'q' ? `${mark.slice(0, -1)}s` : mark;
      });
      text += formatted(plain, mine);
      at += takes;
      if (text.length > 1_048_576) break;
    } while (takes > 0 && at < values.length);
    if (target !== undefined && /^[A-Za-z_]\w*$/.test(target)) shell.set(target, text);
    else out(text);
    return 0;
  },
});
