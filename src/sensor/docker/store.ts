import type { Memory } from '../memory.ts';
import type { Persona } from '../persona.ts';
import type { Room } from '../room.ts';
import { dataRoot } from './inside.ts';

/** Bounds of what one attacker keeps here, besides the bytes that its memory allows. */
export const storeLimits = { containers: 64, execs: 128, images: 64, log: 65_536 } as const;
/** What a container, an exec or an image costs besides its text. */
const overhead = 1_024;

export interface Image {
  id: string;
  tags: string[];
  digest: string;
  created: number;
  size: number;
  command: string[];
}

export interface Container {
  id: string;
  name: string;
  image: string;
  imageId: string;
  created: number;
  command: string[];
  /** As it was asked for. */
  config: Record<string, unknown>;
  host: Record<string, unknown>;
  state: 'created' | 'running' | 'exited';
  startedAt: number;
  finishedAt: number;
  exitCode: number;
  error: string;
  log: { stream: 1 | 2; time: number; text: string }[];
  logged: number;
  /** Who waits for it: called at each piece of output and at its end. */
  watchers: Set<(output?: { stream: 1 | 2; text: string }) => void>;
  cost: number;
  execs: string[];
  /** True where its id was told to this attacker alone, as the answer to what he asked for. */
  issued?: boolean;
  /** What lies in it: files, processes. Made at the first look. */
  room?: Room;
}

export interface Exec {
  id: string;
  container: Container;
  command: string[];
  tty: boolean;
  /** What was asked for, as `GET /exec/ID/json` shows it. */
  asked: Record<string, unknown>;
  ran: boolean;
  exitCode: number | null;
}

/** The Engine of one attacker: what it created, pulled and started is there on the next connection. */
export class DockerStore {
  readonly containers = new Map<string, Container>();
  readonly execs = new Map<string, Exec>();
  readonly images = new Map<string, Image>();
  readonly #memory: Memory;

  constructor(memory: Memory, persona: Persona, bare: boolean) {
    this.#memory = memory;
    if (!bare) furnish(this, persona);
  }

  /** By id, the start of one, or name. */
  find(reference: string): Container | undefined {
    const name = reference.replace(/^\//, '');
    for (const one of this.containers.values()) if (one.name === name) return one;
    if (!/^[0-9a-f]{1,64}$/.test(name)) return undefined;
    const found = [...this.containers.values()].filter(({ id }) => id.startsWith(name));
    return found.length === 1 ? found[0] : undefined;
  }

  /**
   * Whether a path holds the id of a container or exec that this attacker was told when he made it: as much of it as the Engine's
   * own client shows (12 characters), or more.
   */
  knowsAnswer(path: string): boolean {
    const [, id = ''] = /^(?:\/v[\d.]+)?\/(?:containers|exec)\/([0-9a-f]{12,64})(?:\/|$)/.exec(path) ?? [];
    if (!id) return false;
    for (const one of this.containers.values()) if (one.issued && one.id.startsWith(id)) return true;
    return this.execs.has(id);
  }

  image(reference: string): Image | undefined {
    const tag = tagged(reference);
    const id = reference.replace(/^sha256:/, '');
    for (const image of this.images.values()) {
      if (image.tags.includes(tag)) return image;
      if (/^[0-9a-f]{4,64}$/.test(id) && image.id.startsWith(id)) return image;
    }
    return undefined;
  }

  /** False where there is no room for more. */
  add(container: Container): boolean {
    if (this.containers.size >= storeLimits.containers || !this.#memory.take(container.cost + overhead))
      return false;
    this.containers.set(container.id, container);
    return true;
  }

  remove(container: Container): void {
    if (!this.containers.delete(container.id)) return;
    container.room?.release();
    this.#memory.give(container.cost + container.logged + overhead);
    for (const id of container.execs) if (this.execs.delete(id)) this.#memory.give(overhead);
    for (const watcher of [...container.watchers]) watcher();
  }

  addExec(exec: Exec, size: number): boolean {
    if (this.execs.size >= storeLimits.execs || size > 65_536 || !this.#memory.take(overhead)) return false;
    this.execs.set(exec.id, exec);
    exec.container.execs.push(exec.id);
    return true;
  }

  addImage(image: Image): boolean {
    if (this.images.size >= storeLimits.images || !this.#memory.take(overhead)) return false;
    this.images.set(image.id, image);
    return true;
  }

  /** Notes what a container printed, while there is room. */
  output(container: Container, stream: 1 | 2, text: string, time: number): void {
    const room = storeLimits.log - container.logged;
    const kept = text.slice(0, Math.max(0, room));
    if (kept && this.containers.has(container.id) && this.#memory.take(kept.length)) {
      container.logged += kept.length;
      container.log.push({ stream, time, text: kept });
    }
    for (const watcher of container.watchers) watcher({ stream, text });
  }

  end(container: Container, exitCode: number, now: number): void {
    if (container.state !== 'running') return;
    container.state = 'exited';
    container.exitCode = exitCode;
    container.finishedAt = now;
    for (const watcher of [...container.watchers]) watcher();
  }
}

/** As Docker shows a name: without the registry that it means by itself, with the tag that a name without one means. */
export function tagged(name: string): string {
  const reference = name.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '').replace(/^library\//, '');
  return /:[^/]*$/.test(reference) ? reference : `${reference}:latest`;
}

export function emptyContainer(id: string, name: string, created: number): Container {
  return {
    id,
    name,
    image: '',
    imageId: '',
    created,
    command: [],
    config: {},
    host: {},
    state: 'created',
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    error: '',
    log: [],
    logged: 0,
    watchers: new Set(),
    cost: 0,
    execs: [],
  };
}

/** What the machine's owner runs: a database for the office. */
function furnish(store: DockerStore, persona: Persona): void {
  const image: Image = {
    id: persona.token('docker-image', 64),
    tags: ['postgres:13-alpine'],
    digest: persona.token('docker-digest', 64),
    created: persona.web.modifiedAt - 40 * 86_400_000,
    size: 213_000_000 + (Number.parseInt(persona.token('docker-size', 5), 16) % 3_000_000),
    command: ['docker-entrypoint.sh', 'postgres'],
  };
  store.images.set(image.id, image);
  const created = persona.web.modifiedAt + 3_600_000;
  const container = emptyContainer(persona.token('docker-container', 64), `${persona.admin}_db_1`, created);
  Object.assign(container, {
    image: image.tags[0],
    imageId: image.id,
    command: image.command,
    config: {
      Hostname: container.id.slice(0, 12),
      Env: [`POSTGRES_PASSWORD=${persona.token('docker-secret', 16)}`, 'PGDATA=/var/lib/postgresql/data'],
      Image: image.tags[0],
    },
    host: {
      Binds: [`${dataRoot(persona)}/db:/var/lib/postgresql/data`],
      RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
    },
    state: 'running',
    startedAt: persona.bootedAt + 41_000,
  } satisfies Partial<Container>);
  store.containers.set(container.id, container);
}
