import { expect, it } from 'vitest';
import { ciscoAsa } from './cisco-asa.ts';
import { examples } from './examples.ts';

const read = ciscoAsa.start({ source: 'asa.json', now: () => 0 });
const [line = ''] = examples['cisco-asa']!;
const saying = (payload_printable: string) =>
  read(JSON.stringify({ ...JSON.parse(line), payload_printable }));

it('reads a request, without an agent that the log does not have', () => {
  const event = read(line);
  expect(event).toMatchObject({
    kind: 'access',
    method: 'GET',
    target: '/+CSCOE+/logon.html',
    status: 302,
    decoy: true,
  });
  expect(event).not.toHaveProperty('agent');
});

it('reads what is no HTTP, in either quotes', () => {
  expect(saying("'t3 12.1.2' 400 -")).toMatchObject({ method: '', target: 't3 12.1.2', status: 400 });
});

it('passes over what the server says of itself, and refuses the rest', () => {
  expect(saying('Request timed out: TimeoutError("The read operation timed out")')).toBeNull();
  expect(saying("code 400, message Bad HTTP/0.9 request type ('t3')")).toBeNull();
  expect(() => saying('something else')).toThrow('does not write');
});
