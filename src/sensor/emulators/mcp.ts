import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { type Call, isObject, json, parsed, type Reply, serveApi } from './api.ts';
import { header } from './http-request.ts';

const shown = 16_384;
const versions = new Set(['2024-11-05', '2025-03-26', '2025-06-18']);
/** Calls in one batch (JSON-RPC 2.0 §6). */
const batchLimit = 32;

const text = (description: string) => ({ type: 'string', description });
const object = (properties: Record<string, unknown>, required: string[]) => ({
  type: 'object',
  properties,
  required,
});
/** What a team gives its assistant: tools whose names say what they reach. */
const tools = [
  {
    name: 'query_database',
    description: 'Run a read-only SQL query against the reporting database',
    inputSchema: object({ sql: text('SQL statement') }, ['sql']),
  },
  {
    name: 'read_file',
    description: 'Read a file from the shared workspace',
    inputSchema: object({ path: text('Path relative to the workspace') }, ['path']),
  },
  {
    name: 'list_directory',
    description: 'List files in a directory of the shared workspace',
    inputSchema: object({ path: text('Path relative to the workspace') }, ['path']),
  },
  {
    name: 'fetch_url',
    description: 'Fetch a page and return its text',
    inputSchema: object({ url: text('Address of the page') }, ['url']),
  },
  {
    name: 'run_command',
    description: 'Run a maintenance command on the build host',
    inputSchema: object({ command: text('Command line') }, ['command']),
  },
];

/** A Model Context Protocol server over streamable HTTP (modelcontextprotocol.io, 2025-06-18): tools that pretend, each call told. */
export const mcp = defineEmulator({
  name: 'mcp',
  summary: 'Model Context Protocol server with tools',
  port: 8000,
  highPort: 8000,
  options: z.strictObject({ version: z.string().max(32).default('1.9.4') }),

  // The client speaks first.
  greet: () => true,

  session: (wire, { version }) =>
    serveApi(
      wire,
      'uvicorn',
      (call, own) => respond(own, version, call),
      ({ request }) => issued(wire).has(header(request, sessionHeader) ?? ''),
    ),
});

const fault = (status: number, code: number, message: string): Reply =>
  json(status, { jsonrpc: '2.0', id: 'server-error', error: { code, message } });

function respond(wire: Wire, version: string, call: Call): Reply {
  const { path, method, request, text: body } = call;
  if (path === '/mcp/') return { status: 307, type: '', body: '', headers: [['location', '/mcp']] };
  if (path !== '/mcp') return { status: 404, type: 'text/plain; charset=utf-8', body: 'Not Found' };
  if (method === 'DELETE') return { status: 200, type: 'application/json', body: '' };
  if (method === 'GET') return fault(406, -32_600, 'Not Acceptable: Client must accept text/event-stream');
  if (method !== 'POST') return fault(405, -32_600, 'Method Not Allowed');
  const accept = header(request, 'accept') ?? '';
  if (!/application\/json|\*\/\*/.test(accept) || !/text\/event-stream|\*\/\*/.test(accept))
    return fault(
      406,
      -32_600,
      'Not Acceptable: Client must accept both application/json and text/event-stream',
    );
  const asked = parsed(body);
  if (asked === null) return fault(400, -32_700, 'Parse error: Invalid JSON');
  const calls = Array.isArray(asked) ? asked.slice(0, batchLimit) : [asked];
  const answers = calls.map((one) => answer(wire, version, one)).filter((one) => one !== undefined);
  const session: [string, string][] = [
    [sessionHeader, header(request, sessionHeader)?.slice(0, 64) ?? issue(wire)],
  ];
  if (answers.length === 0) return { status: 202, type: 'application/json', body: '', headers: session };
  const events = answers.map((one) => ({
    text: `event: message\r\ndata: ${Buffer.from(JSON.stringify(one)).toString('latin1')}\r\n\r\n`,
    afterMs: 20,
  }));
  return {
    status: 200,
    type: 'text/event-stream',
    body: '',
    headers: [['cache-control', 'no-cache, no-transform'], ['connection', 'keep-alive'], ...session],
    pieces: events,
  };
}

