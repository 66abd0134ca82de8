import { type Flavour, type Node, parseRegex, RegexFault } from './regex-parse.ts';

export { RegexFault } from './regex-parse.ts';

type Op =
  | { op: 'set'; set: Uint8Array }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { op: 'save'; slot: number }
  | { op: 'start' | 'end' | 'done' }
  | { op: 'edge'; where: 'b' | 'B' | '<' | '>' };

export interface Found {
  start: number;
  end: number;
  /** The whole and its groups; undefined where a group took no part. */
  groups: (string | undefined)[];
}

/** How long a compiled expression may become. */
const programLimit = 8_192;

/**
 * A POSIX regular expression, run as Thompson's machine with captures (Cox, "Regular Expression Matching: the Virtual Machine
 * Approach"): no expression costs more than its length times the text's, whatever an attacker writes. Alternatives are tried in
 * order, as Perl does, not for the longest.
 */
export class Regex {
  readonly #program: Op[] = [];
  readonly #slots: number;
  /** A text without marks is simply looked for. */
  readonly #plain: string | undefined;

  constructor(pattern: string, flavour: Flavour = {}) {
    this.#plain =
      !flavour.ignoreCase && /^[A-Za-z0-9 _/:=,@%&~"'<>!;#-]*$/.test(pattern) ? pattern : undefined;
    const { root, groups } = parseRegex(pattern, flavour);
    this.#slots = 2 * (groups + 1);
    this.#emit({ kind: 'group', number: 0, body: root });
    this.#program.push({ op: 'done' });
  }

  test(text: string, step: (count: number) => void): boolean {
    return this.exec(text, 0, step) !== null;
  }

  /** The first place from `from` on where it matches; `step` is told what it cost. */
  exec(text: string, from: number, step: (count: number) => void): Found | null {
    if (this.#plain !== undefined) {
      step(1 + (text.length >> 9));
      const start = text.indexOf(this.#plain, from);
      return start < 0 ? null : { start, end: start + this.#plain.length, groups: [this.#plain] };
    }
    const program = this.#program;
    let matched: number[] | undefined;
    let threads: { pc: number; saved: number[] }[] = [];
    let work = 0;
    const add = (list: typeof threads, seen: Uint8Array, first: number, saved: number[], at: number) => {
      const stack: { pc: number; saved: number[] }[] = [{ pc: first, saved }];
      for (let top = stack.pop(); top; top = stack.pop()) {
        if (seen[top.pc]) continue;
        seen[top.pc] = 1;
        work++;
        const op = program[top.pc]!;
        if (op.op === 'jump') stack.push({ pc: op.to, saved: top.saved });
        else if (op.op === 'split')
          stack.push({ pc: op.second, saved: top.saved }, { pc: op.first, saved: top.saved });
        else if (op.op === 'save') {
          const copy = top.saved.slice();
          copy[op.slot] = at;
          stack.push({ pc: top.pc + 1, saved: copy });
        } else if (op.op === 'start' || op.op === 'end' || op.op === 'edge') {
          if (holds(op, text, at)) stack.push({ pc: top.pc + 1, saved: top.saved });
        } else list.push(top);
      }
    };
    for (let at = from; ; at++) {
      if (!matched) {
        const seen = new Uint8Array(program.length);
        for (const { pc } of threads) seen[pc] = 1;
        add(threads, seen, 0, new Array(this.#slots).fill(-1), at);
      }
      if (threads.length === 0 && matched) break;
      const next: typeof threads = [];
      const seen = new Uint8Array(program.length);
      const code = at < text.length ? text.charCodeAt(at) & 255 : -1;
      for (const { pc, saved } of threads) {
        const op = program[pc]!;
        work++;
        if (op.op === 'done') {
          matched = saved;
          break;
        }
        if (op.op === 'set' && code >= 0 && op.set[code]) add(next, seen, pc + 1, saved, at + 1);
      }
      threads = next;
      if (work > 1_024) {
        step(work >> 6);
        work = 0;
      }
      if (at >= text.length || (matched && threads.length === 0)) break;
    }
    step(1 + (work >> 6));
    if (!matched) return null;
    const groups: (string | undefined)[] = [];
    for (let i = 0; i < this.#slots; i += 2)
      groups.push(
        matched[i]! >= 0 && matched[i + 1]! >= 0 ? text.slice(matched[i], matched[i + 1]) : undefined,
      );
    return { start: matched[0]!, end: matched[1]!, groups };
  }

  #emit(node: Node): void {
    const program = this.#program;
    if (program.length > programLimit) throw new RegexFault('Regular expression too big');
    switch (node.kind) {
      case 'set':
        program.push({ op: 'set', set: node.set });
        return;
      case 'start':
      case 'end':
        program.push({ op: node.kind });
        return;
      case 'edge':
        program.push({ op: 'edge', where: node.where });
        return;
      case 'group':
        program.push({ op: 'save', slot: 2 * node.number });
        this.#emit(node.body);
        program.push({ op: 'save', slot: 2 * node.number + 1 });
        return;
      case 'sequence':
        for (const part of node.parts) this.#emit(part);
        return;
      case 'choice': {
        const ends: { op: 'jump'; to: number }[] = [];
        for (const [i, part] of node.parts.entries()) {
          if (i === node.parts.length - 1) this.#emit(part);
          else {
            const split = { op: 'split' as const, first: program.length + 1, second: 0 };
            program.push(split);
            this.#emit(part);
            const jump = { op: 'jump' as const, to: 0 };
            program.push(jump);
            ends.push(jump);
            split.second = program.length;
          }
        }
        for (const jump of ends) jump.to = program.length;
        return;
      }
      case 'repeat':
        this.#repeat(node);
    }
  }

  #repeat({ body, min, max }: Extract<Node, { kind: 'repeat' }>): void {
    const program = this.#program;
    for (let i = 0; i < min; i++) {
      const before = program.length;
      this.#emit(body);
      // What is nothing stays nothing, however often.
      if (program.length === before) return;
    }
    if (max === Number.POSITIVE_INFINITY) {
      const split = { op: 'split' as const, first: program.length + 1, second: 0 };
      program.push(split);
      this.#emit(body);
      program.push({ op: 'jump', to: program.indexOf(split) });
      split.second = program.length;
      return;
    }
    const splits: { op: 'split'; first: number; second: number }[] = [];
    for (let i = min; i < max; i++) {
      const split = { op: 'split' as const, first: program.length + 1, second: 0 };
      splits.push(split);
      program.push(split);
      this.#emit(body);
    }
    for (const split of splits) split.second = program.length;
  }
}

function holds(
  op: Extract<Op, { op: 'start' | 'end' | 'done' | 'edge' }>,
  text: string,
  at: number,
): boolean {
  if (op.op === 'start') return at === 0;
  if (op.op === 'end') return at === text.length;
  if (op.op !== 'edge') return false;
  const is = (i: number) => i >= 0 && i < text.length && /[A-Za-z0-9_]/.test(text[i]!);
  const [before, after] = [is(at - 1), is(at)];
  return { b: before !== after, B: before === after, '<': !before && after, '>': before && !after }[op.where];
}
