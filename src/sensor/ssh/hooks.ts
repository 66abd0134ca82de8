import type { Wire } from '../emulator.ts';
import type { Hooks } from '../shell/index.ts';

/** What a shell sees of a wire, with nobody at a terminal. */
export function hooksOf(wire: Wire, more: Partial<Hooks> = {}): Hooks {
  return {
    persona: wire.persona,
    src: wire.src,
    dst: wire.dst,
    emit: (body) => wire.emit(body),
    keep: (bytes) => wire.keep(bytes),
    write: () => {},
    readLine: async () => null,
    pause: (ms) => wire.pause(ms),
    now: () => wire.now(),
    random: () => wire.random(),
    ...more,
  };
}
