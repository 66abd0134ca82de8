import type { Persona } from '../persona.ts';
import type { Image } from './fs.ts';
import { busyboxImage } from './systems/busybox.ts';
import { debianContainer, smallContainer } from './systems/container.ts';
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
    image = make(persona);
    images.set(persona, image);
  }
  return image;
}

function make(persona: Persona): Image {
  if (persona.container) return isGnu(persona) ? debianContainer(persona) : smallContainer(persona);
  return isGnu(persona) ? gnuImage(persona) : busyboxImage(persona);
}
