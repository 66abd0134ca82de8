import type { Wire } from '../emulator.ts';
import { converse } from '../emulators/converse.ts';
import { findDownloads } from '../emulators/downloads.ts';
import { Terminal } from '../emulators/terminal.ts';
import { nobody, Unfinished } from '../shell/index.ts';
import { reading } from '../shell/streams.ts';
import { deviceOf } from './device.ts';
import { boxOf } from './shell.ts';
import { Sync } from './sync.ts';

/** What may wait for a shell to read it. */
const inputLimit = 1_048_576;

/** One stream of a connection: a service that takes bytes and gives bytes. */
export interface Service {
  feed(bytes: Buffer): void;
  /** The peer closed it. */
  end(): void;
}

export interface Output {
  write(bytes: Buffer): void;
  close(): void;
}

/** Opens a service by its name; undefined where the box has none of it. */
export function openService(
  wire: Wire,
  name: string,
  output: Output,
  jobs: Set<Promise<void>>,
): Service | undefined {
  if (name === 'sync:') {
    const sync = new Sync(wire, boxOf(wire).fs);
    return {
      feed(bytes) {
        const answer = sync.feed(bytes);
        if (answer.length) output.write(answer);
        if (sync.closed) output.close();
      },
      end: () => sync.end(),
    };
  }
  const [, flags, script] = /^(?:shell((?:,[^:]*)?)|exec):([\s\S]*)$/.exec(name) ?? [];
  if (script !== undefined)
    return shellService(wire, script, output, jobs, flags?.split(',').includes('v2') ?? false);
  if (/^(root|remount|reboot|tcpip|usb|unroot|disable-verity):/.test(name)) {
    wire.emit({ kind: 'command', input: name, ok: true, detail: { how: 'service' } });
    const said = name.startsWith('root:')
      ? 'adbd is already running as root\n'
      : name.startsWith('remount:')
        ? 'remount succeeded\n'
        : '';
    output.write(Buffer.from(said));
    output.close();
    return { feed() {}, end() {} };
  }
  return undefined;
}

function shellService(
  wire: Wire,
  script: string,
  output: Output,
  jobs: Set<Promise<void>>,
  v2: boolean,
): Service {
  const input = new Pipe();
  const write = (stream: 1 | 2, text: string) => {
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.length) output.write(v2 ? packet(stream, bytes) : bytes);
  };
  const job = (script === '' ? typed(wire, input, write) : told(wire, script, input, write)).then(
    (status) => {
      if (v2) output.write(packet(3, Buffer.from([status & 0xff])));
      output.close();
    },
  );
  jobs.add(job);
  const unpack = new Packets((id, data) => {
    if (id === 0) input.push(data);
    else if (id === 4) input.end();
  });
  return {
    feed: (bytes) => (v2 ? unpack.feed(bytes) : input.push(bytes)),
    end: () => input.end(),
  };
}

/** One command. */
async function told(
  wire: Wire,
  script: string,
  input: Pipe,
  write: (stream: 1 | 2, text: string) => void,
): Promise<number> {
  const shell = boxOf(wire).shell();
  wire.emit({ kind: 'command', input: script, ok: shell.knows(script), detail: { how: 'shell' } });
  const urls = new Set<string>();
  const stdin = reading('');
  try {
    await shell.line(script, {
      ...nobody,
      ...stdin,
      out: (text) => write(1, text),
      err: (text) => write(2, text),
    });
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    for (const { url, tool } of findDownloads(script))
      if (tool !== 'url' && !urls.has(url)) wire.emit({ kind: 'download', url, tool });
    write(2, '/system/bin/sh: syntax error: unexpected EOF\n');
    shell.status = 1;
  }
  input.end();
  shell.finish();
  return shell.status;
}

/** A shell for who types. */
async function typed(wire: Wire, input: Pipe, write: (stream: 1 | 2, text: string) => void): Promise<number> {
  const shell = boxOf(wire).shell();
  const terminal = new Terminal({ read: () => input.read(), send: (text) => write(1, text) });
  const { device } = deviceOf(wire.persona).board;
  await converse(wire, terminal, shell, {
    prompt: () => `${device}:${shell.cwd} # `,
    detail: { how: 'interactive' },
  });
  return shell.status;
}

function packet(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head[0] = id;
  head.writeUInt32LE(data.length, 1);
  return Buffer.concat([head, data]);
}

/** Packets of the second shell protocol (AOSP `shell_protocol.h`): kind, length, data. */
class Packets {
  #waiting: Buffer = Buffer.alloc(0);
  readonly #take: (id: number, data: Buffer) => void;

  constructor(take: (id: number, data: Buffer) => void) {
    this.#take = take;
  }

  feed(bytes: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    while (this.#waiting.length >= 5) {
      const size = this.#waiting.readUInt32LE(1);
      if (size > inputLimit) {
        this.#waiting = Buffer.alloc(0);
        return;
      }
      if (this.#waiting.length < 5 + size) return;
      const data = this.#waiting.subarray(5, 5 + size);
      const id = this.#waiting[0]!;
      this.#waiting = this.#waiting.subarray(5 + size);
      this.#take(id, data);
    }
  }
}

/** Bytes on their way to a shell. */
class Pipe {
  #waiting: Buffer[] = [];
  #size = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  push(bytes: Buffer): void {
    if (this.#ended || bytes.length === 0 || this.#size + bytes.length > inputLimit) return;
    this.#size += bytes.length;
    this.#waiting.push(Buffer.from(bytes));
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async read(): Promise<Buffer | null> {
    while (this.#waiting.length === 0) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#size = 0;
    return bytes;
  }
}
