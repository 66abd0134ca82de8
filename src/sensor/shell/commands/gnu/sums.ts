import { createHash } from 'node:crypto';
import type { ShellCommand } from '../../shell.ts';
import { getopt, linesOf, program, sources } from './getopt.ts';

const algorithms: Record<string, string> = {
  md5sum: 'md5',
  sha1sum: 'sha1',
  sha224sum: 'sha224',
  sha256sum: 'sha256',
  sha384sum: 'sha384',
  sha512sum: 'sha512',
  b2sum: 'blake2b512',
};
const hash = (name: string, text: string) =>
  createHash(algorithms[name] ?? 'md5')
    .update(Buffer.from(text, 'latin1'))
    .digest('hex');

const sums = program(Object.keys(algorithms), async (call) => {
  const name = call.args[0]!;
  const options = getopt(call, 'bctwz', {
    binary: 'b',
    check: 'c',
    text: 't',
    tag: 'tag',
    quiet: 'quiet',
    status: 'status',
  });
  if (!options) return 1;
  const { all, failed } = await sources(call, options.words);
  let status = Number(failed);
  for (const { name: file, text } of all) {
    if (!options.flags.has('c')) {
      call.out(`${hash(name, text)} ${options.flags.has('b') ? '*' : ' '}${file}\n`);
      continue;
    }
    for (const line of linesOf(text)) {
      const [, wanted, path = ''] = /^([0-9a-f]+) [ *](.*)$/i.exec(line) ?? [];
      if (!wanted) continue;
      const there = call.fs.exists(call.shell.path(path));
      const good = there && hash(name, call.fs.read(call.shell.path(path)).toString('latin1')) === wanted;
      if (!there) call.err(`${name}: ${path}: No such file or directory\n`);
      call.out(`${path}: ${good ? 'OK' : there ? 'FAILED' : 'FAILED open or read'}\n`);
      if (!good) status = 1;
    }
  }
  return status;
});

const base64 = program('base64 base32', async (call) => {
  const options = getopt(call, 'diw:', { decode: 'd', 'ignore-garbage': 'i', wrap: 'w:' });
  if (!options) return 1;
  const { all, failed } = await sources(call, options.words.slice(0, 1));
  if (failed) return 1;
  const text = all[0]?.text ?? '';
  if (options.flags.has('d')) {
    const clean = text.replace(/\n/g, '');
    const good = /^[A-Za-z0-9+/]*={0,2}/.exec(clean)![0];
    call.out(Buffer.from(good, 'base64').toString('latin1'));
    if (good.length === clean.length || options.flags.has('i')) return 0;
    call.err('base64: invalid input\n');
    return 1;
  }
  const wrap = Number(options.flags.get('w') ?? 76);
  const encoded = Buffer.from(text, 'latin1').toString('base64');
  if (!(wrap > 0)) call.out(encoded);
  else for (let at = 0; at < encoded.length; at += wrap) call.out(`${encoded.slice(at, at + wrap)}\n`);
  return 0;
});

