import type { FileNode, FileSystem } from './fs.ts';

/** What a test looks at. */
export interface Looking {
  fs: FileSystem;
  path(path: string): string;
  get(name: string): string | undefined;
}

/** A test that cannot be read: what `[` says of it. */
export class TestFault extends Error {}

/** The truth of `test`'s arguments (POSIX XCU `test`). Throws `TestFault`. */
export function judge(words: string[], shell: Looking, depth = 0): boolean {
  if (depth > 32) throw new TestFault('too many arguments');
  const stat = (path: string, follow = true): FileNode | undefined => {
    const real = shell.path(path);
    if (path === '' || !(follow ? shell.fs.exists(real) : shell.fs.existsItself(real))) return undefined;
    return shell.fs.stat(real, follow);
  };
  const deeper = (some: string[]) => judge(some, shell, depth + 1);
  const [left = '', op = '', right = ''] = words;
  if (words.length === 0) return false;
  if (words.length === 1) return left !== '';
  if (words.length === 2) {
    if (left === '!') return op === '';
    if (!/^-[a-zA-Z]$/.test(left)) throw new TestFault(`${left}: unary operator expected`);
    return unary(left, op, stat, shell);
  }
  if (words.length === 3 && binaries.has(op)) return binary(left, op, right, stat);
  if (words.length === 3 && left === '(' && right === ')') return op !== '';
  for (const [mark, join] of [
    ['-o', (a: boolean, b: () => boolean) => a || b()],
    ['-a', (a: boolean, b: () => boolean) => a && b()],
  ] as const) {
    const at = words.indexOf(mark, 1);
    if (at > 0 && at < words.length - 1)
      return join(deeper(words.slice(0, at)), () => deeper(words.slice(at + 1)));
  }
  if (left === '!') return !deeper(words.slice(1));
  if (left === '(' && words.at(-1) === ')') return deeper(words.slice(1, -1));
  if (words.length === 3) throw new TestFault(`${op}: binary operator expected`);
  throw new TestFault('too many arguments');
}

const binaries = new Set('= == != < > -eq -ne -lt -le -gt -ge -nt -ot -ef =~'.split(' '));

function unary(
  op: string,
  text: string,
  stat: (path: string, follow?: boolean) => FileNode | undefined,
  shell: Looking,
): boolean {
  switch (op) {
    case '-n':
      return text !== '';
    case '-z':
      return text === '';
    case '-t':
      return false;
    case '-v':
      return shell.get(text) !== undefined;
    case '-o':
      return false;
    case '-d':
      return stat(text)?.kind === 'dir';
    case '-f':
      return stat(text)?.kind === 'file';
    case '-h':
    case '-L':
      return stat(text, false)?.kind === 'link';
    case '-c':
      return stat(text)?.kind === 'device';
    case '-b':
    case '-p':
    case '-S':
    case '-u':
    case '-g':
    case '-k':
      return false;
    case '-x': {
      const node = stat(text);
      return node !== undefined && (node.kind === 'dir' || (node.mode & 0o111) !== 0);
    }
    case '-s': {
      const node = stat(text);
      return node !== undefined && (node.kind === 'dir' || shell.fs.size(node) > 0);
    }
    default:
      return stat(text) !== undefined;
  }
}

function binary(
  left: string,
  op: string,
  right: string,
  stat: (path: string) => FileNode | undefined,
): boolean {
  switch (op) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-nt':
      return (stat(left)?.mtime ?? -1) > (stat(right)?.mtime ?? -1);
    case '-ot':
      return (stat(left)?.mtime ?? -1) < (stat(right)?.mtime ?? -1);
    case '-ef':
      return stat(left) !== undefined && stat(left) === stat(right);
    default: {
      const [a, b] = [integer(left), integer(right)];
      return { '-eq': a === b, '-ne': a !== b, '-lt': a < b, '-le': a <= b, '-gt': a > b }[op] ?? a >= b;
    }
  }
}

function integer(text: string): number {
  if (!/^\s*[-+]?\d{1,18}\s*$/.test(text)) throw new TestFault(`${text}: integer expression expected`);
  return Number(text);
}
