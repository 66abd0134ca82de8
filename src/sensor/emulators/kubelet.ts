import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { objectsOf, releaseOf } from '../kubernetes/cluster.ts';
import { type Call, json, latin1, type Reply, serveSecureApi } from './api.ts';
import { header } from './http-request.ts';
import { inject } from './inject.ts';
import { form } from './web-pages.ts';

/** The kubelet's own interface with anonymous access, over TLS: pods are shown, `run` runs in the shell that pretends. */
export const kubelet = defineEmulator({
  name: 'kubelet',
  summary: 'kubelet that is open to all',
  port: 10250,
  highPort: 10250,
  options: z.strictObject({ version: z.enum(['v1.28.15', 'v1.29.3']).optional() }),

  // The client speaks first.
  greet: () => true,

  session(wire, { version }) {
    const release = version ?? releaseOf(wire.persona);
    const pods = objectsOf(wire.persona, release).get('pods') ?? [];
    return serveSecureApi(wire, (call) => respond(wire, pods, call));
  },
});

const text = (status: number, body: string): Reply => ({ status, type: 'text/plain; charset=utf-8', body });

async function respond(wire: Wire, pods: readonly Record<string, unknown>[], call: Call): Promise<Reply> {
  const { path, method, request } = call;
  if (path === '/healthz') return text(200, 'ok');
  if (/^\/(pods|runningpods)\/?$/.test(path))
    return json(200, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods });
  if (path === '/pods' || path === '/stats/summary' || path === '/metrics' || path === '/configz')
    return text(200, '');
  const [, how, namespace = '', pod = '', container = ''] =
    /^\/(run|exec|attach|portForward|cri\/exec|containerLogs)\/([^/]+)\/([^/]+)(?:\/([^/]+))?\/?$/.exec(
      path,
    ) ?? [];
  if (how === undefined) return text(404, '404 page not found\n');
  if (how === 'containerLogs') return text(200, '');
  const field = how === 'run' ? 'cmd' : 'command';
  const words = [...request.target.matchAll(new RegExp(`[?&]${field}=([^&]{0,4096})`, 'g'))].map(
    ([, word]) => form(`a=${word}`).get('a') ?? '',
  );
  const command = words.length ? words.join(' ') : (form(call.text.slice(0, 65_536)).get(field) ?? '');
  const known = pods.some((one) =>
    JSON.stringify(one.metadata).includes(`"name":"${pod}","namespace":"${namespace}"`),
  );
  wire.emit({
    kind: 'command',
    input: command,
    ok: known && how === 'run',
    detail: {
      how,
      namespace: namespace.slice(0, 253),
      pod: pod.slice(0, 253),
      container: container.slice(0, 253),
    },
  });
  if (how === 'run' && method !== 'POST') return text(405, '405: Method Not Allowed');
  if (!known) return text(404, `pod does not exist`);
  if (how !== 'run')
    return /upgrade/i.test(header(request, 'connection') ?? '')
      ? text(500, 'container not found')
      : text(400, 'you must specify at least 1 of stdin, stdout, stderr');
  const { output } = await inject(wire, command, { cwd: '/', user: 'root' });
  return { status: 200, type: 'text/plain; charset=utf-8', body: latin1(output) };
}
