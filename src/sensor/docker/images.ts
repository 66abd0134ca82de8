import { type Answer, failure, goJson } from './answer.ts';
import { contentsOf } from './catalogue.ts';
import { type Context, hexadecimal } from './context.ts';
import { imageRow } from './describe.ts';
import { architecture } from './engine.ts';
import { dataRoot } from './inside.ts';
import { type Image, tagged } from './store.ts';

/** Pulls told of in one session. */
const shellImages = /^(?:(?:docker\.io\/)?library\/)?(alpine|busybox|bash)(:|$)/;

/** Where a name is pulled from, in full. */
function source(name: string): string {
  const first = name.split('/')[0]!;
  const hasRegistry = name.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  if (hasRegistry) return name;
  return `docker.io/${name.includes('/') ? name : `library/${name}`}`;
}

/** `POST /images/create`: tells what is to be pulled, and pulls nothing. */
export function pull({ wire, store, request, query }: Context): Answer {
  const from = query.get('fromImage') ?? '';
  const src = query.get('fromSrc');
  if (src !== undefined) {
    if (/^[a-z]+:\/\//i.test(src))
      wire.emit({ kind: 'download', url: src, tool: 'docker', detail: { how: 'import' } });
    else if (request.body.length)
      wire.emit({ kind: 'upload', ...wire.keep(request.body), detail: { how: 'import' } });
    return {
      status: 200,
      type: 'application/json',
      chunks: [line({ status: `sha256:${hexadecimal(wire, 64)}` })],
    };
  }
  if (from === '') return failure(400, 'invalid reference format');
  const asked = query.get('tag');
  const reference = tagged(
    asked && !from.includes('@') ? `${from}${asked.includes(':') ? '@' : ':'}${asked}` : from,
  );
  if (!/^[a-z0-9][a-z0-9._:/@-]*$/i.test(reference)) return failure(400, 'invalid reference format');
  if (
    /[A-Z]/.test(
      reference
        .replace(/[:@][^/]*$/, '')
        .split('/')
        .slice(-1)[0]!,
    )
  )
    return failure(400, 'invalid reference format: repository name must be lowercase');
  const full = source(reference);
  wire.emit({ kind: 'download', url: `docker://${full}`, tool: 'docker', name: reference });
  const [, path = full, tag = 'latest'] = /^[^/]+\/(.*?)(?:[:@]([^/]*))?$/.exec(full) ?? [];
  const known = store.image(reference);
  const digest = known?.digest ?? hexadecimal(wire, 64);
  const layers = known ? [] : layersOf(reference, wire.random());
  const ids = layers.map(() => hexadecimal(wire, 12));
  if (!known) {
    const image: Image = {
      id: hexadecimal(wire, 64),
      tags: [reference],
      digest,
      created: wire.now() - (20 + Math.floor(wire.random() * 40)) * 86_400_000,
      size: layers.reduce((sum, size) => sum + Math.floor(size * 2.2), 0),
      command: [...contentsOf(reference).command],
    };
    if (!store.addImage(image))
      return failure(500, `write ${dataRoot(wire.persona)}/tmp/GetImageBlob: no space left on device`);
  }
  return {
    status: 200,
    type: 'application/json',
    later: async () => {
      const lines = [line({ status: `Pulling from ${path}`, id: tag })];
      for (const id of ids) lines.push(line({ status: 'Pulling fs layer', progressDetail: {}, id }));
      for (const [i, id] of ids.entries()) {
        await wire.pause(Math.min(6_000, 400 + layers[i]! / 9_000));
        lines.push(
          line(progress('Downloading', layers[i]!, id)),
          line({ status: 'Verifying Checksum', progressDetail: {}, id }),
          line({ status: 'Download complete', progressDetail: {}, id }),
          line(progress('Extracting', layers[i]!, id)),
          line({ status: 'Pull complete', progressDetail: {}, id }),
        );
      }
      lines.push(
        line({ status: `Digest: sha256:${digest}` }),
        line({
          status: `Status: ${known ? 'Image is up to date' : 'Downloaded newer image'} for ${reference}`,
        }),
      );
      return lines;
    },
  };
}

const line = (value: unknown) => goJson(value).replace(/\n$/, '\r\n');

function progress(status: string, total: number, id: string): unknown {
  const size = total >= 1e6 ? `${(total / 1e6).toPrecision(4)}MB` : `${(total / 1e3).toPrecision(4)}kB`;
  return {
    status,
    progressDetail: { current: total, total },
    progress: `[${'='.repeat(50)}>]  ${size}/${size}`,
    id,
  };
}

/** Sizes of layers as such images have them, in bytes. */
function layersOf(reference: string, dice: number): number[] {
  if (shellImages.test(reference)) return [2_800_000 + Math.floor(dice * 800_000)];
  if (/(^|\/)(ubuntu|debian)(:|$)/.test(reference)) return [28_000_000 + Math.floor(dice * 25_000_000)];
  return [2_806_054, 11_000_000 + Math.floor(dice * 30_000_000), 1_412 + Math.floor(dice * 900)];
}

export function images({ store }: Context): Answer {
  return { status: 200, json: [...store.images.values()].map(imageRow) };
}

export function inspectImage({ store, path, wire, release }: Context): Answer {
  const name = path[0] ?? '';
  const image = store.image(name);
  if (!image) return failure(404, `no such image: ${name}: No such image: ${tagged(name)}`);
  const config = {
    Hostname: '',
    Domainname: '',
    User: '',
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    Tty: false,
    OpenStdin: false,
    StdinOnce: false,
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...contentsOf(image.tags[0] ?? '').env,
    ],
    Cmd: image.command,
    Image: '',
    Volumes: null,
    WorkingDir: '',
    Entrypoint: null,
    OnBuild: null,
    Labels: null,
  };
  const created = new Date(image.created).toISOString();
  return {
    status: 200,
    json: {
      Id: `sha256:${image.id}`,
      RepoTags: image.tags,
      RepoDigests: image.tags.map((tag) => `${tag.replace(/:[^/]*$/, '')}@sha256:${image.digest}`),
      Parent: '',
      Comment: '',
      Created: created,
      Container: '',
      ContainerConfig: config,
      DockerVersion: release.version,
      Author: '',
      Config: config,
      Architecture: architecture(wire.persona),
      Os: 'linux',
      Size: image.size,
      VirtualSize: image.size,
      GraphDriver: { Data: null, Name: 'overlay2' },
      RootFS: { Type: 'layers', Layers: [`sha256:${image.digest.slice(32)}${image.id.slice(0, 32)}`] },
      Metadata: { LastTagTime: '0001-01-01T00:00:00Z' },
    },
  };
}