const sessionHeader = 'mcp-session-id';
/** Sessions of one attacker that are remembered, and what each costs. */
const sessionLimit = 64;
const sessionCost = 64;

/** The sessions that this attacker was told of. */
function issued(wire: Wire): Set<string> {
  let all = wire.memory.get('mcp sessions') as Set<string> | undefined;
  if (!all) {
    all = new Set();
    wire.memory.set('mcp sessions', all);
  }
  return all;
}

function issue(wire: Wire): string {
  const id = Array.from({ length: 32 }, () => Math.floor(wire.random() * 16).toString(16)).join('');
  const all = issued(wire);
  if (all.size >= sessionLimit) all.delete(all.values().next().value!);
  else if (!wire.memory.take(sessionCost)) return id;
  all.add(id);
  return id;
}

function answer(wire: Wire, version: string, asked: unknown): unknown {
  if (!isObject(asked) || typeof asked.method !== 'string')
    return { jsonrpc: '2.0', id: null, error: { code: -32_600, message: 'Invalid Request' } };
  const { method, id } = asked;
  const params = isObject(asked.params) ? asked.params : {};
  const result = (value: unknown) => ({ jsonrpc: '2.0', id, result: value });
  if (method === 'initialize') {
    tellClient(wire, params);
    const wished = String(params.protocolVersion ?? '');
    return result({
      protocolVersion: versions.has(wished) ? wished : '2025-06-18',
      capabilities: {
        experimental: {},
        prompts: { listChanged: false },
        resources: { subscribe: false, listChanged: false },
        tools: { listChanged: false },
      },
      serverInfo: { name: `${wire.persona.hostname}-tools`, version },
    });
  }
  wire.emit({
    kind: 'command',
    input: `${method} ${JSON.stringify(params)}`.slice(0, shown),
    ok: true,
    detail: { how: 'mcp' },
  });
  if (id === undefined || method.startsWith('notifications/')) return undefined;
  if (method === 'tools/list') return result({ tools });
  if (method === 'tools/call') return result(called(wire, params));
  if (method === 'ping') return result({});
  if (/^(resources|prompts|resources\/templates)\/list$/.test(method))
    return result({ [method.startsWith('prompts') ? 'prompts' : 'resources']: [] });
  return { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } };
}

function called(wire: Wire, params: Record<string, unknown>): unknown {
  const name = String(params.name ?? '');
  const given = isObject(params.arguments) ? params.arguments : {};
  const say = (said: string, isError = false) => ({ content: [{ type: 'text', text: said }], isError });
  const needed = tools.find((tool) => tool.name === name)?.inputSchema.required[0];
  if (needed === undefined) return say(`Unknown tool: ${name.slice(0, 256)}`, true);
  const value = given[needed];
  if (typeof value !== 'string')
    return say(
      `Error executing tool ${name}: 1 validation error for ${name}Arguments\n${needed}\n  Field required [type=missing]`,
      true,
    );
  wire.emit({ kind: 'command', input: value, ok: false, detail: { how: `tool ${name}` } });
  if (name === 'fetch_url') wire.emit({ kind: 'download', url: value, tool: 'mcp' });
  const says: Record<string, string> = {
    query_database:
      'Error executing tool query_database: connection to server at "10.0.4.12", port 5432 failed: timeout expired',
    read_file: `Error executing tool read_file: [Errno 2] No such file or directory: '${value.slice(0, 256)}'`,
    list_directory: 'README.md\nreports\nscripts\n',
    fetch_url: 'Error executing tool fetch_url: timed out',
    run_command: 'Error executing tool run_command: not permitted outside of a maintenance window',
  };
  return say(says[name]!, name !== 'list_directory');
}

function tellClient(wire: Wire, { clientInfo, protocolVersion }: Record<string, unknown>): void {
  const { name = '', version = '' } = isObject(clientInfo) ? clientInfo : {};
  wire.emit({
    kind: 'fingerprint',
    method: 'mcp-client',
    value: JSON.stringify({ clientInfo, protocolVersion }).slice(0, 4_096),
    software: `${String(name)} ${String(version)}`.trim(),
  });
}
