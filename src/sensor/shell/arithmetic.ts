/** How many characters of an expression are looked at. */
const lengthLimit = 1_024;
const depthLimit = 32;

const levels = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];
const tokenPattern =
  /0x[0-9a-f]+|\d+#[0-9a-z]+|\d+|[A-Za-z_]\w*|<<=|>>=|<<|>>|&&|\|\||\*\*|\+\+|--|[-+*/%&|^=!<>]=|[-+*/%()<>&|^~!?:=,]|\S/gi;

/** What assignments inside an expression write to. */
export interface Assignable {
  set(name: string, value: string): void;
}

/**
 * The value of `$(( ))` in 64-bit integers (POSIX XCU §2.6.4, with assignment, `?:`, `,`, `**`, `++` and `--`), or why there
 * is none.
 */
export function evaluate(
  text: string,
  variable: (name: string) => string,
  target?: Assignable,
): bigint | string {
  const tokens = text.slice(0, lengthLimit).match(tokenPattern) ?? [];
  let at = 0;
  /** Above zero in an arm that is not taken: it changes nothing. */
  let idle = 0;

  const read = (name: string): bigint => {
    const value = variable(name).trim();
    return /^-?\d{1,19}$/.test(value) ? BigInt.asIntN(64, BigInt(value)) : 0n;
  };
  const write = (name: string, value: bigint): bigint => {
    if (idle === 0) target?.set(name, String(value));
    return value;
  };

  function comma(depth: number): bigint {
    let value = assignment(depth);
    while (tokens[at] === ',') {
      at++;
      value = assignment(depth);
    }
    return value;
  }

  function assignment(depth: number): bigint {
    if (depth > depthLimit) throw new RangeError('nested too deeply');
    const name = tokens[at];
    const mark = tokens[at + 1];
    if (name && mark && /^[A-Za-z_]/.test(name) && /^(=|[-+*/%&|^]=|<<=|>>=)$/.test(mark) && mark !== '==') {
      at += 2;
      const right = assignment(depth + 1);
      const op = mark.slice(0, -1);
      return write(name, op ? BigInt.asIntN(64, apply(op, read(name), right)) : right);
    }
    const test = binary(0, depth);
    if (tokens[at] !== '?') return test;
    at++;
    if (!test) idle++;
    const yes = assignment(depth + 1);
    if (!test) idle--;
    if (tokens[at++] !== ':') throw new RangeError('no :');
    if (test) idle++;
    const no = assignment(depth + 1);
    if (test) idle--;
    return test ? yes : no;
  }

  function binary(level: number, depth: number): bigint {
    if (depth > depthLimit) throw new RangeError('nested too deeply');
    const marks = levels[level];
    if (!marks) return unary(depth);
    let left = binary(level + 1, depth);
    for (let mark = tokens[at]; mark !== undefined && marks.includes(mark); mark = tokens[at]) {
      at++;
      const skipped = (mark === '&&' && !left) || (mark === '||' && !!left);
      if (skipped) idle++;
      const right = binary(level + 1, depth);
      if (skipped) idle--;
      left = BigInt.asIntN(64, idle > 0 && /[/%]/.test(mark) && !right ? 0n : apply(mark, left, right));
    }
    return left;
  }

  function unary(depth: number): bigint {
    const token = tokens[at++];
    if (token === undefined || depth > depthLimit) throw new RangeError('no operand');
    if (token === '(') {
      const value = comma(depth + 1);
      if (tokens[at++] !== ')') throw new RangeError('no )');
      return value;
    }
    if (token === '-') return -unary(depth + 1);
    if (token === '+') return unary(depth + 1);
    if (token === '!') return unary(depth + 1) === 0n ? 1n : 0n;
    if (token === '~') return ~unary(depth + 1);
    if (token === '++' || token === '--') {
      const name = tokens[at++] ?? '';
      if (!/^[A-Za-z_]/.test(name)) throw new RangeError('no operand');
      return write(name, read(name) + (token === '++' ? 1n : -1n));
    }
    const based = /^(\d+)#([0-9a-z]+)$/i.exec(token);
    if (based) return BigInt(Number.parseInt(based[2]!, Math.min(36, Math.max(2, Number(based[1])))) || 0);
    if (/^0[0-7]+$/.test(token)) return BigInt.asIntN(64, BigInt(`0o${token.slice(1)}`));
    if (/^(0x[0-9a-f]+|\d+)$/i.test(token)) return BigInt.asIntN(64, BigInt(token));
    if (!/^[A-Za-z_]/.test(token)) throw new RangeError('no operand');
    const value = read(token);
    const after = tokens[at];
    if (after !== '++' && after !== '--') return value;
    at++;
    write(token, value + (after === '++' ? 1n : -1n));
    return value;
  }

  try {
    if (tokens.length === 0) return 0n;
    const value = comma(0);
    return at === tokens.length ? BigInt.asIntN(64, value) : 'syntax error';
  } catch (error) {
    return error instanceof RangeError && /zero/i.test(error.message) ? 'division by zero' : 'syntax error';
  }
}

function apply(mark: string, left: bigint, right: bigint): bigint {
  switch (mark) {
    case '||':
      return left || right ? 1n : 0n;
    case '&&':
      return left && right ? 1n : 0n;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '==':
      return left === right ? 1n : 0n;
    case '!=':
      return left !== right ? 1n : 0n;
    case '<=':
      return left <= right ? 1n : 0n;
    case '>=':
      return left >= right ? 1n : 0n;
    case '<':
      return left < right ? 1n : 0n;
    case '>':
      return left > right ? 1n : 0n;
    case '<<':
      return left << (right & 63n);
    case '>>':
      return left >> (right & 63n);
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      // 2^63 is reached at the latest there; higher powers only cost.
      return right < 0n ? 0n : left ** (right > 64n ? 64n : right);
    case '/':
      return left / right;
    default:
      return left % right;
  }
}
