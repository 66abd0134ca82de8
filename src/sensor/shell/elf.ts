import { seeded } from '../../kit/seeded.ts';
import type { Persona } from '../persona.ts';

const size = 892_124;
const cache = new WeakMap<Persona, Buffer>();
const header = new WeakMap<Persona, Buffer>();

/** A program of a distribution, position-independent as they are; its bytes are made at the look, from shared noise. */
export function programBytes(persona: Persona, length: number): () => Buffer {
  return () => {
    const noise = busyboxProgram(persona)();
    const bytes = Buffer.alloc(length);
    for (let at = 4_096; at < length; at += size - 4_096) noise.copy(bytes, at, 4_096);
    let head = header.get(persona);
    if (!head) {
      head = elfHeader(persona);
      // ET_DYN
      if (persona.arch.littleEndian) head.writeUInt16LE(3, 16);
      else head.writeUInt16BE(3, 16);
      header.set(persona, head);
    }
    head.copy(bytes);
    return bytes;
  };
}

/** A program file of the persona's machine: a true ELF header, then bytes that mean nothing. Made at the first look. */
export function busyboxProgram(persona: Persona): () => Buffer {
  return () => {
    let bytes = cache.get(persona);
    if (!bytes) {
      bytes = make(persona);
      cache.set(persona, bytes);
    }
    return bytes;
  };
}

function make(persona: Persona): Buffer {
  const bytes = Buffer.alloc(size);
  const dice = seeded(Number.parseInt(persona.token('program', 8), 16));
  for (let at = 4_096; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.floor(dice() * 0x1_0000_0000), at);
  elfHeader(persona).copy(bytes);
  return bytes;
}

/** The ELF header (System V gABI, chapter 4) of an executable for this machine. */
export function elfHeader({ arch }: Persona): Buffer {
  const wide = arch.elfClass === 64;
  const bytes = Buffer.alloc(wide ? 64 : 52);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, arch.littleEndian ? 1 : 2, 1, 0]);
  let at = 16;
  const half = (value: number) => {
    if (arch.littleEndian) bytes.writeUInt16LE(value, at);
    else bytes.writeUInt16BE(value, at);
    at += 2;
  };
  const word = (value: number) => {
    if (arch.littleEndian) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
    at += 4;
  };
  const address = (value: number) => {
    if (wide && !arch.littleEndian) word(0);
    word(value);
    if (wide && arch.littleEndian) word(0);
  };
  half(2);
  half(arch.elfMachine);
  word(1);
  address(wide ? 0x40_2c10 : 0x1_2f84);
  address(wide ? 64 : 52);
  address(size - 1_024);
  // The soft-float EABI version 5 flag of ARM; none elsewhere.
  word(arch.elfMachine === 40 ? 0x0500_0200 : 0);
  for (const value of [wide ? 64 : 52, wide ? 56 : 32, 7, wide ? 64 : 40, 25, 24]) half(value);
  return bytes;
}
