import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compileAddressTables, loadAddressTables } from './address-file.ts';
import { Ranges4, Ranges6 } from './address-ranges.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-addresses-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tables() {
  const made = { asn4: new Ranges4(), asn6: new Ranges6(), country4: new Ranges4(), country6: new Ranges6() };
  made.asn4.add(0xc0000200, 0xc00002ff, 64_500);
  made.asn6.add(0x20010db8n << 96n, (0x20010db9n << 96n) - 1n, 64_501);
  made.country4.add(0xc0000200, 0xc00002ff, 0x5858);
  for (const one of Object.values(made)) one.seal();
  return { ...made, names: () => new Map([[64_500, 'Example "One", Ltd']]) };
}

it('gives back what was written', () => {
  const path = join(folder, 'a.bin');
  compileAddressTables(tables(), path);
  const read = loadAddressTables(path)!;
  expect(read.asn4.get(0xc0000207)).toBe(64_500);
  expect(read.asn4.get(0xc0000307)).toBe(0);
  expect(read.asn6.get(0x20010db8, 1, 2, 3)).toBe(64_501);
  expect(read.country4.get(0xc0000200)).toBe(0x5858);
  expect(read.country6.get(1, 2, 3, 4)).toBe(0);
  expect([...read.names()]).toEqual([[64_500, 'Example "One", Ltd']]);
});

it('is not taken where it is absent, damaged, cut, or of other packages', () => {
  const path = join(folder, 'b.bin');
  expect(loadAddressTables(path)).toBeNull();
  compileAddressTables(tables(), path);
  const whole = readFileSync(path);
  const damaged = Buffer.from(whole);
  damaged[whole.length - 40]! ^= 1;
  const others = Buffer.from(whole.toString('latin1').replace('asn ', 'asx '), 'latin1');
  for (const bytes of [damaged, others, whole.subarray(0, 2_000), Buffer.from('no')]) {
    writeFileSync(path, bytes);
    expect(loadAddressTables(path)).toBeNull();
  }
});
