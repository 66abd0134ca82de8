import { expect, it } from 'vitest';
import { bodyOf, meet } from '../play.ts';
import { llm } from './llm.ts';

const post = (target: string, value: unknown, more = '') => {
  const body = JSON.stringify(value);
  return `POST ${target} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const states = 'How many states are there in the United States?';

async function ask(lines: (string | ((model: string) => string))[], seed = 'a') {
  const talk = meet(llm, { seed, kind: 'ai-box' });
  const tags = await talk.say('GET /api/tags HTTP/1.1\r\nHost: x\r\n\r\n');
  const model = JSON.parse(tags.split('\r\n\r\n')[1]!).models[0].name as string;
  const answers: string[] = [];
  for (const line of lines)
    answers.push(await talk.say(Buffer.from(typeof line === 'string' ? line : line(model))));
  await talk.leave();
  expect(talk.faults).toEqual([]);
  return { answers, model, tags, bodies: talk.events.map(bodyOf) };
}
const unchunked = (answer: string) =>
  answer
    .split('\r\n\r\n')
    .slice(1)
    .join('\r\n\r\n')
    .replace(/(^|\r\n)[0-9a-f]+\r\n/g, '')
    .trim();

it('says what it is, and which models it has: other ones on each machine', async () => {
  const { answers, tags } = await ask([
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /api/version HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n',
  ]);
  expect(answers[0]).toMatch(
    /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain; charset=utf-8\r\nDate: [^\r]+\r\nContent-Length: 17\r\n\r\nOllama is running$/,
  );
  expect(answers[1]).toContain('{"version":"0.5.7"}');
  expect(answers[2]).toContain('404 page not found');
  const other = await ask([], 'c');
  expect(other.tags).not.toBe(tags);
});

it('answers a prompt in one piece and as a stream, and tells it', async () => {
  const { answers, model, bodies } = await ask([
    (model) => post('/api/generate', { model, prompt: states, stream: false }),
    (model) => post('/api/chat', { model, messages: [{ role: 'user', content: states }] }),
    (model) =>
      post(
        '/v1/chat/completions',
        { model, messages: [{ role: 'user', content: states }] },
        'Authorization: Bearer sk-x\r\n',
      ),
    (model) =>
      post('/v1/chat/completions', {
        model,
        stream: true,
        messages: [{ role: 'user', content: 'Grüß dich, wer?' }],
      }),
  ]);
  expect(JSON.parse(answers[0]!.split('\r\n\r\n')[1]!)).toMatchObject({
    model,
    response: '50',
    done: true,
    done_reason: 'stop',
  });
  const lines = unchunked(answers[1]!)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ message: { role: 'assistant', content: '50' }, done: false });
  expect(lines.at(-1)).toMatchObject({ done: true });
  expect(JSON.parse(answers[2]!.split('\r\n\r\n')[1]!).choices[0].message.content).toBe('50');
  expect(answers[3]).toContain('data: [DONE]');
  expect(bodies.filter(({ kind }) => kind === 'command')).toMatchObject([
    { input: states },
    { input: `user: ${states}` },
    { input: `user: ${states}` },
    { input: 'user: Grüß dich, wer?' },
  ]);
  expect(bodies).toContainEqual({ kind: 'login', user: '', secret: 'sk-x', ok: false, method: 'bearer' });
});

it('knows no model but its own, and fetches none', async () => {
  const { answers, bodies } = await ask([
    post('/api/generate', { model: 'gpt-9', prompt: 'x' }),
    post('/api/pull', { name: '192.0.2.9/a/b' }),
  ]);
  expect(answers[0]).toContain(`{"error":"model 'gpt-9' not found"}`);
  expect(bodies).toContainEqual({ kind: 'download', url: 'ollama://192.0.2.9/a/b', tool: 'ollama' });
});
