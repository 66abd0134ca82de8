import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handshakes, transports } from '../model/event.ts';
import { createAnalysis } from './analysis.ts';
import { detectors } from './detectors/index.ts';
import { eventOf } from './event-fixture.ts';
import { createEvidence } from './evidence.ts';
import { loadRules } from './rules.ts';

const all = [...detectors, ...loadRules(join(import.meta.dirname, '../../rules'))];

test('no detector and no rule looks at what resolvers were asked, whoever is said to have asked', () => {
  const analysis = createAnalysis(all);
  const evidence = createEvidence();
  fc.assert(
    fc.property(
      fc.record({
        time: fc.integer({ min: 1_750_000_000_000, max: 1_750_000_600_000 }),
        handshake: fc.constantFrom(...handshakes),
        transport: fc.constantFrom(...transports),
        decoy: fc.boolean(),
        src: fc.record({ ip: fc.constantFrom('192.0.2.7', '0.0.0.0'), port: fc.constant(0) }),
      }),
      fc.constantFrom('a.example', 'b.example'),
      fc.constantFrom('NOERROR', 'NXDOMAIN'),
      (head, name, rcode) => {
        const answers = [{ type: 'A', data: '198.51.100.9' }];
        const event = eventOf({ kind: 'answer', name, type: 'A', rcode, answers }, head);
        expect(analysis.push(event)).toEqual([]);
        // So that not even a rule of the operator's own could deny by it.
        expect(evidence.classOf(event)).toBe('E1');
      },
    ),
    { numRuns: 5_000 },
  );
});
