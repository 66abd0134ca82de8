import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeAtomic } from '../kit/atomic-file.ts';
import { compiled } from '../kit/compiled.ts';
import { Ranges4, Ranges6 } from './address-ranges.ts';
import { type AddressTables, addressPackages } from './address-tables.ts';

/** Where the build puts the tables: in `dist/`, beside what it compiles. */
const place = compiled('../../addresses.bin', import.meta.url);
const headBytes = 1024;

interface Head {
  /** The packages that it was made of, and this machine's order of bytes. */
  packages: string;
  order: string;
  /** Numbers in each array, in the order of `arraysOf`. */
  sizes: number[];
  crc: number;
}

const order = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';

/** Writes the tables as they lie in memory, so that opening them is one read. */
export function compileAddressTables(tables: AddressTables, path: string = place): void {
  const arrays = [tables.asn4, tables.asn6, tables.country4, tables.country6].flatMap((one) => one.arrays());
  const names = Buffer.from(JSON.stringify([...tables.names()]));
  const body = Buffer.concat([
    ...arrays.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)),
    names,
  ]);
  const head: Head = {
    packages: addressPackages(),
    order,
    sizes: arrays.map(({ length }) => length),
    crc: crc32(body),
  };
  writeAtomic(path, Buffer.concat([Buffer.from(JSON.stringify(head).padEnd(headBytes)), body]), 0o644);
}

/** The names of autonomous systems alone, from the end of the compiled file, or null as below; the check sum is left out. */
export function loadNames(path: string = place): Map<number, string> | null {
  try {
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(headBytes);
      readSync(file, start, 0, headBytes, 0);
      const head: Head = JSON.parse(start.toString('latin1'));
      if (head.packages !== addressPackages()) return null;
      const from = headBytes + 4 * head.sizes.reduce((sum, size) => sum + size, 0);
      const text = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
      readSync(file, text, 0, text.length, from);
      return new Map(JSON.parse(text.toString()));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** The compiled tables, or null where there are none, or none of the installed packages, or a damaged file. */
export function loadAddressTables(path: string = place): AddressTables | null {
  try {
    const bytes = readFileSync(path);
    const head: Head = JSON.parse(bytes.toString('latin1', 0, headBytes));
    if (head.packages !== addressPackages() || head.order !== order) return null;
    const body = bytes.subarray(headBytes);
    if (crc32(body) !== head.crc) return null;
    // A copy of the file's own: its numbers lie on their bounds, and nothing else holds it.
    const own = new Uint8Array(body).buffer;
    let at = 0;
    const arrays = head.sizes.map((size) => {
      const array = new Uint32Array(own, at, size);
      at += array.byteLength;
      return array;
    });
    const tables = {
      asn4: new Ranges4(),
      asn6: new Ranges6(),
      country4: new Ranges4(),
      country6: new Ranges6(),
    };
    tables.asn4.restore(arrays.slice(0, 3));
    tables.asn6.restore(arrays.slice(3, 5));
    tables.country4.restore(arrays.slice(5, 8));
    tables.country6.restore(arrays.slice(8, 10));
    const from = at;
    let names: Map<number, string> | undefined;
    return {
      ...tables,
      // Two megabytes of text that most processes never ask for.
      names: () => (names ??= new Map(JSON.parse(Buffer.from(own, from).toString()))),
    };
  } catch {
    return null;
  }
}
