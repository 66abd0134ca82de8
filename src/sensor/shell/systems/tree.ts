import type { Persona } from '../../persona.ts';
import { type FileNode, Image, parentOf } from '../fs.ts';

export interface Place {
  mode?: number;
  uid?: number;
  gid?: number;
  mtime?: number;
}

/** Makes an image: folders come into being as they are needed. */
export class Tree {
  readonly image = new Image();
  readonly persona: Persona;
  /** When the system was installed: the time of what has no other. */
  readonly installed: number;

  constructor(persona: Persona, installed: number) {
    this.persona = persona;
    this.installed = installed;
    this.image.add('/', { kind: 'dir', mode: 0o755, uid: 0, gid: 0, mtime: installed });
  }

  has(path: string): boolean {
    return this.image.get(path) !== undefined;
  }

  dir(path: string, place: Place = {}): void {
    if (path === '/' || (this.has(path) && place.mode === undefined)) return;
    this.#add(path, { kind: 'dir', mode: 0o755 }, place);
  }

  file(
    path: string,
    content: string | Buffer | ((now: number) => Buffer),
    place: Place = {},
    size?: number,
  ): void {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    this.#add(
      path,
      { kind: 'file', mode: 0o644, content: bytes, ...(size === undefined ? {} : { size }) },
      place,
    );
  }

  /** A file of the kernel: it is written while it is read. */
  live(path: string, text: (now: number) => string, mode = 0o444): void {
    const content = (now: number) => Buffer.from(text(now), 'latin1');
    this.#add(path, { kind: 'file', mode, content, size: 0 }, { mtime: this.persona.bootedAt });
  }

  link(path: string, target: string, mtime?: number): void {
    this.#add(path, { kind: 'link', mode: 0o777, target }, mtime === undefined ? {} : { mtime });
  }

  device(path: string, mode = 0o666): void {
    this.#add(path, { kind: 'device', mode }, { mtime: this.persona.bootedAt });
  }

  #add(path: string, node: Omit<FileNode, 'uid' | 'gid' | 'mtime'>, place: Place): void {
    this.dir(parentOf(path));
    if (node.kind === 'dir' && this.has(path)) return;
    const { mode = node.mode, uid = 0, gid = 0, mtime = this.installed } = place;
    this.image.add(path, { ...node, mode, uid, gid, mtime });
  }
}
