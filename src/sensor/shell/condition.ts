import { evaluate } from './arithmetic.ts';
import { type Expander, expandPattern, expandText } from './expand.ts';
import { judge, type Looking } from './judge.ts';
import { matches } from './pattern.ts';
import { Regex, RegexFault } from './regex.ts';
import type { Condition, Word } from './syntax.ts';

interface Judging extends Expander, Looking {}

/** The status of `[[ … ]]`. */
export async function judgeCondition(parts: Condition[], shell: Judging): Promise<number> {
  let at = 0;
  let broken = false;

  const mark = (text: string) => {
    const part = parts[at];
    if (!part || !('mark' in part ? part.mark === text : part.plain === text)) return false;
    at++;
    return true;
  };

  async function either(run: boolean): Promise<boolean> {
    let value = await both(run);
    while (mark('||')) value = (await both(run && !value)) || value;
    return value;
  }
  async function both(run: boolean): Promise<boolean> {
    let value = await one(run);
    while (mark('&&')) value = (await one(run && value)) && value;
    return value;
  }
  async function one(run: boolean): Promise<boolean> {
    shell.step();
    if (mark('!')) return !(await one(run));
    if (mark('(')) {
      const value = await either(run);
      if (!mark(')')) broken = true;
      return value;
    }
    const left = parts[at++];
    if (!left || !('word' in left)) {
      broken = true;
      return false;
    }
    const next = parts[at];
    if (left.plain && /^-[a-zA-Z]$/.test(left.plain) && next && 'word' in next) {
      at++;
      return run && judge([left.plain, await expandText(next.word, shell)], shell);
    }
    const op = next ? ('mark' in next ? next.mark : next.plain) : null;
    if (op === null || !/^(=|==|!=|=~|<|>|-(eq|ne|lt|le|gt|ge|nt|ot|ef))$/.test(op))
      return run && (await expandText(left.word, shell)) !== '';
    at++;
    const right = parts[at++];
    if (!right || !('word' in right)) {
      broken = true;
      return false;
    }
    return run && compare(await expandText(left.word, shell), op, right.word, shell);
  }

  const value = await either(true);
  return broken || at < parts.length ? 2 : value ? 0 : 1;
}

async function compare(left: string, op: string, right: Word, shell: Judging): Promise<boolean> {
  switch (op) {
    case '=':
    case '==':
      return matches(await expandPattern(right, shell), left);
    case '!=':
      return !matches(await expandPattern(right, shell), left);
    case '=~':
      return search(left, right, shell);
    case '<':
      return left < (await expandText(right, shell));
    case '>':
      return left > (await expandText(right, shell));
    default: {
      const number = (text: string) => {
        const value = evaluate(text, (name) => shell.get(name) ?? '');
        return String(typeof value === 'string' ? 0n : value);
      };
      const text = await expandText(right, shell);
      return /^-(nt|ot|ef)$/.test(op)
        ? judge([left, op, text], shell)
        : judge([number(left), op, number(text)], shell);
    }
  }
}

async function search(left: string, right: Word, shell: Judging): Promise<boolean> {
  let pattern = '';
  for (const part of right) {
    const text = part.kind === 'text' ? part.text : await expandText([part], shell);
    pattern += part.quoted ? text.replace(/[\\.[\]{}()*+?^$|]/g, '\\$&') : text;
  }
  try {
    const found = new Regex(pattern, { extended: true }).exec(left, 0, (count) => shell.step(count));
    const groups = new Map<string, string>();
    for (const [i, text] of (found?.groups ?? []).entries()) groups.set(String(i), text ?? '');
    shell.arrays.set('BASH_REMATCH', groups);
    return found !== null;
  } catch (error) {
    if (!(error instanceof RegexFault)) throw error;
    return false;
  }
}
