import { z } from 'zod';
import { type DatagramWire, defineDatagramEmulator } from '../emulator.ts';

/** RFC 1350 §5. */
const ops = { read: 1, write: 2, data: 3, acknowledge: 4, error: 5 };
const blockSize = 512;
/** A file that somebody brings is kept up to this. */
const fileLimit = 1_048_576;
const notFound = 1;

/** A file that is being brought, block by block. */
interface Upload {
  name: string;
  blocks: Buffer[];
  size: number;
  next: number;
  whole: boolean;
}

/**
 * TFTP server that takes whatever is brought and has nothing to give (RFC 1350). It does not know options (RFC 2347), as those of
 * small devices do not, so that blocks stay small.
 */
export const tftp = defineDatagramEmulator({
  name: 'tftp',
  summary: 'TFTP server: takes files, has none',
  port: 69,
  highPort: 6969,
  options: z.strictObject({ writable: z.boolean().default(true) }),

  datagram(wire, bytes, { writable }) {
    if (bytes.length < 4) return null;
    const op = bytes.readUInt16BE(0);
    if (op === ops.read || op === ops.write) {
      const [name = '', mode = '', ...options] = bytes.toString('latin1', 2).split('\0');
      wire.emit({
        kind: 'command',
        input: `${op === ops.read ? 'RRQ' : 'WRQ'} ${name} ${mode}`.slice(0, 8_192),
        ...(options.length > 1 ? { detail: { options: options.slice(0, -1).join(' ').slice(0, 512) } } : {}),
      });
      settle(wire);
      if (op === ops.read) return failure(bytes.length, notFound, 'File not found');
      if (!writable) return failure(bytes.length, 2, 'Access violation');
      wire.memory.set('tftp', { name, blocks: [], size: 0, next: 1, whole: false } satisfies Upload);
      return acknowledgement(0);
    }
    const upload = wire.memory.get('tftp') as Upload | undefined;
    if (op !== ops.data || !upload) return null;
    return takeBlock(wire, upload, bytes);
  },

  settle,
});

function takeBlock(wire: DatagramWire, upload: Upload, bytes: Buffer): Buffer | null {
  const block = bytes.readUInt16BE(2);
  const data = bytes.subarray(4);
  if (data.length > blockSize) return null;
  // One that comes again was acknowledged in vain.
  if (block === ((upload.next - 1) & 0xffff)) {
    wire.understood();
    return acknowledgement(block);
  }
  if (block !== (upload.next & 0xffff)) return null;
  upload.next++;
  upload.size += data.length;
  if (upload.size <= fileLimit && wire.memory.take(data.length)) upload.blocks.push(Buffer.from(data));
  // Told at the end: a file is one event, not one a block.
  if (data.length < blockSize) {
    upload.whole = true;
    settle(wire);
  } else wire.understood();
  return acknowledgement(block);
}

/** What was brought is kept, whole or not. */
function settle(wire: DatagramWire): void {
  const upload = wire.memory.get('tftp') as Upload | undefined;
  if (!upload) return;
  wire.memory.delete('tftp');
  const file = Buffer.concat(upload.blocks);
  wire.memory.give(file.length);
  if (upload.size === 0) return;
  const { sha256 } = wire.keep(file);
  wire.emit({
    kind: 'upload',
    sha256,
    size: upload.size,
    name: upload.name.slice(0, 4_096),
    detail: { whole: upload.whole, kept: file.length },
  });
}

function acknowledgement(block: number): Buffer {
  return Buffer.from([0, ops.acknowledge, block >> 8, block & 0xff]);
}

/** With as much of its reason as there is room for. */
function failure(room: number, code: number, reason: string): Buffer | null {
  if (room < 5) return null;
  return Buffer.from(`\0\x05\0${String.fromCharCode(code)}${reason.slice(0, room - 5)}\0`, 'latin1');
}
