import { expect, it } from 'vitest';
import { evidenceClasses } from '../model/signal.ts';
import { signal, start, target } from './fixture.ts';
import { decide, type Facts } from './gate.ts';
import { listEntrySchema } from './never-block.ts';
import { decisionOptions } from './options.ts';

const options = decisionOptions.parse({});
const clear: Facts = {
  neverBlock: () => ({ verdict: 'clear' }),
  decoys: 1,
  stopped: () => false,
  breakerOpen: () => false,
  reprieved: false,
};
const caution = (most: string): Facts => ({
  ...clear,
  neverBlock: () => ({
    verdict: 'caution',
    entry: listEntrySchema.parse({
      block: '198.51.100.0/24',
      level: 'caution',
      most,
      owner: 'net',
      reason: 'a carrier',
      expires: start,
    }),
  }),
});

it('denies from E3 up and never below', () => {
  const routes = evidenceClasses.map((evidence) => decide(signal({ evidence }), clear, options).route);
  expect(routes).toEqual(['tip', 'tip', 'tip', 'deny', 'deny', 'deny']);
});

it('always says why', () => {
  for (const evidence of evidenceClasses)
    for (const confidence of [0, 0.3, 1])
      expect(decide(signal({ evidence, confidence }), clear, options).reason).toMatch(/^\S.{10,}\.$/);
});

it('only counts what is weak, and tells people what is mixed', () => {
  expect(decide(signal({ evidence: 'E4', confidence: 0.1 }), clear, options).route).toBe('watch');
  expect(decide(signal({ evidence: 'E4', confidence: 0.5 }), clear, options).route).toBe('tip');
  expect(decide(signal({ evidence: 'E0', confidence: 0.5 }), clear, options).route).toBe('watch');
});

it('covers the port on E3, the service on E4, everything on E5 and at two decoys', () => {
  const at = (evidence: 'E3' | 'E4' | 'E5', decoys = 1) =>
    decide(signal({ evidence, targets: [target(2222, { protocol: 'ssh' })] }), { ...clear, decoys }, options);
  expect(at('E3')).toMatchObject({ scope: { source: '198.51.100.7', transport: 'tcp', ports: [2222] } });
  expect(at('E4')).toMatchObject({ scope: { transport: 'tcp', ports: [22, 2022, 2222, 22222] } });
  expect(at('E5')).toMatchObject({ scope: { source: '198.51.100.7', ports: [] } });
  expect(at('E4', 2)).toMatchObject({ scope: { ports: [] } });
  expect(at('E3', 2)).toMatchObject({ scope: { ports: [2222] } });
});

it('never names more than one address, or one /64', () => {
  expect(decide(signal({ ip: '2001:db8:5:6:7:8:9:a' }), clear, options)).toMatchObject({
    scope: { source: '2001:db8:5:6::' },
  });
  const block = { ...signal(), subject: { type: 'cidr' as const, value: '198.51.100.0/24' } };
  expect(decide(block, clear, options).route).toBe('tip');
});

it('denies nothing where no proven TCP port is named', () => {
  for (const targets of [[], [target(53, { transport: 'udp' })], [target(0)]])
    expect(decide(signal({ targets }), clear, options).route).toBe('tip');
});

it('keeps within 64 ports', () => {
  const targets = Array.from({ length: 64 }, (_, i) => target(20_000 + i, { protocol: 'x' }));
  const verdict = decide(signal({ targets: [...targets, target(80)] }), clear, options);
  expect(verdict.route === 'deny' && verdict.scope.ports.length).toBe(64);
});

it('treats a shared source with care', () => {
  const proof = signal({ evidence: 'E5', targets: [target(6379, { protocol: 'redis' })] });
  expect(decide(proof, caution('tip'), options).route).toBe('tip');
  expect(decide(proof, caution('first-step'), options)).toMatchObject({
    action: 'deny',
    firstStep: true,
    scope: { ports: [6379] },
  });
  expect(decide(proof, caution('throttle'), options)).toMatchObject({ action: 'throttle' });
  expect(decide({ ...proof, targets: [] }, caution('first-step'), options).route).toBe('tip');
});

it('stops for the kill switch, the breaker, a reprieve, and a policy that is off', () => {
  const off = decisionOptions.parse({ detectors: { bruteforce: { mode: 'off' } } });
  expect(decide(signal(), { ...clear, stopped: () => true }, options).route).toBe('tip');
  expect(decide(signal(), { ...clear, breakerOpen: () => true }, options).route).toBe('tip');
  expect(decide(signal(), { ...clear, reprieved: true }, options).route).toBe('tip');
  expect(decide(signal(), clear, off).route).toBe('tip');
});

it('raises an alarm where never-block cannot be asked', () => {
  const facts: Facts = {
    ...clear,
    neverBlock: () => ({ verdict: 'unavailable', reason: 'the list is empty' }),
  };
  expect(decide(signal(), facts, options)).toMatchObject({
    route: 'tip',
    alarm: expect.stringContaining('empty'),
  });
});
