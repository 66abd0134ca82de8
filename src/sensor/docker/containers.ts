import { z } from 'zod';
import { findDownloads } from '../emulators/downloads.ts';
import { type Answer, failure, multiplexed } from './answer.ts';
import { type Context, goTime, hexadecimal, isTrue } from './context.ts';
import { inspection, row } from './describe.ts';
import { bindsOf, dataRoot, shellIn } from './inside.ts';
import { knows, lasts, quoted, run } from './run.ts';
import { type Container, emptyContainer, tagged } from './store.ts';

const words = z.union([z.string().transform((one) => [one]), z.array(z.string())]).nullish();
const asked = z.looseObject({
  Image: z.string().default(''),
  Cmd: words,
  Entrypoint: words,
  HostConfig: z.record(z.string(), z.unknown()).nullish(),
});

const nouns =
  'admiring brave clever dazzling eager elated focused gallant happy keen modest nervous peaceful quirky sleepy tender vibrant wizardly zen'.split(
    ' ',
  );
const people =
  'archimedes banach bohr curie darwin euler fermi gauss hopper jang kepler lamarr mendel noether pascal ritchie shannon tesla volta wiles'.split(
    ' ',
  );

/** A body that must be JSON, or what the Engine says where it is not. */
export function jsonBody({ request }: Context): { value: unknown } | Answer {
  const type = request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (request.bodySize > 0 && (type ?? '').split(';')[0]!.trim() !== 'application/json')
    return failure(400, `Content-Type specified (${type ?? ''}) must be 'application/json'`);
  const text = request.body.toString('utf8');
  try {
    return { value: JSON.parse(text) };
  } catch {
    if (text.trim() === '') return failure(500, 'EOF');
    if (/^\s*[[{]/.test(text) && !/[}\]]\s*$/.test(text)) return failure(500, 'unexpected EOF');
    return failure(500, `invalid character '${text.trim()[0]}' looking for beginning of value`);
  }
}

