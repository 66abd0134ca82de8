import type { ShellView } from './shell.ts';

/** What the shell shows before it reads a line (PS1, or PS2 for `more`), as the system's own profile sets it. */
export function promptOf(
  shell: Pick<ShellView, 'identity' | 'cwd' | 'dialect' | 'hooks' | 'variables'>,
  more = false,
): string {
  if (more) return '> ';
  const { identity, cwd, dialect, hooks } = shell;
  const home = shell.variables.get('HOME') ?? '/';
  const inside = cwd === home || (home !== '/' && cwd.startsWith(`${home}/`));
  const place = inside ? `~${cwd.slice(home.length)}` : cwd;
  const sign = identity.uid === 0 ? '#' : '$';
  if (dialect.id === 'dash') return `${sign} `;
  if (dialect.id === 'ash') return `${place} ${sign} `;
  return `${identity.name}@${hooks.persona.hostname.split('.')[0]}:${place}${sign} `;
}
