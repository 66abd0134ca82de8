// One server, one method a request: cutting it would spread one protocol's table over files.
import { type FileSystem, FsError, join } from '../../shell/fs.ts';
import type { Channel } from '../channel/channel.ts';
import { StandardInput } from '../channel/standard-input.ts';
import { Malformed, message, Reader, string, uint32 } from '../data.ts';
import { deposit } from '../deposit.ts';
import type { Guest } from '../guest.ts';
import { attributes, longName, noAttributes, readAttributes } from './attributes.ts';
import { type Handle, Handles } from './handles.ts';
import { extensions, Open, Packet, Status, statusText } from './protocol.ts';
import { volume } from './volume.ts';

/** SFTP_MAX_MSG_LENGTH of OpenSSH, and what one read gives. */
const longest = 262_144;
const readMost = 261_120;
/** Names in one answer to READDIR, as sftp-server gives them. */
const namesAtOnce = 100;

/** sftp-server of OpenSSH over the attacker's files (draft-ietf-secsh-filexfer-02, version 3). */
export class Sftp {
  readonly #guest: Guest;
  readonly #channel: Channel;
  readonly #fs: FileSystem;
  readonly #home: string;
  readonly #handles = new Handles();

  constructor(guest: Guest, channel: Channel) {
    this.#guest = guest;
    this.#channel = channel;
    this.#fs = guest.files;
    this.#home = guest.account.home;
  }

