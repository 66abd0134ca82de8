import type { Wire } from '../emulator.ts';
import { type Call, isObject, json, latin1, parsed, type Reply } from '../emulators/api.ts';
import { answerTo, measure, tokens } from './answers.ts';
import { type Model, modelsOf } from './models.ts';

export interface Context {
  wire: Wire;
  version: string;
  call: Call;
}

/** Milliseconds that a token takes, and the first one of an answer. */
const pace = { token: 28, first: 340 } as const;
const shown = 16_384;
const ginJson = 'application/json; charset=utf-8';
const stamp = (ms: number) => new Date(ms).toISOString().replace('Z', '482913Z');

const plainText = (status: number, body: string): Reply => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
});
const said = (status: number, value: unknown): Reply => ({ ...json(status, value), type: ginJson });
const noModel = (name: string) => said(404, { error: `model '${name}' not found` });

function described({ name, family, parameters, quantization, size, digest, modifiedAt }: Model) {
  const details = {
    parent_model: '',
    format: 'gguf',
    family,
    families: [family],
    parameter_size: parameters,
    quantization_level: quantization,
  };
  return { name, model: name, modified_at: modifiedAt, size, digest, details };
}

function find(models: readonly Model[], name: string): Model | undefined {
  return models.find(
    (one) => one.name === name || one.name === `${name}:latest` || one.name.split(':')[0] === name,
  );
}

const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : Array.isArray(content)
      ? content.map((part) => (isObject(part) ? String(part.text ?? '') : '')).join('\n')
      : '';

function promptOf(body: Record<string, unknown>): string {
  const { prompt, messages, input } = body;
  if (Array.isArray(messages))
    return messages
      .slice(-64)
      .map((one) => (isObject(one) ? `${String(one.role ?? '')}: ${textOf(one.content)}` : ''))
      .join('\n');
  return textOf(prompt) || textOf(input);
}
const lastOf = (body: Record<string, unknown>): string => {
  const { messages } = body;
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  return isObject(last) ? textOf(last.content) : promptOf(body);
};

/** Ollama's own interface: lines of JSON, as a stream unless told otherwise. */
function generate({ wire, call }: Context, models: readonly Model[], chat: boolean): Reply {
  const body = parsed(call.text);
  if (!isObject(body))
    return said(400, { error: call.text ? 'invalid character in JSON' : 'missing request body' });
  const name = String(body.model ?? '');
  tellPrompt(wire, body, name);
  const model = find(models, name);
  if (!model) return noModel(name);
  const answer = answerTo(lastOf(body), wire.persona.machineId);
  const prompt = promptOf(body);
  const piece = (text: string) =>
    chat ? { message: { role: 'assistant', content: text } } : { response: text };
  const words = tokens(answer);
  const start = wire.now();
  const duration = (pace.first + words.length * pace.token) * 1_000_000;
  const end = {
    done_reason: 'stop',
    done: true,
    ...(chat ? {} : { context: [128_006, 882, 128_007, 271, 128_009, 128_006, 78_191, 128_007, 271] }),
    total_duration: duration + 21_384_917,
    load_duration: 18_472_113,
    prompt_eval_count: 10 + measure(prompt),
    prompt_eval_duration: 41_204_883,
    eval_count: words.length + 1,
    eval_duration: duration,
  };
  const line = (text: string, i: number, more: object) =>
    latin1(
      `${JSON.stringify({ model: name, created_at: stamp(start + pace.first + i * pace.token), ...piece(text), ...more })}${body.stream === false ? '' : '\n'}`,
    );
  if (body.stream === false) return { status: 200, type: ginJson, body: line(answer, words.length, end) };
  return {
    status: 200,
    type: 'application/x-ndjson',
    body: '',
    pieces: [
      ...words.map((word, i) => ({
        text: line(word, i, { done: false }),
        afterMs: i === 0 ? pace.first : pace.token,
      })),
      { text: line('', words.length, end), afterMs: pace.token },
    ],
  };
}

