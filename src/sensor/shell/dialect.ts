import type { Errno } from './fs.ts';
import { type SyntaxFault, Unfinished } from './syntax.ts';

/** Where a message comes from: the shell's name, the line that it reads, and whether somebody types. */
export interface Place {
  name: string;
  line: number;
  interactive: boolean;
  /** True for the text of `-c`. */
  command: boolean;
}

/** How one shell words what all of them say. */
export interface Dialect {
  id: 'bash' | 'dash' | 'ash';
  /** True where the language of bash is understood. */
  extended: boolean;
  /** What errors start with. */
  prefix(place: Place): string;
  notFound: string;
  /** A path that was to be run, and is not there. */
  missing: string;
  /** A folder that was to be run. */
  folder: string;
  open(path: string, errno: Errno, message: string): string;
  create(path: string, errno: Errno, message: string): string;
  syntax(place: Place, error: SyntaxFault, source: string): string;
}

const gone = (errno: Errno) => errno === 'ENOENT' || errno === 'ENOTDIR';

/** GNU bash 5.2. */
export const bash: Dialect = {
  id: 'bash',
  extended: true,
  prefix: ({ name, line, interactive }) => (interactive ? `${name}: ` : `${name}: line ${line}: `),
  notFound: 'command not found',
  missing: 'No such file or directory',
  folder: 'Is a directory',
  open: (path, _, message) => `${path}: ${message}`,
  create: (path, _, message) => `${path}: ${message}`,
  syntax({ name, interactive, command, line: before }, error, source) {
    const { token, unclosed } = error.detail;
    const start = `${name}: ${interactive ? '' : `${command ? '-c: ' : ''}line `}`;
    const at = (line: number) => (interactive ? '' : `${line + before}: `);
    if (unclosed)
      return `${start}${at(error.line)}unexpected EOF while looking for matching \`${unclosed}'\n`;
    if (error instanceof Unfinished)
      return `${start}${at(source.replace(/\n$/, '').split('\n').length + 1)}syntax error: unexpected end of file\n`;
    const told = `${start}${at(error.line)}syntax error near unexpected token \`${token ?? 'newline'}'\n`;
    if (interactive) return told;
    return `${told}${start}${at(error.line)}\`${source.split('\n')[error.line - 1] ?? ''}'\n`;
  },
};

/** dash 0.5, the `sh` of Debian and Ubuntu. */
export const dash: Dialect = {
  id: 'dash',
  extended: false,
  prefix: ({ name, line }) => `${name}: ${line}: `,
  notFound: 'not found',
  missing: 'not found',
  folder: 'Permission denied',
  open: (path, errno, message) => `cannot open ${path}: ${gone(errno) ? 'No such file' : message}`,
  create: (path, errno, message) =>
    `cannot create ${path}: ${gone(errno) ? 'Directory nonexistent' : message}`,
  syntax({ name, line: before }, error, source) {
    const { token, unclosed, expecting, redirection } = error.detail;
    const line =
      before + (error instanceof Unfinished ? source.replace(/\n$/, '').split('\n').length : error.line);
    const start = `${name}: `;
    if (unclosed === '"' || unclosed === "'")
      return `${start}${line}: Syntax error: Unterminated quoted string\n`;
    const wanted = expecting ? ` (expecting "${expecting}")` : unclosed ? ` (expecting "${unclosed}")` : '';
    if (error instanceof Unfinished) {
      const end = source.includes('\n') ? line + 1 : line;
      return `${start}${end}: Syntax error: end of file unexpected${wanted}\n`;
    }
    const marks =
      /^(;;|;|&&?|\|\|?|\(|\)|if|then|else|elif|fi|do|done|case|esac|while|until|for|\{|\}|!|in)$/;
    const shown = redirection
      ? 'redirection'
      : token === 'newline' || token === undefined
        ? 'newline'
        : marks.test(token)
          ? `"${token}"`
          : 'word';
    return `${start}${line}: Syntax error: ${shown} unexpected${wanted}\n`;
  },
};

/** BusyBox ash. */
export const ash: Dialect = {
  id: 'ash',
  extended: false,
  prefix: ({ name }) => `${name}: `,
  notFound: 'not found',
  missing: 'not found',
  folder: 'Permission denied',
  open: (path, errno, message) => `can't open ${path}: ${gone(errno) ? 'no such file' : message}`,
  create: (path, errno, message) =>
    `can't create ${path}: ${gone(errno) ? 'nonexistent directory' : message}`,
  syntax: ({ name }, error) => `${name}: syntax error: ${error.message}\n`,
};

/** The dialect of a shell's program by its name, on a system that has GNU tools or BusyBox. */
export function dialectOf(name: string, gnu: boolean): Dialect {
  if (!gnu) return ash;
  return /bash$/.test(name) ? bash : dash;
}

/** The dialect that a script's first line names. */
export function dialectOfScript(text: string, own: Dialect): Dialect {
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
  if (!interpreter || own.id === 'ash') return own;
  const program = interpreter[1]!.endsWith('/env') ? (interpreter[2] ?? '') : interpreter[1]!;
  if (/bash$/.test(program)) return bash;
  return /\/?(da|a|k)?sh$/.test(program) ? dash : own;
}
