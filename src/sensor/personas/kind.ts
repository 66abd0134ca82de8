import { createHash } from 'node:crypto';
import type { Persona, PersonaService } from '../persona.ts';

/** What a machine's traits are drawn from: the same seed and label always give the same. */
export interface Seed {
  token(label: string, size?: number): string;
  number(label: string): number;
  pick<T>(label: string, list: readonly T[]): T;
}

/** A kind of machine: what all of its instances share, and how one of them follows from a seed. */
export interface Kind {
  name: string;
  summary: string;
  services: readonly PersonaService[];
  create(seed: Seed): Omit<Persona, 'kind' | 'machineId' | 'services' | 'token'>;
}

export function defineKind(kind: Kind): Kind {
  return kind;
}

export const day = 86_400_000;
/** The boot and the pages lie before this day, so that they never lie in the future: 2026-01-01. */
export const epoch = 1_767_225_600_000;

export function seedFrom(secret: string): Seed {
  const token = (label: string, size = 32) => {
    let text = '';
    for (let block = 0; text.length < size; block++) {
      text += createHash('sha256').update(`${secret}\0${label}\0${block}`).digest('hex');
    }
    return text.slice(0, size);
  };
  const number = (label: string) => Number.parseInt(token(label, 12), 16);
  return { token, number, pick: (label, list) => list[number(label) % list.length]! };
}
