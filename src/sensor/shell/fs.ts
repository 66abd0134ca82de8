// Over 300 lines: files and what may be done to them: one structure and its operations, which share its invariants.
import type { Memory } from '../memory.ts';
import { FsError, fsError } from './errno.ts';

export { type Errno, FsError, fsError } from './errno.ts';

export interface FileNode {
  kind: 'file' | 'dir' | 'link' | 'device';
  mode: number;
  uid: number;
  gid: number;
  /** Milliseconds since the epoch. */
  mtime: number;
  /** A link's target. */
  target?: string;
  /** A file's bytes. A function makes those of the base, which may depend on the time. */
  content?: Buffer | ((now: number) => Buffer);
  /** What is shown where making the content for its size alone would be a waste. */
  size?: number;
  /** True for a file that the attacker wrote. */
  foreign?: boolean;
  /** True for a changed file whose bytes the machine wrote itself: they count like the attacker's. */
  owned?: boolean;
  /** What chattr(1) set: `i` forbids every change, `a` all but appending. */
  attributes?: string;
}

/** The files of a persona as it left the shop: never changed, shared by all attackers. */
export class Image {
  readonly #nodes = new Map<string, FileNode>();
  readonly #children = new Map<string, string[]>();

  constructor() {
    this.#nodes.set('/', { kind: 'dir', mode: 0o755, uid: 0, gid: 0, mtime: 0 });
    this.#children.set('/', []);
  }

