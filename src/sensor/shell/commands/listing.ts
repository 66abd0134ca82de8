import type { FileNode } from '../fs.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Half a year: older files show their year in place of the time. */
const recentMs = 15_552_000_000;

/** `drwxr-xr-x` and the like. */
export function modeText({ kind, mode }: FileNode): string {
  const type = { file: '-', dir: 'd', link: 'l', device: 'c' }[kind];
  const bits = [6, 3, 0].map((shift) => {
    const three = mode >> shift;
    return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${three & 1 ? 'x' : '-'}`;
  });
  const special = (i: number, set: boolean, mark: string) => {
    if (set) bits[i] = bits[i]!.slice(0, 2) + (bits[i]!.endsWith('x') ? mark : mark.toUpperCase());
  };
  special(0, (mode & 0o4000) !== 0, 's');
  special(1, (mode & 0o2000) !== 0, 's');
  if (mode & 0o1000) bits[2] = `${bits[2]!.slice(0, 2)}t`;
  return type + bits.join('');
}

export function dateText(ms: number, now: number): string {
  const date = new Date(ms);
  const day = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
  const time = `${String(date.getUTCHours()).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
  return now - ms > recentMs ? `${day}  ${date.getUTCFullYear()}` : `${day} ${time}`;
}

/** One line of `ls -l` as BusyBox prints it. */
export function longLine(node: FileNode, name: string, size: number, now: number, human: boolean): string {
  const shown = human ? sizeText(size) : String(size);
  const owner = node.uid === 0 ? 'root' : String(node.uid);
  const tail = node.kind === 'link' ? `${name} -> ${node.target}` : name;
  return `${modeText(node)}    1 ${owner.padEnd(8)} ${owner.padEnd(8)} ${shown.padStart(9)} ${dateText(node.mtime, now)} ${tail}\n`;
}

/** A size with one digit after the point and a unit, as `-h` prints it. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1_024 && unit < 4; unit++) value /= 1_024;
  return unit === 0 ? String(bytes) : `${value.toFixed(1)}${' KMGT'[unit]}`;
}
