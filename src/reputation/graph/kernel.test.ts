import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import wabt from 'wabt';
import { kernelCode } from './kernel-code.ts';

it('is what its text says', async () => {
  const text = readFileSync(new URL('./kernel.wat', import.meta.url), 'utf8');
  const { parseWat } = await wabt();
  const { buffer } = parseWat('kernel.wat', text, { threads: true }).toBinary({});
  expect(kernelCode).toBe(Buffer.from(buffer).toString('base64'));
});