  /** Serves until the client has no more to ask; resolves with the exit status. Throws `Malformed` at what is no SFTP. */
  async run(): Promise<number> {
    const input = new StandardInput(this.#channel.inbox);
    let begun = false;
    try {
      for (;;) {
        const head = await input.bytes(4);
        if (head === null) return 0;
        const size = head.readUInt32BE(0);
        if (size === 0 || size > longest) return 11;
        const body = await input.bytes(size);
        if (body === null) return 0;
        const type = body[0]!;
        const reader = new Reader(body, 1);
        this.#fs.now = this.#guest.wire.now();
        if (type === Packet.init) {
          begun = true;
          const pairs = extensions.flatMap(([name, value]) => [string(name), string(value)]);
          this.#send(message(Packet.version, uint32(Math.min(3, reader.uint32() || 3)), ...pairs));
        } else if (!begun) return 11;
        else this.#answer(type, reader.uint32(), reader);
        await this.#channel.room();
      }
    } finally {
      // What was written and never closed counts all the same.
      for (const handle of this.#handles.all) this.#settle(handle);
    }
  }

  #answer(type: number, id: number, reader: Reader): void {
    try {
      const reply = this.#reply(type, reader);
      if (typeof reply === 'number') this.#status(id, reply);
      else this.#send(message(reply.type, uint32(id), ...reply.parts));
    } catch (error) {
      if (error instanceof FsError) this.#status(id, statusOf(error));
      else if (error instanceof Malformed) this.#status(id, Status.badMessage);
      else throw error;
    }
  }

  #reply(type: number, reader: Reader): number | { type: number; parts: Buffer[] } {
    switch (type) {
      case Packet.open:
        return this.#open(this.#path(reader), reader.uint32(), readAttributes(reader));
      case Packet.close: {
        const handle = this.#handles.close(reader.string());
        if (!handle) return Status.failure;
        this.#settle(handle);
        return Status.ok;
      }
      case Packet.read: {
        const handle = this.#handles.get(reader.string());
        const at = Number(reader.uint64());
        const size = Math.min(reader.uint32(), readMost);
        if (!handle || handle.names) return Status.failure;
        if (at >= handle.size) return Status.eof;
        const bytes = handle.content.subarray(at, Math.min(handle.size, at + size));
        return { type: Packet.data, parts: [string(bytes)] };
      }
      case Packet.write: {
        const handle = this.#handles.get(reader.string());
        const at = Number(reader.uint64());
        const data = reader.string();
        if (!handle?.writes) return Status.failure;
        return this.#handles.write(handle, handle.appends ? handle.size : at, data)
          ? Status.ok
          : Status.failure;
      }
      case Packet.lstat:
      case Packet.stat: {
        const node = this.#fs.stat(this.#path(reader), type === Packet.stat);
        return { type: Packet.attrs, parts: [attributes(node, this.#fs.size(node))] };
      }
      case Packet.fstat: {
        const handle = this.#handles.get(reader.string());
        if (!handle) return Status.failure;
        const node = this.#fs.stat(handle.path);
        return { type: Packet.attrs, parts: [attributes(node, handle.names ? 0 : handle.size)] };
      }
      case Packet.setstat: {
        const path = this.#path(reader);
        const { mode } = readAttributes(reader);
        this.#fs.stat(path);
        if (mode !== undefined) this.#fs.chmod(path, mode);
        return Status.ok;
      }
      case Packet.fsetstat: {
        const handle = this.#handles.get(reader.string());
        const { mode } = readAttributes(reader);
        if (!handle) return Status.failure;
        if (mode !== undefined) {
          handle.mode = mode;
          this.#fs.chmod(handle.path, mode);
        }
        return Status.ok;
      }
      case Packet.opendir: {
        const path = this.#path(reader);
        const names = ['.', '..', ...this.#fs.list(path)];
        return this.#hand({
          path,
          names,
          content: Buffer.alloc(0),
          size: 0,
          writes: false,
          appends: false,
          changed: false,
          mode: 0,
        });
      }
      case Packet.readdir:
        return this.#readDir(this.#handles.get(reader.string()));
      case Packet.remove: {
        const path = this.#path(reader);
        if (this.#fs.stat(path, false).kind === 'dir') return Status.failure;
        this.#fs.remove(path);
        return Status.ok;
      }
      case Packet.mkdir: {
        const path = this.#path(reader);
        this.#fs.mkdir(path, (readAttributes(reader).mode ?? 0o777) & 0o755);
        return Status.ok;
      }
      case Packet.rmdir: {
        const path = this.#path(reader);
        if (this.#fs.stat(path, false).kind !== 'dir' || this.#fs.list(path).length) return Status.failure;
        this.#fs.remove(path, true);
        return Status.ok;
      }
      case Packet.realpath: {
        const path = this.#path(reader);
        const real = this.#fs.exists(path) ? this.#fs.resolve(path) : path;
        return { type: Packet.name, parts: [uint32(1), string(real), string(real), noAttributes] };
      }
      case Packet.rename: {
        const [from, to] = [this.#path(reader), this.#path(reader)];
        if (this.#fs.exists(to)) return Status.failure;
        this.#fs.rename(from, to);
        return Status.ok;
      }
      case Packet.readlink: {
        const node = this.#fs.stat(this.#path(reader), false);
        if (node.kind !== 'link') return Status.failure;
        const target = string(node.target ?? '');
        return { type: Packet.name, parts: [uint32(1), target, target, noAttributes] };
      }
      case Packet.symlink: {
        // OpenSSH has the arguments the other way round than the draft (PROTOCOL §4.1).
        const target = reader.text();
        this.#fs.link(target, this.#path(reader));
        return Status.ok;
      }
      case Packet.extended:
        return this.#extended(reader.text(), reader);
      default:
        return Status.unsupported;
    }
  }

  #open(
    path: string,
    flags: number,
    { mode = 0o666 }: { mode?: number },
  ): number | { type: number; parts: Buffer[] } {
    const exists = this.#fs.exists(path);
    if (!exists && !(flags & Open.create)) return Status.noSuchFile;
    if (exists && flags & Open.exclusive) return Status.failure;
    if (exists && this.#fs.stat(path).kind === 'dir' && flags & Open.write) return Status.failure;
    const writes = (flags & (Open.write | Open.append)) !== 0;
    const fresh = !exists || (flags & Open.truncate) !== 0;
    // An open for writing makes the file, or empties it, at once; it also tells whether one can be there at all.
    if (writes && fresh) this.#fs.write(path, Buffer.alloc(0), { mode: mode & 0o755 });
    const content = fresh ? Buffer.alloc(0) : this.#fs.read(path);
    const appends = (flags & Open.append) !== 0;
    return this.#hand({
      path,
      content,
      size: content.length,
      writes,
      appends,
      changed: false,
      mode: mode & 0o755,
    });
  }

  #hand(handle: Handle): number | { type: number; parts: Buffer[] } {
    const name = this.#handles.add(handle);
    return name ? { type: Packet.handle, parts: [string(name)] } : Status.failure;
  }

  #readDir(handle: Handle | undefined): number | { type: number; parts: Buffer[] } {
    if (!handle?.names) return Status.failure;
    if (handle.names.length === 0) return Status.eof;
    const parts: Buffer[] = [];
    const names = handle.names.splice(0, namesAtOnce);
    for (const name of names) {
      const path = name === '.' ? handle.path : join(handle.path, name);
      const known = name === '.' || name === '..' ? this.#fs.stat(path) : this.#fs.stat(path, false);
      const size = known.kind === 'dir' ? 0 : this.#fs.size(known);
      const line = longName(known, name, size, this.#guest.wire.now());
      parts.push(string(name), string(line), attributes(known, size));
    }
    return { type: Packet.name, parts: [uint32(names.length), ...parts] };
  }

  #extended(name: string, reader: Reader): number | { type: number; parts: Buffer[] } {
    switch (name) {
      case 'posix-rename@openssh.com':
        this.#fs.rename(this.#path(reader), this.#path(reader));
        return Status.ok;
      case 'fsync@openssh.com':
        return Status.ok;
      case 'limits@openssh.com': {
        const parts = [longest, readMost, readMost, 1_019].map((value) =>
          Buffer.concat([uint32(0), uint32(value)]),
        );
        return { type: Packet.extendedReply, parts };
      }
      case 'statvfs@openssh.com':
      case 'fstatvfs@openssh.com':
        return { type: Packet.extendedReply, parts: [volume(this.#guest.wire.persona)] };
      case 'users-groups-by-id@openssh.com':
        return {
          type: Packet.extendedReply,
          parts: [this.#names('passwd', reader), this.#names('group', reader)],
        };
      case 'expand-path@openssh.com':
      case 'home-directory': {
        const asked = reader.text();
        const path =
          name === 'home-directory' ? this.#home : this.#absolute(asked.replace(/^~\/?/, `${this.#home}/`));
        return { type: Packet.name, parts: [uint32(1), string(path), string(path), noAttributes] };
      }
      default:
        return Status.unsupported;
    }
  }

  /** The names of numbers in `/etc/passwd` or `/etc/group`, empty where there is none (PROTOCOL §4.12). */
  #names(file: 'passwd' | 'group', reader: Reader): Buffer {
    const path = `/etc/${file}`;
    const lines = this.#fs.exists(path) ? this.#fs.read(path).toString('latin1', 0, 65_536).split('\n') : [];
    const byId = new Map(lines.map((line) => line.split(':')).map(([name, , id]) => [id, name ?? '']));
    const ids = new Reader(reader.string());
    const names: Buffer[] = [];
    while (ids.left > 0) names.push(string(byId.get(String(ids.uint32())) ?? ''));
    return string(Buffer.concat(names));
  }

  #path(reader: Reader): string {
    return this.#absolute(reader.text());
  }

  /** A path from the root, without `.` and `..`. */
  #absolute(path: string): string {
    const names: string[] = [];
    for (const name of (path.startsWith('/') ? path : `${this.#home}/${path}`).split('/')) {
      if (name === '..') names.pop();
      else if (name !== '' && name !== '.') names.push(name);
    }
    return `/${names.join('/')}`;
  }

  #settle(handle: Handle): void {
    if (!handle.changed) return;
    handle.changed = false;
    try {
      deposit(this.#guest, handle.path, handle.content.subarray(0, handle.size), 'sftp', handle.mode);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
  }

  #status(id: number, code: number): void {
    this.#send(message(Packet.status, uint32(id), uint32(code), statusText[code] ?? 'Unknown error', ''));
  }

  #send(payload: Buffer): void {
    this.#channel.write(string(payload));
  }
}

function statusOf({ errno }: FsError): number {
  if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ELOOP') return Status.noSuchFile;
  return errno === 'EACCES' || errno === 'EPERM' ? Status.permissionDenied : Status.failure;
}
