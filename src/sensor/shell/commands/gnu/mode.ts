/** Whether chmod(1) takes this as a mode. */
export function validMode(mode: string): boolean {
  return /^([0-7]{1,5}|([ugoa]*([-+=]([rwxXst]*|[ugo]))+)(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*)$/.test(mode);
}

/** A mode changed as chmod(1) is told, with a umask of 022 where nobody is named. */
export function alteredMode(old: number, mode: string, folder = false): number {
  if (/^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8) & 0o7777;
  let value = old;
  for (const [, who = '', ops = ''] of mode.matchAll(/([ugoa]*)((?:[-+=][rwxXstugo]*)+)/g)) {
    for (const [, op, what = ''] of ops.matchAll(/([-+=])([rwxXstugo]*)/g)) {
      let bits =
        (what.includes('r') ? 4 : 0) |
        (what.includes('w') ? 2 : 0) |
        (what.includes('x') || (what.includes('X') && (folder || old & 0o111)) ? 1 : 0);
      if (/^[ugo]$/.test(what)) bits = (old >> { u: 6, g: 3, o: 0 }[what as 'u' | 'g' | 'o']) & 7;
      const all = who === '' || who.includes('a');
      let mask = 0;
      let reach = 0;
      for (const [letter, shift] of [
        ['u', 6],
        ['g', 3],
        ['o', 0],
      ] as const)
        if (all || who.includes(letter)) {
          mask |= bits << shift;
          reach |= 7 << shift;
        }
      if (who === '') mask &= ~0o022;
      if (what.includes('s'))
        mask |= (all || who.includes('u') ? 0o4000 : 0) | (all || who.includes('g') ? 0o2000 : 0);
      if (what.includes('t')) mask |= 0o1000;
      value = op === '-' ? value & ~mask : op === '+' ? value | mask : (value & ~reach) | mask;
    }
  }
  return value;
}
