import { seeded } from '../../kit/seeded.ts';
import type { Persona } from '../persona.ts';
import type { Answer } from './answer.ts';

/** Pages as they lie on a persona's disk, or as its scripts write them. */
export function paper(persona: Persona) {
  const { modifiedAt } = persona.web;
  const file = (type: string, body: string): Answer => ({
    status: 200,
    kind: 'file',
    type,
    body,
    modifiedAt,
  });
  return {
    file,
    html: (body: string) => file('text/html', body),
    css: (body: string) => file('text/css', body),
    icon: () => file('image/x-icon', icon(persona)),
    script: (body: string, headers: [string, string][] = [], type = 'text/html; charset=UTF-8'): Answer => ({
      status: 200,
      kind: 'script',
      type,
      body,
      headers,
    }),
    json: (value: unknown, headers: [string, string][] = []): Answer => ({
      status: 200,
      kind: 'script',
      type: 'application/json',
      body: JSON.stringify(value),
      headers,
    }),
  };
}

export const pick = <T>(persona: Persona, label: string, list: readonly T[]): T =>
  list[Number.parseInt(persona.token(`web ${label}`, 8), 16) % list.length]!;

/** Colours that go together: a strong one, and a pale one of the same hue. */
export function colours(persona: Persona): { strong: string; pale: string; hue: number } {
  const hue = Number.parseInt(persona.token('web hue', 4), 16) % 360;
  return { hue, strong: `hsl(${hue},45%,32%)`, pale: `hsl(${hue},28%,94%)` };
}

/** A mark of 16 by 16 points, the same on both halves: a bitmap in an icon file. */
function icon(persona: Persona): string {
  const dice = seeded(Number.parseInt(persona.token('web icon', 8), 16));
  const colour = [0, 1, 2].map(() => 40 + Math.floor(dice() * 160));
  const pixels = Buffer.alloc(1_024);
  for (let row = 0; row < 8; row++)
    for (let column = 0; column < 4; column++) {
      const on = dice() < 0.55;
      for (const x of [column * 2, column * 2 + 1, 14 - column * 2, 15 - column * 2])
        for (const y of [row * 2, row * 2 + 1]) if (on) pixels.set([...colour, 255], (y * 16 + x) * 4);
    }
  const head = Buffer.alloc(62);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.set([16, 16], 6);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(40 + 1_024 + 64, 14);
  head.writeUInt32LE(22, 18);
  head.writeUInt32LE(40, 22);
  head.writeUInt32LE(16, 26);
  head.writeUInt32LE(32, 30);
  head.writeUInt16LE(1, 34);
  head.writeUInt16LE(32, 36);
  return Buffer.concat([head, pixels, Buffer.alloc(64)]).toString('latin1');
}
