import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileAddressTables, loadNames } from './address-file.ts';
import { readAddressTables } from './address-tables.ts';
import { createAsNames } from './as-names.ts';

it('names autonomous systems from the installed tables, compiled or not, and reads them once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-names-'));
  try {
    const tables = readAddressTables();
    const path = join(folder, 'addresses.bin');
    compileAddressTables(tables, path);
    const names = loadNames(path);
    expect(names?.size).toBe(tables.names().size);
    let reads = 0;
    const asName = createAsNames(() => {
      reads++;
      return names ?? new Map();
    });
    expect(asName(0)).toBe('');
    expect(reads).toBe(0);
    expect([asName(13335), asName(4_294_967_000), asName(Number.NaN)]).toEqual(['Cloudflare, Inc.', '', '']);
    expect(reads).toBe(1);
    expect(createAsNames()(13335)).toBe('Cloudflare, Inc.');

    writeFileSync(path, readFileSync(path).subarray(0, 5_000));
    expect(loadNames(path)).toBeNull();
    expect(loadNames(join(folder, 'none'))).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);

it('tells no name where the tables cannot be read', () => {
  const asName = createAsNames(() => {
    throw new Error('not installed');
  });
  expect([asName(13335), asName(13335)]).toEqual(['', '']);
});