/** What OpenAI's clients speak: one object, or server-sent events. */
function complete({ wire, call }: Context, models: readonly Model[], chat: boolean): Reply {
  const body = parsed(call.text);
  if (!isObject(body))
    return said(400, { error: { message: 'EOF', type: 'invalid_request_error', param: null, code: null } });
  const name = String(body.model ?? '');
  tellPrompt(wire, body, name);
  if (!find(models, name))
    return said(404, {
      error: { message: `model '${name}' not found`, type: 'not_found_error', param: null, code: null },
    });
  const answer = answerTo(lastOf(body), wire.persona.machineId);
  const words = tokens(answer);
  const id = `${chat ? 'chatcmpl' : 'cmpl'}-${100 + Math.floor(wire.random() * 900)}`;
  const head = {
    id,
    object: '',
    created: Math.floor(wire.now() / 1_000),
    model: name,
    system_fingerprint: 'fp_ollama',
  };
  if (body.stream !== true) {
    const usage = {
      prompt_tokens: 10 + measure(promptOf(body)),
      completion_tokens: words.length + 1,
      total_tokens: 11 + measure(promptOf(body)) + words.length,
    };
    const choice = chat
      ? { index: 0, message: { role: 'assistant', content: answer }, finish_reason: 'stop' }
      : { text: answer, index: 0, finish_reason: 'stop' };
    return json(200, {
      ...head,
      object: chat ? 'chat.completion' : 'text_completion',
      choices: [choice],
      usage,
    });
  }
  const event = (text: string, last: boolean) => {
    const choice = chat
      ? { index: 0, delta: { role: 'assistant', content: text }, finish_reason: last ? 'stop' : null }
      : { text, index: 0, finish_reason: last ? 'stop' : null };
    return latin1(
      `data: ${JSON.stringify({ ...head, object: chat ? 'chat.completion.chunk' : 'text_completion', choices: [choice] })}\n\n`,
    );
  };
  return {
    status: 200,
    type: 'text/event-stream',
    body: '',
    pieces: [
      ...words.map((word, i) => ({ text: event(word, false), afterMs: i === 0 ? pace.first : pace.token })),
      { text: event('', true), afterMs: pace.token },
      { text: 'data: [DONE]\n\n', afterMs: 0 },
    ],
  };
}

function tellPrompt(wire: Wire, body: Record<string, unknown>, model: string): void {
  const tools = Array.isArray(body.tools) ? body.tools.length : 0;
  wire.emit({
    kind: 'command',
    input: promptOf(body).slice(0, shown),
    ok: true,
    detail: { how: 'prompt', model: model.slice(0, 256), ...(tools ? { tools } : {}) },
  });
}

/** What an order to fetch, make or delete a model comes to. */
function change({ wire, call }: Context, models: readonly Model[], what: string): Reply {
  const body = parsed(call.text);
  const named = isObject(body) ? String(body.model ?? body.name ?? '') : '';
  wire.emit({ kind: 'command', input: `${what} ${named}`, ok: true, detail: { how: 'model' } });
  if (what === 'show') {
    const model = find(models, named);
    return model
      ? said(200, {
          license: '',
          modelfile: `# Modelfile generated by "ollama show"\nFROM ${named}\n`,
          template: '{{ .Prompt }}',
          details: described(model).details,
          capabilities: ['completion'],
        })
      : noModel(named);
  }
  if (what === 'delete' || what === 'copy')
    return find(models, named) ? { status: 200, type: '', body: '' } : noModel(named);
  if (what === 'embeddings' || what === 'embed')
    return find(models, named) ? said(200, { embedding: [] }) : noModel(named);
  // A host in a model's name is where it would be fetched from (CVE-2024-37032).
  if (what === 'pull' && /^[\w.-]+(:\d+)?\/.+\/.+/.test(named))
    wire.emit({ kind: 'download', url: `ollama://${named}`, tool: 'ollama' });
  const lines =
    what === 'pull'
      ? ['{"status":"pulling manifest"}\n', '{"error":"pull model manifest: file does not exist"}\n']
      : ['{"status":"success"}\n'];
  return {
    status: 200,
    type: 'application/x-ndjson',
    body: '',
    pieces: lines.map((text, i) => ({ text, afterMs: i === 0 ? 20 : 640 })),
  };
}

/** Ollama's routes, its own and those in the manner of OpenAI. */
export function respond(context: Context): Reply {
  const { wire, version, call } = context;
  const { path, method } = call;
  const models = modelsOf(wire.persona);
  const read = method === 'GET' || method === 'HEAD';
  if (path === '/' && read) return plainText(200, 'Ollama is running');
  if (read && path === '/api/version') return said(200, { version });
  if (read && path === '/api/tags') return said(200, { models: models.map(described) });
  if (read && path === '/api/ps') return said(200, { models: [] });
  if (read && path === '/v1/models')
    return json(200, {
      object: 'list',
      data: models.map(({ name, modifiedAt }) => ({
        id: name,
        object: 'model',
        created: Math.floor(Date.parse(modifiedAt.replace(/\d{3}Z$/, 'Z')) / 1_000),
        owned_by: 'library',
      })),
    });
  if (method === 'POST') {
    if (path === '/api/generate') return generate(context, models, false);
    if (path === '/api/chat') return generate(context, models, true);
    if (path === '/v1/chat/completions') return complete(context, models, true);
    if (path === '/v1/completions') return complete(context, models, false);
  }
  const what = /^\/api\/(show|pull|push|create|copy|delete|embed|embeddings)$/.exec(path)?.[1];
  if (what && (method === 'POST' || (what === 'delete' && method === 'DELETE')))
    return change(context, models, what);
  const known =
    /^\/(api\/(version|tags|ps|generate|chat)|v1\/(models|chat\/completions|completions))?$/.test(path) ||
    what !== undefined;
  return known ? plainText(405, '405 method not allowed') : plainText(404, '404 page not found');
}