export function removeImage({ store, path }: Context): Answer {
  const name = path[0] ?? '';
  const image = store.image(name);
  if (!image) return failure(404, `No such image: ${tagged(name)}`);
  store.images.delete(image.id);
  return {
    status: 200,
    json: [...image.tags.map((Untagged) => ({ Untagged })), { Deleted: `sha256:${image.id}` }],
  };
}

/** A build context or a saved image: kept, and refused as it cannot be used. */
export function build({ wire, request, query }: Context): Answer {
  const remote = query.get('remote');
  if (remote) wire.emit({ kind: 'download', url: remote, tool: 'docker', detail: { how: 'build' } });
  if (request.body.length)
    wire.emit({
      kind: 'upload',
      ...wire.keep(request.body),
      name: query.get('t') ?? 'build',
      detail: { how: 'build', whole: request.body.length === request.bodySize },
    });
  return failure(500, `Cannot locate specified Dockerfile: ${query.get('dockerfile') || 'Dockerfile'}`);
}

export function load({ wire, request }: Context): Answer {
  if (request.body.length)
    wire.emit({ kind: 'upload', ...wire.keep(request.body), name: 'image.tar', detail: { how: 'load' } });
  return {
    status: 200,
    type: 'application/json',
    chunks: [line({ stream: `Loaded image ID: sha256:${hexadecimal(wire, 64)}\n` })],
  };
}
