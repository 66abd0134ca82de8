import type { Persona } from '../persona.ts';
import type { Image } from './fs.ts';
import { busyboxImage } from './systems/busybox.ts';
import { gnuImage } from './systems/gnu.ts';

const images = new WeakMap<Persona, Image>();

/** Whether a persona's system has GNU's tools, bash and systemd, rather than BusyBox. */
export function isGnu({ system }: Pick<Persona, 'system'>): boolean {
  return system.id === 'debian' || system.id === 'ubuntu';
}

/** The files of a persona; made once, shared by all who look. */
export function imageOf(persona: Persona): Image {
  let image = images.get(persona);
  if (!image) {
    image = isGnu(persona) ? gnuImage(persona) : busyboxImage(persona);
    images.set(persona, image);
  }
  return image;
}
