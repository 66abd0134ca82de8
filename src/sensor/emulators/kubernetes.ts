import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import {
  groups,
  metadataOf,
  objectsOf,
  type Release,
  releaseOf,
  releases,
  resources,
  uuidOf,
} from '../kubernetes/cluster.ts';
import { tellWorkload } from '../kubernetes/workload.ts';
import { type Call, isObject, json, parsed, type Reply, serveSecureApi } from './api.ts';
import { header } from './http-request.ts';

/** Objects that one attacker may make, and what each costs beside its text. */
const limits = { made: 200, cost: 512 } as const;
type Json = Record<string, unknown>;

/** A Kubernetes API server whose `system:anonymous` may do all, over TLS: what is created is told and kept, `exec` is told and fails. */
export const kubernetes = defineEmulator({
  name: 'kubernetes',
  summary: 'Kubernetes API server that is open to all',
  port: 6443,
  highPort: 6443,
  options: z.strictObject({ version: z.enum(['v1.28.15', 'v1.29.3']).optional() }),

  // The client speaks first.
  greet: () => true,

  session(wire, { version }) {
    const release = version ?? releaseOf(wire.persona);
    const objects = objectsOf(wire.persona, release);
    return serveSecureApi(wire, (call) => dressed(wire, respond(wire, objects, release, call)));
  },
});

/** With the headers of an API server. */
function dressed(wire: Wire, reply: Reply): Reply {
  const { persona } = wire;
  const id = Array.from({ length: 32 }, () => Math.floor(wire.random() * 16).toString(16)).join('');
  const headers: [string, string][] = [
    ['Audit-Id', id.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5')],
    ['Cache-Control', 'no-cache, private'],
    ['X-Kubernetes-Pf-Flowschema-Uid', uuidOf(persona, 'flow')],
    ['X-Kubernetes-Pf-Prioritylevel-Uid', uuidOf(persona, 'level')],
  ];
  return { ...reply, headers };
}

const said = (status: number, value: Json): Reply => {
  const reply = json(status, value);
  return { ...reply, body: `${reply.body}\n` };
};
const status = (code: number, reason: string, message: string, details: Json = {}): Reply =>
  said(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details,
    code,
  });

function respond(
  wire: Wire,
  objects: ReadonlyMap<string, readonly Json[]>,
  release: Release,
  call: Call,
): Reply {
  const { path, method } = call;
  if (/^\/(healthz|livez|readyz)$/.test(path))
    return { status: 200, type: 'text/plain; charset=utf-8', body: 'ok' };
  if (path === '/version' || path === '/version/') {
    const [major, minor] = release.slice(1).split('.');
    const value = {
      major,
      minor,
      gitVersion: release,
      gitCommit: releases[release].gitCommit,
      gitTreeState: 'clean',
      buildDate: releases[release].buildDate,
      goVersion: releases[release].goVersion,
      compiler: 'gc',
      platform: 'linux/amd64',
    };
    return { status: 200, type: 'application/json', body: JSON.stringify(value, null, 2) };
  }
  const index = discovery(wire, path);
  if (index) return said(200, index);
  const found =
    /^\/(?:api\/v1|apis\/([^/]+)\/v1)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+)(?:\/([a-z]+))?)?$/.exec(
      path,
    );
  const namespaced = /^\/api\/v1\/namespaces(?:\/([^/]+))?$/.exec(path);
  const [, , namespace, resource, name, sub] = namespaced
    ? [path, '', undefined, 'namespaces', namespaced[1], undefined]
    : (found ?? []);
  const known = resource ? resources[resource] : undefined;
  if (!resource || !known) return status(404, 'NotFound', 'the server could not find the requested resource');
  if (sub === 'exec' || sub === 'attach' || sub === 'portforward')
    return enter(wire, call, `${namespace}/${name}`, sub);
  if (sub === 'log') return { status: 200, type: 'text/plain', body: '' };
  const memory = made(wire);
  const all = [
    ...(objects.get(resource) ?? []),
    ...memory.filter((one) => one.resource === resource).map(({ object }) => object),
  ];
  const shown = all.filter(
    (one) => namespace === undefined || (isObject(one.metadata) && one.metadata.namespace === namespace),
  );
  const apiVersion = known.group ? `${known.group}/v1` : 'v1';
  if (method === 'POST') return create(wire, call, { resource, apiVersion, kind: known.kind, namespace });
  if (name === undefined) {
    if (method === 'GET' || method === 'HEAD')
      return said(200, {
        kind: `${known.kind}List`,
        apiVersion,
        metadata: { resourceVersion: '1284417' },
        items: shown,
      });
    return status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  }
  const one = shown.find(({ metadata }) => isObject(metadata) && metadata.name === name);
  if (!one)
    return status(404, 'NotFound', `${resource} "${name.slice(0, 253)}" not found`, {
      name: name.slice(0, 253),
      kind: resource,
    });
  if (method === 'PUT' || method === 'PATCH') {
    wire.emit({
      kind: 'command',
      input: `${method === 'PUT' ? 'replace' : 'patch'} ${resource} ${namespace ?? ''}/${name}`,
      ok: true,
      detail: { how: 'kubernetes' },
    });
    tellWorkload(wire, parsed(call.text));
  } else if (method === 'DELETE') {
    wire.emit({
      kind: 'command',
      input: `delete ${resource} ${namespace ?? ''}/${name}`,
      ok: true,
      detail: { how: 'kubernetes' },
    });
    return said(200, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name, kind: resource },
    });
  }
  return said(200, { kind: known.kind, apiVersion, ...one });
}