export function create(context: Context): Answer {
  const { wire, store, query } = context;
  const body = jsonBody(context);
  if (!('value' in body)) return body;
  if (Array.isArray(body.value))
    return failure(
      500,
      'json: cannot unmarshal array into Go value of type runconfig.ContainerConfigWrapper',
    );
  const parsed = asked.safeParse(body.value);
  if (!parsed.success) return failure(500, 'json: cannot unmarshal object into Go value of type string');
  const { HostConfig, Cmd, Entrypoint, ...config } = parsed.data;
  if (!Cmd && !Entrypoint && !config.Image)
    return failure(400, 'Config cannot be empty in order to create a container');
  const host = HostConfig ?? {};
  const image = store.image(config.Image);
  const command = [
    ...(Entrypoint ?? []),
    ...(Cmd?.length ? Cmd : Entrypoint?.length ? [] : (image?.command ?? [])),
  ];
  const id = hexadecimal(wire, 64);
  const container = emptyContainer(id, '', wire.now());
  Object.assign(container, { image: config.Image, imageId: image?.id ?? '', command, host });
  container.config = { ...config, Cmd: Cmd ?? null, Entrypoint: Entrypoint ?? null };
  const binds = bindsOf(container);
  wire.emit({
    kind: 'command',
    input: command.map(quoted).join(' '),
    ok: image !== undefined,
    detail: {
      how: 'create',
      image: config.Image,
      privileged: host.Privileged === true,
      ...(binds.length ? { binds: binds.join(' ') } : {}),
      ...(typeof host.NetworkMode === 'string' ? { network: host.NetworkMode } : {}),
      ...(host.PidMode === 'host' ? { pid: 'host' } : {}),
    },
  });
  tellDownloads(context, command);
  if (!image) return failure(404, `No such image: ${tagged(config.Image)}`);
  if (command.length === 0) return failure(400, 'No command specified');
  const name = query.get('name')?.replace(/^\//, '');
  if (name !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    return failure(400, `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  const holder =
    name === undefined ? undefined : [...store.containers.values()].find((one) => one.name === name);
  if (holder)
    return failure(
      409,
      `Conflict. The container name "/${name}" is already in use by container "${holder.id}". You have to remove (or rename) that container to be able to reuse that name.`,
    );
  const some = (list: readonly string[]) => list[Math.floor(wire.random() * list.length)]!;
  container.name =
    name ?? `${some(nouns)}_${some(people)}${store.containers.size > 8 ? store.containers.size : ''}`;
  container.cost = context.request.body.length;
  container.issued = true;
  if (!store.add(container))
    return failure(500, `mkdir ${dataRoot(wire.persona)}/containers: no space left on device`);
  return { status: 201, json: { Id: id, Warnings: [] } };
}

/** What a command would fetch, also where it hides it in base64. */
function tellDownloads({ wire }: Context, command: readonly string[]): void {
  const text = command.join(' ');
  const hidden = [...text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)]
    .slice(0, 8)
    .map(([one]) => Buffer.from(one, 'base64').toString('latin1'));
  const told = new Set<string>();
  for (const one of [text, ...hidden])
    for (const { url, tool } of findDownloads(one)) {
      if (tool === 'url' || told.has(url)) continue;
      told.add(url);
      wire.emit({ kind: 'download', url, tool, detail: { how: 'container' } });
    }
}

export function list({ wire, store, query }: Context): Answer {
  const filters = query.get('filters');
  if (filters && !/^\s*\{/.test(filters))
    return failure(500, `invalid character '${filters[0]}' looking for beginning of value`);
  const all = isTrue(query.get('all'));
  const shown = [...store.containers.values()].filter(({ state }) => all || state === 'running').reverse();
  return { status: 200, json: shown.map((one) => row(wire.persona, one, wire.now())) };
}

type Handler = (context: Context, container: Container) => Answer | Promise<Answer>;

/** Of a container that must be there. */
export function of(handler: Handler, prefix = ''): (context: Context) => Answer | Promise<Answer> {
  return (context) => {
    const reference = context.path[0] ?? '';
    const container = context.store.find(reference);
    return container
      ? handler(context, container)
      : failure(404, `${prefix.replace('%', reference)}No such container: ${reference}`);
  };
}

export const inspect: Handler = ({ wire }, container) => ({
  status: 200,
  json: inspection(wire.persona, container),
});

export const start: Handler = (context, container) => {
  const { wire, store } = context;
  if (container.state === 'running') return { status: 304 };
  const shell = shellIn(wire, container, container.command, true);
  if (!knows(shell, container, container.command)) {
    container.exitCode = 127;
    container.error = `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${container.command[0]}": executable file not found in $PATH: unknown`;
    return failure(400, container.error);
  }
  container.state = 'running';
  container.startedAt = wire.now();
  const interactive = container.config.Tty === true && container.config.OpenStdin === true;
  if (!interactive && !lasts(shell, container, container.command)) {
    const job = run(shell, container.command, (stream, text) =>
      store.output(container, stream, text, wire.now()),
    )
      .then((status) => store.end(container, status, wire.now()))
      .then(() => removeWhereAsked(context, container));
    context.jobs.add(job);
  }
  return { status: 204 };
};

function removeWhereAsked({ store }: Context, container: Container): void {
  if (container.host.AutoRemove === true) store.remove(container);
}

export const stop: Handler = (context, container) => {
  if (container.state !== 'running') return { status: 304 };
  context.store.end(container, 137, context.wire.now());
  removeWhereAsked(context, container);
  return { status: 204 };
};

export const kill: Handler = (context, container) => {
  if (container.state !== 'running')
    return failure(
      409,
      `Cannot kill container: ${context.path[0]}: Container ${container.id} is not running`,
    );
  context.store.end(container, 137, context.wire.now());
  removeWhereAsked(context, container);
  return { status: 204 };
};

export const restart: Handler = (context, container) => {
  context.store.end(container, 137, context.wire.now());
  return start(context, container);
};

export const remove: Handler = ({ store, query }, container) => {
  if (container.state === 'running' && !isTrue(query.get('force')))
    return failure(
      409,
      `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
    );
  store.remove(container);
  return { status: 204 };
};

export const rename: Handler = ({ query }, container) => {
  const name = query.get('name') ?? '';
  if (!/^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    return failure(
      400,
      `Error when allocating new name: Invalid container name (/${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    );
  container.name = name.replace(/^\//, '').slice(0, 256);
  return { status: 204 };
};

export const logs: Handler = ({ query }, container) => {
  const streams = [isTrue(query.get('stdout')), isTrue(query.get('stderr'))];
  if (!streams[0] && !streams[1]) return failure(400, 'Bad parameters: you must choose at least one stream');
  const times = isTrue(query.get('timestamps'));
  const tty = container.config.Tty === true;
  const chunks = container.log
    .filter(({ stream }) => streams[stream - 1])
    .map(({ stream, time, text }) => {
      const line = times ? `${goTime(time, 356_826)} ${text}` : text;
      return tty ? line : multiplexed(stream, line);
    });
  return { status: 200, chunks };
};

export const top: Handler = (_, container) => {
  if (container.state !== 'running') return failure(409, `Container ${container.id} is not running`);
  const pid = 2_000 + (Number.parseInt(container.id.slice(0, 4), 16) % 20_000);
  const since = new Date(container.startedAt).toISOString().slice(11, 16);
  return {
    status: 200,
    json: {
      Processes: [
        ['root', `${pid}`, `${pid - 21}`, '0', since, '?', '00:00:00', container.command.join(' ')],
      ],
      Titles: ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'],
    },
  };
};

/** Waits for its end, for as long as the peer says nothing else. */
export const wait: Handler = (context, container) => ({
  status: 200,
  type: 'application/json',
  async later() {
    const next = context.query.get('condition') === 'next-exit' && container.state === 'created';
    if (container.state === 'running' || next) await Promise.race([ended(container), context.heard()]);
    return [`{"Error":null,"StatusCode":${container.exitCode}}\n`];
  },
});

/** Resolves when it next stops, or is removed. */
export function ended(container: Container): Promise<void> {
  return new Promise((resolve) => {
    const watcher = (output?: unknown) => {
      if (output !== undefined) return;
      container.watchers.delete(watcher);
      resolve();
    };
    container.watchers.add(watcher);
  });
}

export function prune({ store }: Context): Answer {
  const gone = [...store.containers.values()].filter(({ state }) => state !== 'running');
  for (const container of gone) store.remove(container);
  return {
    status: 200,
    json: { ContainersDeleted: gone.length ? gone.map(({ id }) => id) : null, SpaceReclaimed: 0 },
  };
}

/** Files put into a container, as a tar archive. */
export const putArchive: Handler = ({ wire, request, query }, container) => {
  if (request.body.length)
    wire.emit({
      kind: 'upload',
      ...wire.keep(request.body),
      name: query.get('path') ?? '',
      detail: { how: 'archive', container: container.name, whole: request.body.length === request.bodySize },
    });
  return { status: 200 };
};
