import type { Refusal } from './format.ts';
import { feedLimits } from './limits.ts';

/** The lines of a text without their ends, one at a time. What is over a limit is a refusal instead. */
export function* linesOf(text: string): Generator<string | { refused: Refusal }> {
  let count = 0;
  for (let from = 0; from < text.length; ) {
    const at = text.indexOf('\n', from);
    const end = at < 0 ? text.length : at;
    if (++count > feedLimits.lines) {
      yield { refused: 'over the limit of lines' };
      return;
    }
    if (end - from > feedLimits.lineChars) yield { refused: 'too long' };
    else yield text.slice(from, end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
    from = end + 1;
  }
}

/** The first lines of a file's head that are neither empty nor a remark. */
export function firstLines(head: string): string[] {
  const lines: string[] = [];
  for (const line of linesOf(head)) {
    if (typeof line === 'string' && line.trim() !== '' && !/^\s*[#;]/.test(line)) lines.push(line.trim());
    if (lines.length === 50) break;
  }
  return lines;
}

/** How many of these lines are as wanted, from 0 to 1. */
export function share(lines: string[], wanted: (line: string) => boolean): number {
  return lines.length === 0 ? 0 : lines.filter(wanted).length / lines.length;
}