function discovery({ persona }: Wire, path: string): Json | undefined {
  if (path === '/')
    return {
      paths: [
        '/api',
        '/api/v1',
        '/apis',
        ...groups.flatMap((group) => [`/apis/${group}`, `/apis/${group}/v1`]),
        '/healthz',
        '/livez',
        '/metrics',
        '/openapi/v2',
        '/readyz',
        '/version',
      ],
    };
  if (path === '/api')
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: `${persona.address}:6443` }],
    };
  const group = (name: string) => ({
    name,
    versions: [{ groupVersion: `${name}/v1`, version: 'v1' }],
    preferredVersion: { groupVersion: `${name}/v1`, version: 'v1' },
  });
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(group) };
  const [, core, named] = /^\/(?:(api\/v1)|apis\/([^/]+)\/v1)$/.exec(path) ?? [];
  if (core === undefined && (named === undefined || !groups.includes(named))) return undefined;
  const own = Object.entries(resources).filter(([, one]) => one.group === (named ?? ''));
  const list = own.map(([name, { kind, namespaced }]) => ({
    name,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    ...(name === 'pods' ? { shortNames: ['po'] } : {}),
  }));
  return {
    kind: 'APIResourceList',
    ...(named ? { apiVersion: 'v1' } : {}),
    groupVersion: named ? `${named}/v1` : 'v1',
    resources: list,
  };
}

interface Made {
  resource: string;
  object: Json;
}

function made({ memory }: Wire): Made[] {
  const known = memory.get('kubernetes') as Made[] | undefined;
  const list = known ?? [];
  if (!known) memory.set('kubernetes', list);
  return list;
}

function create(
  wire: Wire,
  call: Call,
  {
    resource,
    apiVersion,
    kind,
    namespace,
  }: { resource: string; apiVersion: string; kind: string; namespace: string | undefined },
): Reply {
  const given = parsed(call.text);
  if (!isObject(given))
    return status(
      400,
      'BadRequest',
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error`,
    );
  const own = isObject(given.metadata) ? given.metadata : {};
  const name = String(
    own.name ??
      `${String(own.generateName ?? 'job-')}${wire.persona.token(`kubernetes made ${wire.now()}`, 5)}`,
  ).slice(0, 253);
  wire.emit({
    kind: 'command',
    input: `create ${resource} ${namespace ?? ''}/${name}`,
    ok: true,
    detail: { how: 'kubernetes' },
  });
  tellWorkload(wire, given);
  if (call.text.length >= 64)
    wire.emit({
      kind: 'upload',
      ...wire.keep(Buffer.from(call.text, 'latin1')),
      name: `${resource}/${name}`,
      detail: { how: 'manifest' },
    });
  const object: Json = {
    ...given,
    kind,
    apiVersion,
    metadata: {
      ...own,
      ...metadataOf(wire.persona, kind, name, namespace),
      creationTimestamp: new Date(wire.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    },
    ...(resource === 'pods' ? { status: { phase: 'Pending', qosClass: 'BestEffort' } } : {}),
  };
  const list = made(wire);
  if (list.length < limits.made && wire.memory.take(call.text.length + limits.cost))
    list.push({ resource, object });
  return said(201, object);
}

/** `exec` and its like: the words are told; the container cannot be entered. */
function enter(wire: Wire, { request }: Call, pod: string, how: string): Reply {
  const words = [...request.target.matchAll(/[?&]command=([^&]{0,4096})/g)].map(([, text]) =>
    decodeURIComponentSafe(text!),
  );
  wire.emit({ kind: 'command', input: words.join(' '), ok: false, detail: { how, pod: pod.slice(0, 512) } });
  if (!/upgrade/i.test(header(request, 'connection') ?? ''))
    return status(400, 'BadRequest', 'Upgrade request required');
  return status(500, 'InternalError', 'error dialing backend: remote error: tls: internal error');
}

function decodeURIComponentSafe(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