const od = program('od hexdump hd xxd', async (call) => {
  const name = call.args[0]!;
  const spec =
    name === 'od' ? 'A:t:N:j:w:vbcdoxsl' : name === 'xxd' ? 'aAbc:Cdeg:il:o:prs:u' : 'bcCde:f:n:os:vx';
  const options = getopt(call, spec, {
    'address-radix': 'A:',
    format: 't:',
    'read-bytes': 'N:',
    'skip-bytes': 'j:',
    canonical: 'C',
    length: 'n:',
  });
  if (!options) return 1;
  const { flags, words } = options;
  const { all, failed } = await sources(call, words);
  if (failed && all.length === 0) return 1;
  const skip = Number(flags.get('j') ?? flags.get('s') ?? 0) || 0;
  const most = Number(flags.get('N') ?? flags.get('n') ?? flags.get('l') ?? Number.NaN);
  let text = all
    .map((one) => one.text)
    .join('')
    .slice(skip);
  if (!Number.isNaN(most)) text = text.slice(0, most);
  const bytes = Buffer.from(text, 'latin1');
  const hex = (n: number, size: number) => n.toString(16).padStart(size, '0');
  const pairs = (row: Buffer) => [...row].map((byte) => hex(byte, 2));
  const plain = (row: Buffer) =>
    [...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
  if (name === 'xxd' && flags.has('r')) {
    call.out(
      Buffer.from(text.replace(/^[0-9a-f]+: | {2}.*$/gm, '').replace(/\s/g, ''), 'hex').toString('latin1'),
    );
    return 0;
  }
  if (name === 'xxd' && flags.has('p')) {
    for (let at = 0; at < bytes.length; at += 30)
      call.out(`${bytes.subarray(at, at + 30).toString('hex')}\n`);
    return 0;
  }
  const canonical = name === 'hd' || flags.has('C');
  const type =
    name === 'od'
      ? (flags.get('t') ?? (flags.has('c') ? 'c' : flags.has('x') ? 'x2' : flags.has('b') ? 'o1' : 'o2'))
      : 'x2';
  const radix = flags.get('A') ?? 'o';
  const address = (at: number) =>
    name === 'od'
      ? radix === 'n'
        ? ''
        : radix === 'x'
          ? hex(at, 6)
          : radix === 'd'
            ? String(at).padStart(7, '0')
            : at.toString(8).padStart(7, '0')
      : hex(at, canonical || name === 'xxd' ? 8 : 7);
  let before = '';
  let starred = false;
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const same = row.toString('latin1') === before && name !== 'xxd' && !flags.has('v');
    before = row.toString('latin1');
    if (same) {
      if (!starred) call.out('*\n');
      starred = true;
      continue;
    }
    starred = false;
    if (name === 'xxd')
      call.out(
        `${address(skip + at)}: ${(row.toString('hex').match(/.{1,4}/g) ?? []).join(' ').padEnd(39)}  ${plain(row)}\n`,
      );
    else if (canonical) {
      const cells = pairs(row);
      call.out(
        `${address(skip + at)}  ${`${cells.slice(0, 8).join(' ').padEnd(23)}  ${cells.slice(8).join(' ')}`.padEnd(48)}  |${plain(row)}|\n`,
      );
    } else if (type === 'c')
      call.out(
        `${address(skip + at)}${[...row].map((byte) => ({ 0: '  \\0', 10: '  \\n', 9: '  \\t', 13: '  \\r' })[byte] ?? (byte >= 32 && byte < 127 ? `   ${String.fromCharCode(byte)}` : ` ${byte.toString(8).padStart(3, '0')}`)).join('')}\n`,
      );
    else if (/1|C/.test(type))
      call.out(
        `${address(skip + at)}${[...row].map((byte) => ` ${type.startsWith('o') ? byte.toString(8).padStart(3, '0') : type.startsWith('x') ? hex(byte, 2) : String(byte).padStart(3)}`).join('')}\n`,
      );
    else {
      const cells: string[] = [];
      for (let k = 0; k < row.length; k += 2) {
        const value = row[k]! | ((row[k + 1] ?? 0) << 8);
        cells.push(
          type.startsWith('o')
            ? value.toString(8).padStart(6, '0')
            : type.startsWith('d') || type.startsWith('u')
              ? String(value).padStart(5)
              : hex(value, 4),
        );
      }
      call.out(`${address(skip + at)} ${cells.join(' ')}\n`);
    }
    call.shell.step();
  }
  if (name !== 'xxd' && (bytes.length || name === 'od') && radix !== 'n')
    call.out(`${address(skip + bytes.length)}\n`);
  return 0;
});

export const gnuSums: readonly ShellCommand[] = [
  sums,
  base64,
  od,
  program('cksum sum', async (call) => {
    const { all, failed } = await sources(call, call.args.slice(1));
    for (const { name, text } of all)
      call.out(
        `${createHash('md5').update(text).digest().readUInt32BE(0)} ${text.length}${name === '-' ? '' : ` ${name}`}\n`,
      );
    return Number(failed);
  }),
  program('strings', async (call) => {
    const { all, failed } = await sources(
      call,
      call.args.slice(1).filter((arg, i, list) => !arg.startsWith('-') && list[i - 1] !== '-n'),
      (word) => `'${word}': No such file`,
    );
    for (const { text } of all)
      for (const found of text.match(/[\t\x20-\x7e]{4,}/g) ?? []) call.out(`${found}\n`);
    return Number(failed);
  }),
];
