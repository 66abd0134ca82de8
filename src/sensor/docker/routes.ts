import { type Answer, failure } from './answer.ts';
import * as containers from './containers.ts';
import type { Context } from './context.ts';
import { infoOf, versionOf } from './engine.ts';
import * as images from './images.ts';
import * as streams from './streams.ts';

type Handler = (context: Context) => Answer | Promise<Answer>;
type Route = readonly [methods: string, path: RegExp, handler: Handler];

const noSwarm = () =>
  failure(
    503,
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  );

const ping: Answer = {
  status: 200,
  text: 'OK',
  headers: { 'Cache-Control': 'no-cache, no-store, must-revalidate', Pragma: 'no-cache' },
};

const pingHead: Answer = {
  status: 200,
  headers: { ...ping.headers, 'Content-Length': '0' },
  type: 'text/plain; charset=utf-8',
};

const notThere: Handler = ({ path }) => failure(404, `No such container: ${path[0]}`);
const { of } = containers;

/** What the Engine answers (docs.docker.com, Engine API v1.41), without the version before each path. */
const routes: readonly Route[] = [
  ['GET', /^\/_ping$/, () => ping],
  ['HEAD', /^\/_ping$/, () => pingHead],
  ['GET', /^\/version$/, ({ wire, release }) => ({ status: 200, json: versionOf(wire.persona, release) })],
  ['GET', /^\/info$/, info],
  ['GET', /^\/containers\/(?:json|ps)$/, containers.list],
  ['POST', /^\/containers\/create$/, containers.create],
  ['POST', /^\/containers\/prune$/, containers.prune],
  ['GET', /^\/containers\/(.+)\/json$/, of(containers.inspect)],
  ['GET', /^\/containers\/(.+)\/logs$/, of(containers.logs)],
  ['GET', /^\/containers\/(.+)\/top$/, of(containers.top)],
  ['POST', /^\/containers\/(.+)\/start$/, of(containers.start)],
  ['POST', /^\/containers\/(.+)\/stop$/, of(containers.stop)],
  ['POST', /^\/containers\/(.+)\/kill$/, of(containers.kill, 'Cannot kill container: %: ')],
  ['POST', /^\/containers\/(.+)\/restart$/, of(containers.restart)],
  ['POST', /^\/containers\/(.+)\/wait$/, of(containers.wait)],
  ['POST', /^\/containers\/(.+)\/attach$/, of(streams.attach)],
  ['POST', /^\/containers\/(.+)\/rename$/, of(containers.rename)],
  ['POST', /^\/containers\/(.+)\/resize$/, of(() => ({ status: 200 }))],
  ['POST', /^\/containers\/(.+)\/exec$/, of(streams.createExec)],
  ['PUT', /^\/containers\/(.+)\/archive$/, of(containers.putArchive)],
  ['GET', /^\/containers\/(.+)\/(?:archive|stats|changes|export)$/, notThere],
  ['DELETE', /^\/containers\/(.+)$/, of(containers.remove)],
  ['POST', /^\/exec\/(.+)\/start$/, streams.startExec],
  ['POST', /^\/exec\/(.+)\/resize$/, () => ({ status: 200 })],
  ['GET', /^\/exec\/(.+)\/json$/, streams.inspectExec],
  ['GET', /^\/images\/json$/, images.images],
  ['POST', /^\/images\/create$/, images.pull],
  ['POST', /^\/images\/load$/, images.load],
  ['POST', /^\/images\/prune$/, () => ({ status: 200, json: { ImagesDeleted: null, SpaceReclaimed: 0 } })],
  ['GET', /^\/images\/(.+)\/json$/, images.inspectImage],
  ['DELETE', /^\/images\/(.+)$/, images.removeImage],
  ['POST', /^\/build$/, images.build],
  ['GET', /^\/networks$/, networks],
  ['GET', /^\/volumes$/, () => ({ status: 200, json: { Volumes: [], Warnings: null } })],
  ['GET', /^\/plugins$/, () => ({ status: 200, json: [] })],
  ['GET', /^\/events$/, () => ({ status: 200, type: 'application/json', chunks: [] })],
  ['GET', /^\/(?:swarm|nodes|services|secrets|configs|tasks)$/, noSwarm],
  [
    'POST',
    /^\/commit$/,
    ({ query }) => failure(400, `invalid name or ID supplied: "${query.get('container') ?? ''}"`),
  ],
];

/** Who answers a request, and what its pattern found; undefined where nobody does. */
export function route(method: string, path: string): { handler: Handler; path: string[] } | undefined {
  for (const [wanted, pattern, handler] of routes) {
    if (wanted !== method) continue;
    const found = pattern.exec(path);
    if (found) return { handler, path: found.slice(1).map(unescaped) };
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function info({ wire, store, release }: Context): Answer {
  const all = [...store.containers.values()];
  const running = all.filter(({ state }) => state === 'running').length;
  const count = { containers: all.length, running, images: store.images.size };
  return { status: 200, json: infoOf(wire.persona, release, count, wire.now()) };
}

function networks({ wire: { persona } }: Context): Answer {
  const one = (Name: string, Driver: string, Config: unknown[], Options: unknown) => ({
    Name,
    Id: persona.token(`docker-network-${Name}`, 64),
    Created: new Date(persona.bootedAt + 38_000).toISOString().replace('Z', '427310Z'),
    Scope: 'local',
    Driver,
    EnableIPv6: false,
    IPAM: { Driver: 'default', Options: null, Config },
    Internal: false,
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: {},
    Options,
    Labels: {},
  });
  const bridge = {
    'com.docker.network.bridge.default_bridge': 'true',
    'com.docker.network.bridge.enable_icc': 'true',
    'com.docker.network.bridge.enable_ip_masquerade': 'true',
    'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
    'com.docker.network.bridge.name': 'docker0',
    'com.docker.network.driver.mtu': '1500',
  };
  return {
    status: 200,
    json: [
      one('bridge', 'bridge', [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }], bridge),
      one('none', 'null', [], {}),
      one('host', 'host', [], {}),
    ],
  };
}
