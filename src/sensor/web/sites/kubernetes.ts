import { header } from '../../emulators/http-request.ts';
import type { Persona } from '../../persona.ts';
import type { Answer } from '../answer.ts';
import { pick } from '../page.ts';
import type { Site } from '../site.ts';

const versions = [
  ['v1.28.15', '841856557ef0f6a399096c42635d114d6f2cf7f4', '2024-10-22T20:33:16Z', 'go1.22.8'],
  ['v1.29.3', '6813625b7cd706db5bc7388921be03071e1a492d', '2024-03-14T23:58:36Z', 'go1.21.8'],
] as const;
const verbs: Record<string, string> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'post',
  PUT: 'put',
  DELETE: 'delete',
  PATCH: 'patch',
};
const resourceVerbs: Record<string, string> = {
  POST: 'create',
  PUT: 'update',
  DELETE: 'delete',
  PATCH: 'patch',
};

/** What an API server says to who is nobody: its version and its health, and that all else is forbidden (`system:public-info-viewer`). */
export function kubernetes(persona: Persona): Site {
  const { token } = persona;
  const [gitVersion, gitCommit, buildDate, goVersion] = pick(persona, 'kubernetes', versions);
  const uuid = (label: string) =>
    token(label, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
  const flow: [string, string][] = [
    ['Cache-Control', 'no-cache, private'],
    ['X-Kubernetes-Pf-Flowschema-Uid', uuid('web flow')],
    ['X-Kubernetes-Pf-Prioritylevel-Uid', uuid('web level')],
  ];
  const [major = '1', minor = ''] = gitVersion.slice(1).split('.');
  const version = {
    major,
    minor,
    gitVersion,
    gitCommit,
    gitTreeState: 'clean',
    buildDate,
    goVersion,
    compiler: 'gc',
    platform: 'linux/amd64',
  };
  const own = (seed: string): [string, string][] => [['Audit-Id', uuid(`web audit ${seed}`)], ...flow];
  const answer = (status: number, body: string, type: string, headers: [string, string][]): Answer => ({
    status,
    kind: 'script',
    type,
    body,
    headers,
  });
  return {
    pages: new Map(),
    other(request, path) {
      const { method, target } = request;
      const headers = own(`${method} ${target} ${header(request, 'user-agent') ?? ''}`);
      if (/^\/(healthz|livez|readyz)$/.test(path))
        return answer(200, 'ok', 'text/plain; charset=utf-8', [
          ...headers,
          ['X-Content-Type-Options', 'nosniff'],
        ]);
      if (path === '/version' || path === '/version/')
        return answer(200, JSON.stringify(version, null, 2), 'application/json', headers);
      const authorization = header(request, 'authorization');
      const fault = authorization ? unauthorized : forbidden(method, path);
      // Browsers and command-line tools get it on several lines, programs on one (`apiserver`, negotiate.go).
      const pretty = /^(curl|Wget|Mozilla\/5\.0)/.test(header(request, 'user-agent') ?? '');
      return answer(
        fault.code,
        pretty ? JSON.stringify(fault, null, 2) : `${JSON.stringify(fault)}\n`,
        'application/json',
        [
          ...(authorization
            ? headers.slice(0, 2)
            : [...headers, ['X-Content-Type-Options', 'nosniff'] as [string, string]]),
        ],
      );
    },
  };
}

const unauthorized = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'Unauthorized',
  reason: 'Unauthorized',
  code: 401,
};

function forbidden(method: string, path: string) {
  const [, group = '', namespace, kind, name] =
    /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?/.exec(path) ?? [];
  const verb = resourceVerbs[method] ?? (name ? 'get' : 'list');
  const message = kind
    ? `${kind}${group ? `.${group}` : ''}${name ? ` "${name}"` : ''} is forbidden: User "system:anonymous" cannot ${verb} resource "${kind}" in API group "${group}" ${namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'}`
    : `forbidden: User "system:anonymous" cannot ${verbs[method] ?? method.toLowerCase()} path "${path}"`;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: message.slice(0, 4_096),
    reason: 'Forbidden',
    details: kind ? { ...(name ? { name } : {}), ...(group ? { group } : {}), kind } : {},
    code: 403,
  };
}
