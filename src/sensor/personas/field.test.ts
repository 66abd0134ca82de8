import { expect, it } from 'vitest';
import { emulators } from '../emulators/index.ts';
import { createPersona } from '../personas.ts';
import { kinds } from './index.ts';

/** Stands wherever it is put: it belongs to no machine. */
const anywhere = new Set(['catchall']);

it('there is a machine for every service', () => {
  const met = new Set(kinds.flatMap(({ services }) => services.map(({ emulator }) => emulator)));
  expect(emulators.map(({ name }) => name).filter((name) => !met.has(name) && !anywhere.has(name))).toEqual(
    [],
  );
});

it('devices of the field differ in kernel, build and serial number', () => {
  for (const kind of ['substation', 'building-controller', 'printer', 's7-controller', 'filling-station']) {
    const many = Array.from({ length: 60 }, (_, i) => createPersona(`${i}`, kind));
    expect(new Set(many.map(({ kernel }) => kernel.release)).size).toBeGreaterThan(2);
    expect(new Set(many.map(({ product }) => product.serial)).size).toBe(60);
  }
});
