import { expect, it } from 'vitest';
import { compiled } from './compiled.ts';

it('names the compiled file, from the source and from what is compiled', () => {
  const files = [
    'file:///home/a/src/caltrop/src/lake/open.ts',
    'file:///home/a/src/caltrop/dist/src/lake/open.js',
  ];
  for (const from of files) {
    expect(compiled('./process.js', from)).toBe('/home/a/src/caltrop/dist/src/lake/process.js');
    expect(compiled('../../console', from)).toBe('/home/a/src/caltrop/dist/console');
  }
});
