import { expect, it } from 'vitest';
import { deviceOf } from '../adb/device.ts';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'android-tv'));

it('is the box that its debug port shows', () => {
  for (const persona of many) {
    const { board, persona: shown, properties } = deviceOf(persona);
    expect(shown).toEqual(persona);
    expect(persona.product).toMatchObject({ model: board.model, serial: properties.get('ro.serialno') });
  }
});
