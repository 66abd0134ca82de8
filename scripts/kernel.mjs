// Makes the code of kernels of their text.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const { parseWat } = await wabt();
for (const [folder, name] of [
  ['graph', 'kernel'],
  ['learn', 'explain'],
]) {
  const path = fileURLToPath(new URL(`../src/reputation/${folder}/${name}`, import.meta.url));
  const module = parseWat(`${name}.wat`, readFileSync(`${path}.wat`, 'utf8'), { threads: true });
  const code = Buffer.from(module.toBinary({}).buffer).toString('base64');
  writeFileSync(
    `${path}-code.ts`,
    `/** What \`npm run kernel\` makes of ${name}.wat. */\nexport const ${name}Code =\n  '${code}';\n`,
  );
}
