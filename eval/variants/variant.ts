import { createHash } from 'node:crypto';
import { type Draw, pick, shuffled } from '../../src/kit/seeded.ts';
import type { Body } from '../../src/model/event.ts';

/** A session as it is made: its true label (`-` for what nobody should label) and what is done in it. */
export interface Made {
  label: string;
  protocol: string;
  port: number;
  bodies: Body[];
  /** Milliseconds between bodies. */
  gaps: (draw: Draw) => number;
}

/** Chance under names that variants need. All addresses are those of RFC 5737. */
export class Dice {
  readonly draw: Draw;
  constructor(draw: Draw) {
    this.draw = draw;
  }
  chance(share: number): boolean {
    return this.draw() < share;
  }
  int(from: number, to: number): number {
    return from + Math.floor(this.draw() * (to - from + 1));
  }
  pick<T>(list: readonly T[]): T {
    return pick(this.draw, list);
  }
  shuffled<T>(list: readonly T[]): T[] {
    return shuffled(this.draw, list);
  }
  ip(): string {
    return `${this.pick(['192.0.2', '198.51.100', '203.0.113'])}.${this.int(1, 254)}`;
  }
  word(from = 4, to = 10, letters = 'abcdefghijklmnopqrstuvwxyz'): string {
    return Array.from({ length: this.int(from, to) }, () => this.pick([...letters])).join('');
  }
  sha256(): string {
    return createHash('sha256').update(`${this.draw()}`).digest('hex');
  }
  /** The same command with other blanks, quotes or cases, where a shell does not mind. */
  loosely(command: string): string {
    let text = command;
    const pipe = this.pick(['|', '  | ', ' | ', ' | ']);
    text = text.replace(/(?<!\|) ?\| ?(?!\|)/g, pipe);
    if (this.chance(0.3)) text = text.replace(/; /g, ';');
    if (this.chance(0.2)) text = text.replace(/ /g, (blank) => (this.chance(0.2) ? '  ' : blank));
    if (this.chance(0.2)) text = ` ${text} `;
    return text;
  }
  /** Things in their order, with other things between them. */
  amid<T>(things: readonly T[], others: readonly T[], share = 0.3): T[] {
    return things.flatMap((thing) => (this.chance(share) ? [this.pick(others), thing] : [thing]));
  }
}

export const command = (input: string): Body => ({ kind: 'command', input });
export const upload = (name: string, sha256: string): Body => ({ kind: 'upload', name, sha256, size: 1_024 });
export const login = (user: string, secret: string, ok = true): Body => ({ kind: 'login', user, secret, ok });
export const banner = (value: string): Body => ({ kind: 'fingerprint', method: 'banner', value });
export const request = (
  method: string,
  target: string,
  headers: [string, string][] = [],
  body?: string,
): Body => ({
  kind: 'request',
  method,
  target,
  status: 404,
  headers,
  ...(body === undefined ? {} : { body }),
});

/** Commands of no one behaviour, which bots of all kinds put between. */
export const noise = [
  'pwd',
  'echo ok',
  'cd /',
  'whoami',
  'export PATH=/bin:/usr/bin:$PATH',
  'ls',
  'id',
  'history -c',
  'unset HISTFILE',
].map(command);

export const fast = (draw: Draw): number => 5 + draw() * 60;
export const slow = (draw: Draw): number => 700 + draw() ** 3 * 20_000;

/** Lines of a script as lines, as one line, or as something between. */
export function laidOut(dice: Dice, lines: readonly string[]): Body[] {
  const way = dice.int(0, 2);
  if (way === 0) return lines.map((line) => command(dice.loosely(line)));
  const joint = dice.pick(['; ', ' && ', ';', ' || ']);
  if (way === 1) return [command(lines.join(joint))];
  const cut = dice.int(1, Math.max(1, lines.length - 1));
  return [lines.slice(0, cut), lines.slice(cut)]
    .filter((part) => part.length > 0)
    .map((part) => command(part.join(joint)));
}
