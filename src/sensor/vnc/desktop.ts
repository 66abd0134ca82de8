import { printable } from '../../kit/printable.ts';
import type { Wire } from '../emulator.ts';
import { Screen, serverInit } from './screen.ts';

const typedLimit = 4_096;
const pastedLimit = 65_536;
const keys: Record<number, string> = {
  65288: '<BackSpace>',
  65289: '<Tab>',
  65307: '<Escape>',
  65361: '<Left>',
  65362: '<Up>',
  65363: '<Right>',
  65364: '<Down>',
  65535: '<Delete>',
  65507: '<Control>',
  65513: '<Alt>',
  65515: '<Super>',
  65474: '<F5>',
  65471: '<F2>',
};
const returns = new Set([0xff0d, 0xff8d]);

/** What an attacker does to the display after a login: keys as lines of commands, pasted text, clicks counted (RFC 6143 §7.5). */
export async function desktop(wire: Wire): Promise<void> {
  const shared = await wire.bytes(1);
  if (shared === null) return;
  wire.send(serverInit(`${wire.persona.hostname}:0`));
  const screen = new Screen(wire);
  let typed = '';
  let clicks = 0;
  const flush = (finished: boolean) => {
    if (typed)
      wire.emit({ kind: 'command', input: printable(typed, typedLimit), detail: { typed: true, finished } });
    typed = '';
  };
  for (;;) {
    const kind = await wire.bytes(1);
    if (kind === null) break;
    const sizes: Record<number, number> = { 0: 19, 2: 3, 3: 9, 4: 7, 5: 5, 6: 7 };
    const size = sizes[kind[0]!];
    // What is no message ends the session, as with libvncserver.
    if (size === undefined) break;
    const body = await wire.bytes(size);
    if (body === null) break;
    if (kind[0] === 0) screen.format(body.subarray(3));
    else if (kind[0] === 2) {
      const list = await wire.bytes(body.readUInt16BE(1) * 4);
      if (list === null) break;
      const offered = Array.from({ length: list.length / 4 }, (_, n) => list.readInt32BE(n * 4));
      wire.emit({ kind: 'fingerprint', method: 'vnc-encodings', value: offered.join(',') });
      screen.encode(offered);
    } else if (kind[0] === 3) screen.update(body[0] !== 0);
    else if (kind[0] === 4 && body[0] !== 0) {
      const key = body.readUInt32BE(3);
      if (returns.has(key)) flush(true);
      else if (typed.length < typedLimit)
        typed += key >= 32 && key < 256 ? String.fromCharCode(key) : (keys[key] ?? '');
    } else if (kind[0] === 5 && body[0] !== 0) clicks++;
    else if (kind[0] === 6) {
      const length = body.readUInt32BE(3);
      const pasted = await wire.bytes(length);
      if (pasted === null) break;
      wire.emit({
        kind: 'command',
        input: printable(pasted.toString('latin1'), pastedLimit),
        detail: { pasted: true },
      });
    }
  }
  flush(false);
  if (clicks) wire.emit({ kind: 'data', size: 0, detail: { clicks } });
}
