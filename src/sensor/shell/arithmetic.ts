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
];

/** The value of `$(( ))` in 64-bit integers (POSIX XCU §2.6.4), or null where it is no expression. */
export function evaluate(text: string, variable: (name: string) => string): bigint | null {
  const tokens =
    text
      .slice(0, lengthLimit)
      .match(/0x[0-9a-f]+|\d+|[A-Za-z_]\w*|<<|>>|&&|\|\||[=!<>]=|[-+*/%()<>&|^~!]|\S/gi) ?? [];
  let at = 0;

  function binary(level: number, depth: number): bigint {
    if (depth > depthLimit) throw new RangeError('nested too deeply');
    const marks = levels[level];
    if (!marks) return unary(depth);
    let left = binary(level + 1, depth);
    for (let mark = tokens[at]; mark !== undefined && marks.includes(mark); mark = tokens[at]) {
      at++;
      left = BigInt.asIntN(64, apply(mark, left, binary(level + 1, depth)));
    }
    return left;
  }

  function unary(depth: number): bigint {
    const token = tokens[at++];
    if (token === undefined || depth > depthLimit) throw new RangeError('no operand');
    if (token === '(') {
      const value = binary(0, depth + 1);
      if (tokens[at++] !== ')') throw new RangeError('no )');
      return value;
    }
    if (token === '-') return -unary(depth + 1);
    if (token === '+') return unary(depth + 1);
    if (token === '!') return unary(depth + 1) === 0n ? 1n : 0n;
    if (token === '~') return ~unary(depth + 1);
    if (/^0[0-7]+$/.test(token)) return BigInt.asIntN(64, BigInt(`0o${token.slice(1)}`));
    if (/^(0x[0-9a-f]+|\d+)$/i.test(token)) return BigInt.asIntN(64, BigInt(token));
    if (!/^[A-Za-z_]/.test(token)) throw new RangeError('no operand');
    const value = variable(token).trim();
    return /^-?\d{1,19}$/.test(value) ? BigInt.asIntN(64, BigInt(value)) : 0n;
  }

  try {
    if (tokens.length === 0) return 0n;
    const value = binary(0, 0);
    return at === tokens.length ? value : null;
  } catch {
    return null;
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
    case '/':
      return left / right;
    default:
      return left % right;
  }
}