  add(path: string, node: FileNode): void {
    const parent = parentOf(path);
    if (!this.#children.has(parent)) throw new Error(`the image has no folder ${parent}`);
    if (!this.#nodes.has(path)) this.#children.get(parent)!.push(nameOf(path));
    this.#nodes.set(path, node);
    if (node.kind === 'dir') this.#children.set(path, []);
  }

  get(path: string): FileNode | undefined {
    return this.#nodes.get(path);
  }

  children(path: string): readonly string[] {
    return this.#children.get(path) ?? [];
  }
}

/** How many files one attacker may make, and what each costs beside its bytes. */
const entryLimit = 2_048;
const entryCost = 256;
const linkLimit = 16;
/** How many folders of others may be seen in a tree. */
const mountLimit = 64;
/** Trees of the kernel: their files may be read, some written to, none made. */
const kernelTrees = /^\/(proc|sys)(\/|$)/;

/** A folder or file of another tree that is seen in this one, as a bind mount shows it (mount(8)). */
interface Mount {
  at: string;
  files: FileSystem;
  /** Where it lies in its own tree. */
  source: string;
  readOnly: boolean;
}

/** An image and what one attacker changed in it: costs the bytes that were changed, within the attacker's budget. */
export class FileSystem {
  readonly #image: Image;
  readonly #memory: Memory;
  /** Milliseconds since the epoch; whoever works on the files keeps it right. */
  now = 0;
  #who: { uid: number; gid: number; groups: readonly { gid: number }[] } = { uid: 0, gid: 0, groups: [] };
  readonly #changed = new Map<string, FileNode | null>();
  readonly #added = new Map<string, Set<string>>();
  /** The longest first. */
  readonly #mounts: Mount[] = [];

  constructor(image: Image, memory: Memory) {
    this.#image = image;
    this.#memory = memory;
  }

  /** Shows what another tree has at `source` here: what is changed below is changed there. */
  mount(at: string, files: FileSystem, source: string, readOnly = false): void {
    if (this.#mounts.length >= mountLimit) throw fsError('ENOSPC');
    this.#mounts.push({ at, files, source, readOnly });
    this.#mounts.sort((a, b) => b.at.length - a.at.length);
  }

  /** The tree that a path of this one belongs to, and where it lies in that; itself where nothing is mounted. */
  owner(real: string): { files: FileSystem; path: string; readOnly: boolean } {
    const mount = this.#mountOf(real);
    if (!mount) return { files: this, path: real, readOnly: false };
    const rest = real.slice(mount.at.length);
    const { files, source, readOnly } = mount;
    return { files, path: source === '/' ? rest || '/' : source + rest, readOnly };
  }

  #mountOf(real: string): Mount | undefined {
    return this.#mounts.find(({ at }) => real === at || real.startsWith(`${at}/`));
  }

  /** Whether a path is the kernel's, in whichever tree it is seen. */
  #isKernel(real: string): boolean {
    return kernelTrees.test(this.#mounts.length ? this.owner(real).path : real);
  }

  /** The path without links, `.` and `..`. The last name need not exist; everything before it must be a folder. */
  resolve(path: string, { follow = true } = {}): string {
    return this.#walk(path, follow, 0);
  }

  stat(path: string, follow = true): FileNode {
    const node = this.#node(this.#walk(path, follow, 0));
    if (!node) throw fsError('ENOENT');
    return node;
  }

  /** Who acts from here on: what the modes of files allow follows. */
  as(who: { uid: number; gid: number; groups: readonly { gid: number }[] }): void {
    this.#who = who;
  }

  /** Whether there is something of this name, be it a link to nowhere. */
  existsItself(path: string): boolean {
    try {
      this.stat(path, false);
      return true;
    } catch (error) {
      if (error instanceof FsError) return false;
      throw error;
    }
  }

  exists(path: string): boolean {
    try {
      this.stat(path);
      return true;
    } catch (error) {
      if (error instanceof FsError) return false;
      throw error;
    }
  }

  read(path: string): Buffer {
    const node = this.stat(path);
    if (node.kind === 'dir') throw fsError('EISDIR');
    if (!this.#may(node, 4)) throw fsError('EACCES');
    return typeof node.content === 'function' ? node.content(this.now) : (node.content ?? Buffer.alloc(0));
  }

  size(node: FileNode): number {
    return (
      node.size ??
      (typeof node.content === 'function' ? node.content(this.now).length : (node.content?.length ?? 0))
    );
  }

  list(path: string): string[] {
    const real = this.#walk(path, true, 0);
    const node = this.#node(real);
    if (!node) throw fsError('ENOENT');
    if (node.kind !== 'dir') throw fsError('ENOTDIR');
    if (!this.#may(node, 4)) throw fsError('EACCES');
    return [...this.#names(real, node)].filter((name) => this.#node(join(real, name))).sort();
  }

  write(path: string, bytes: Buffer, { append = false, mode = 0o644 } = {}): void {
    const real = this.#walk(path, true, 0);
    const old = this.#node(real);
    if (old?.kind === 'dir') throw fsError('EISDIR');
    if (old?.kind === 'device') return;
    if (this.#isKernel(real)) {
      if (!old) throw fsError('ENOENT');
      if (!(old.mode & 0o200) || !this.#may(old, 2)) throw fsError('EACCES');
      return;
    }
    if (old) {
      if (!this.#may(old, 2)) throw fsError('EACCES');
      if (old.attributes?.includes('i') || (old.attributes?.includes('a') && !append)) throw fsError('EPERM');
    }
    this.#parent(real, !old);
    const before = append && old ? this.read(real) : Buffer.alloc(0);
    const content = before.length ? Buffer.concat([before, bytes]) : Buffer.from(bytes);
    this.#put(real, {
      kind: 'file',
      mode: old?.mode ?? mode,
      uid: old?.uid ?? this.#who.uid,
      gid: old?.gid ?? this.#who.gid,
      mtime: this.now,
      content,
      foreign: true,
      ...(old?.attributes ? { attributes: old.attributes } : {}),
    });
  }

  /** A copy that shares its bytes: copying a program of the image costs nothing. */
  copy(from: string, to: string): void {
    const source = this.stat(from);
    const real = this.#walk(to, true, 0);
    if (this.#isKernel(real)) throw fsError('ENOENT');
    this.#parent(real);
    const mode = this.#node(real)?.mode ?? source.mode;
    if (source.kind === 'device') this.write(to, Buffer.alloc(0));
    else {
      if (!this.#may(source, 4)) throw fsError('EACCES');
      const { uid, gid } = this.#who;
      const { attributes: _, ...rest } = source;
      this.#put(real, { ...rest, mode, uid, gid, mtime: this.now });
    }
  }

  mkdir(path: string, mode = 0o755): void {
    const real = this.#walk(path, true, 0);
    if (this.#node(real)) throw fsError('EEXIST');
    if (this.#isKernel(real)) throw fsError(this.owner(real).path.startsWith('/sys') ? 'EPERM' : 'ENOENT');
    this.#parent(real);
    const { uid, gid } = this.#who;
    this.#put(real, { kind: 'dir', mode, uid, gid, mtime: this.now });
  }

  link(target: string, path: string): void {
    const real = this.#walk(path, false, 0);
    if (this.#node(real)) throw fsError('EEXIST');
    if (this.#isKernel(real)) throw fsError('EPERM');
    this.#parent(real);
    const { uid, gid } = this.#who;
    this.#put(real, { kind: 'link', mode: 0o777, uid, gid, mtime: this.now, target });
  }

  chmod(path: string, mode: number): void {
    this.#alter(path, { mode });
  }

  chown(path: string, owner: { uid?: number; gid?: number }): void {
    if (this.#who.uid !== 0) throw fsError('EPERM');
    this.#alter(path, owner);
  }

  /** What chattr(1) sets. */
  mark(path: string, attributes: string): void {
    if (this.#who.uid !== 0) throw fsError('EPERM');
    this.#alter(path, { attributes });
  }

  /** Gives a time to what is there. */
  date(path: string, mtime: number): void {
    this.#alter(path, { mtime });
  }

  /** Makes a folder as the machine itself does. */
  settleFolder(path: string, node: { uid: number; gid: number; mode: number; mtime: number }): void {
    const real = this.#walk(path, true, 0);
    if (!this.#node(real)) this.#put(real, { kind: 'dir', ...node });
  }

  /** Writes as the machine itself does: the bytes are nobody's upload. */
  settle(path: string, bytes: Buffer, mode?: number): void {
    const who = this.#who;
    this.#who = { uid: 0, gid: 0, groups: [] };
    try {
      const real = this.#walk(path, true, 0);
      const old = this.#node(real);
      this.#parent(real);
      const {
        attributes: _,
        foreign: __,
        ...kept
      } = old ?? { kind: 'file' as const, mode: 0o644, uid: 0, gid: 0 };
      this.#put(real, { ...kept, mode: mode ?? kept.mode, mtime: this.now, content: bytes, owned: true });
    } finally {
      this.#who = who;
    }
  }

  touch(path: string): void {
    if (this.exists(path)) this.#alter(path, { mtime: this.now });
    else this.write(path, Buffer.alloc(0));
  }

  remove(path: string, recursive = false): void {
    const real = this.#walk(path, false, 0);
    const node = this.#node(real);
    if (!node) throw fsError('ENOENT');
    if (this.#isKernel(real)) throw fsError('EPERM');
    if (node.attributes && /[ia]/.test(node.attributes)) throw fsError('EPERM');
    this.#parent(real);
    if (node.kind === 'dir') {
      if (!recursive) throw fsError('EISDIR');
      if (real === '/') throw fsError('EINVAL');
      for (const name of this.list(real)) {
        const inner = join(real, name);
        if (!this.#isKernel(inner)) this.remove(inner, true);
      }
    }
    this.#drop(real);
  }

  rename(from: string, to: string): void {
    const source = this.#walk(from, false, 0);
    const node = this.#node(source);
    if (!node) throw fsError('ENOENT');
    const target = this.#walk(to, true, 0);
    if (this.#isKernel(source) || this.#isKernel(target)) throw fsError('EPERM');
    if (source === target) return;
    if (target.startsWith(`${source}/`)) throw fsError('EINVAL');
    this.#parent(target);
    const names = node.kind === 'dir' ? this.list(source) : [];
    this.#put(target, { ...node });
    for (const name of names) this.rename(join(source, name), join(target, name));
    this.#drop(source);
  }

  #alter(path: string, change: Partial<FileNode>): void {
    const real = this.#walk(path, true, 0);
    const node = this.#node(real);
    if (!node) throw fsError('ENOENT');
    if (this.#isKernel(real)) throw fsError('EPERM');
    if (this.#who.uid !== 0 && this.#who.uid !== node.uid) throw fsError('EPERM');
    if (node.attributes?.includes('i') && change.attributes === undefined) throw fsError('EPERM');
    if (node.kind === 'dir' && change.mtime !== undefined && this.#image.get(real) === node) return;
    this.#put(real, { ...node, ...change });
  }

  #names(real: string, node: FileNode): Set<string> {
    const { files, path } = this.owner(real);
    if (files !== this) return files.#names(path, node);
    const names = new Set(this.#image.get(real) === node ? this.#image.children(real) : []);
    for (const name of this.#added.get(real) ?? []) names.add(name);
    return names;
  }

  #node(real: string): FileNode | undefined {
    if (this.#mounts.length) {
      const { files, path } = this.owner(real);
      if (files !== this) return files.#node(path);
    }
    const changed = this.#changed.get(real);
    if (changed !== undefined) return changed ?? undefined;
    return this.#image.get(real);
  }

  #parent(real: string, changes = true): void {
    const parent = this.#node(parentOf(real));
    if (!parent) throw fsError('ENOENT');
    if (parent.kind !== 'dir') throw fsError('ENOTDIR');
    if (!changes) return;
    if (!this.#may(parent, 3)) throw fsError('EACCES');
    if (parent.attributes?.includes('i')) throw fsError('EPERM');
    const { uid } = this.#who;
    const own = this.#node(real);
    // A sticky folder: only the owner takes things away.
    if (own && parent.mode & 0o1000 && uid !== 0 && uid !== own.uid && uid !== parent.uid)
      throw fsError('EPERM');
  }

  /** Whether the modes let whoever acts do this: 4 reads, 2 writes, 1 searches. */
  #may(node: FileNode, bits: number): boolean {
    const { uid, gid, groups } = this.#who;
    if (uid === 0) return true;
    const mine = node.gid === gid || groups.some((group) => group.gid === node.gid);
    const shift = node.uid === uid ? 6 : mine ? 3 : 0;
    return ((node.mode >> shift) & bits) === bits;
  }

  #walk(path: string, follow: boolean, depth: number): string {
    if (depth > linkLimit) throw fsError('ELOOP');
    if (path.length > 4_096 || path.includes('\0')) throw fsError('ENOENT');
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    let at = '/';
    for (const [i, name] of names.entries()) {
      const here = this.#node(at);
      if (!here) throw fsError('ENOENT');
      if (here.kind !== 'dir') throw fsError('ENOTDIR');
      if (!this.#may(here, 1)) throw fsError('EACCES');
      if (name === '..') {
        at = parentOf(at);
        continue;
      }
      const next = join(at, name);
      const node = this.#node(next);
      const last = i === names.length - 1;
      if (node?.kind === 'link' && (follow || !last)) {
        const rest = names.slice(i + 1).join('/');
        const target = node.target!.startsWith('/') ? node.target! : `${at}/${node.target}`;
        return this.#walk(rest ? `${target}/${rest}` : target, follow, depth + 1);
      }
      at = next;
    }
    return at;
  }

  #put(real: string, node: FileNode): void {
    if (this.#mounts.length) {
      const { files, path, readOnly } = this.owner(real);
      if (readOnly) throw fsError('EROFS');
      if (files !== this) {
        files.#put(path, node);
        return;
      }
    }
    const old = this.#changed.get(real);
    const cost = (one: FileNode | null | undefined) =>
      (one?.foreign || one?.owned) && Buffer.isBuffer(one.content) ? one.content.length : 0;
    const more = cost(node) - cost(old) + (old === undefined ? entryCost : 0);
    if (old === undefined && this.#changed.size >= entryLimit) throw fsError('ENOSPC');
    if (more > 0 && !this.#memory.take(more)) throw fsError('ENOSPC');
    if (more < 0) this.#memory.give(-more);
    this.#changed.set(real, node);
    const parent = parentOf(real);
    let names = this.#added.get(parent);
    if (!names) {
      names = new Set();
      this.#added.set(parent, names);
    }
    names.add(nameOf(real));
  }

  #drop(real: string): void {
    if (this.#mounts.length) {
      if (this.#mounts.some(({ at }) => at === real)) throw fsError('EBUSY');
      const { files, path, readOnly } = this.owner(real);
      if (readOnly) throw fsError('EROFS');
      if (files !== this) {
        files.#drop(path);
        return;
      }
    }
    const old = this.#changed.get(real);
    if ((old?.foreign || old?.owned) && Buffer.isBuffer(old.content)) this.#memory.give(old.content.length);
    if (this.#image.get(real)) {
      if (old === undefined) {
        if (this.#changed.size >= entryLimit || !this.#memory.take(entryCost)) throw fsError('ENOSPC');
      }
      this.#changed.set(real, null);
    } else {
      this.#changed.delete(real);
      this.#memory.give(entryCost);
    }
    this.#added.get(parentOf(real))?.delete(nameOf(real));
  }
}

export function join(dir: string, name: string): string {
  return dir === '/' ? `/${name}` : `${dir}/${name}`;
}

export function parentOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
