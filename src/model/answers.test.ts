import { expect, test } from 'vitest';
import { answersOf } from './answers.ts';

test('owners follow the chain of aliases, and a record of another owner does not break it', () => {
  const answers = [
    { type: 'CNAME', data: 'b.example', ttl: 60 },
    { owner: 'example', type: 'DNAME', data: 'test' },
    { type: 'CNAME', data: 'c.example' },
    { type: 'A', data: '192.0.2.1' },
    { data: '192.0.2.2' },
  ];
  expect(answersOf({ name: 'a.example', answers })).toEqual([
    { owner: 'a.example', type: 'CNAME', data: 'b.example', ttl: 60 },
    { owner: 'example', type: 'DNAME', data: 'test', ttl: -1 },
    { owner: 'b.example', type: 'CNAME', data: 'c.example', ttl: -1 },
    { owner: 'c.example', type: 'A', data: '192.0.2.1', ttl: -1 },
    { owner: 'c.example', type: '', data: '192.0.2.2', ttl: -1 },
  ]);
});
