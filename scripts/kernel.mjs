// Makes src/reputation/graph/kernel-code.ts of kernel.wat.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const folder = fileURLToPath(new URL('../src/reputation/graph/', import.meta.url));
const { parseWat } = await wabt();
const module = parseWat('kernel.wat', readFileSync(`${folder}kernel.wat`, 'utf8'), { threads: true });
const code = Buffer.from(module.toBinary({}).buffer).toString('base64');
writeFileSync(
  `${folder}kernel-code.ts`,
  `/** What \`npm run kernel\` makes of kernel.wat. */\nexport const kernelCode =\n  '${code}';\n`,
);
