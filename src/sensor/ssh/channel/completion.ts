import { FsError, join } from '../../shell/fs.ts';
import type { Shell } from '../../shell/index.ts';
import type { Completion } from './line-editor.ts';

const candidateLimit = 200;

/** What a Tab may fill in: programs and built-ins for a first word, files for any other. */
export function completions(shell: Shell, before: string): Completion {
  const word = /[^\s;&|<>()'"]*$/.exec(before)![0];
  const first = /(^|[;&|(])\s*$/.test(before.slice(0, before.length - word.length)) && !word.includes('/');
  const cut = word.lastIndexOf('/') + 1;
  const [folder, start] = [word.slice(0, cut), word.slice(cut)];
  const names = new Set<string>();
  const list = (path: string, prefix: string) => {
    try {
      for (const name of shell.fs.list(path)) {
        if (names.size >= candidateLimit || !name.startsWith(start) || (name.startsWith('.') && !start))
          continue;
        const full = join(path, name);
        names.add(
          `${prefix}${name}${!first && shell.fs.exists(full) && shell.fs.stat(full).kind === 'dir' ? '/' : ''}`,
        );
      }
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
  };
  if (first) {
    for (const folderOfPath of (shell.variables.get('PATH') ?? '').split(':').slice(0, 16))
      list(folderOfPath, '');
    for (const [name, { folder: home }] of shell.commands)
      if (home === null && name.startsWith(start) && names.size < candidateLimit) names.add(name);
  } else list(shell.path(folder.replace(/^~(?=\/)/, shell.variables.get('HOME') ?? '~') || '.'), folder);
  return { word, candidates: [...names].sort() };
}
