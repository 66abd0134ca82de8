import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Fault } from '../src/kit/fault.ts';
import { packageFolder } from '../src/version.ts';

/** A data file as lines, with what a result must say of its input. */
export interface DataFile {
  lines: string[];
  sha256: string;
}

/** Bytes of a data file once unpacked, at most. */
const dataLimit = 512 * 1024 * 1024;

/** Where data of others lies: what was asked for, else `CALTROP_TEST_DATA`, else beside the clone. */
export function dataFolder(asked: string | undefined): string {
  return asked ?? process.env.CALTROP_TEST_DATA ?? join(packageFolder('..'), 'shared/data');
}

/** Reads `path` (as `set/file`) from a folder that holds the sets, from the set's own folder, or the file itself. */
export function readData(asked: string | undefined, path: string): DataFile {
  const from = dataFolder(asked);
  const found = statSync(from, { throwIfNoEntry: false })?.isFile()
    ? from
    : [join(from, path), join(from, basename(path))].find((one) => existsSync(one));
  if (found === undefined)
    throw new Fault('not-found', `${path} is not in ${from}: say where by --data PATH.`);
  const bytes = readFileSync(found);
  const text = found.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: dataLimit }) : bytes;
  return {
    lines: text.toString('utf8').trimEnd().split(/\r?\n/),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** A rounded figure for a result line. */
export function rounded(value: number | null | undefined, digits = 4): number | null {
  return value === null || value === undefined ? null : Number(value.toFixed(digits));
}
