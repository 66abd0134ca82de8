import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import wabt from 'wabt';
import { explainCode } from './explain-code.ts';

it('is what its text says', async () => {
  const text = readFileSync(new URL('./explain.wat', import.meta.url), 'utf8');
  const { parseWat } = await wabt();
  const { buffer } = parseWat('explain.wat', text, { threads: true }).toBinary({});
  expect(explainCode).toBe(Buffer.from(buffer).toString('base64'));
});
