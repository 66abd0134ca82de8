import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../kit/fault.ts';
import { bodySchema } from '../../model/event.ts';
import { createActs } from './act.ts';
import { sessionOf } from './fixture.ts';
import { compileLibrary, loadLibrary } from './load.ts';
import { createMatcher } from './matcher.ts';

const folder = new URL('../../../behaviours/', import.meta.url).pathname;
const library = loadLibrary([folder]);
const all = createMatcher(library.behaviours);

describe.each(library.behaviours.map((behaviour) => ({ name: behaviour.name, behaviour })))(
  'behaviour $name',
  ({ name, behaviour }) => {
    it('is in the file of its name, and its replay shows what is it and what is not', () => {
      const lines = readFileSync(`${folder}${name}.replay.jsonl`, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const own = createMatcher([behaviour]);
      for (const { protocol, port, events, shown } of lines) {
        for (const event of events) bodySchema.parse(event);
        const session = sessionOf(events, { protocol, port });
        expect(own(protocol, createActs()(session)).length > 0, JSON.stringify(events)).toBe(shown);
        if (!shown || behaviour.weak) continue;
        const found = all(protocol, createActs()(session));
        expect(
          found.map((one) => one.behaviour.label),
          JSON.stringify(events),
        ).toContain(behaviour.label);
        for (const { because, confidence } of found) {
          expect(because.length).toBeGreaterThan(0);
          expect(confidence).toBeGreaterThan(0.5);
        }
      }
      expect(new Set(lines.map(({ shown }) => shown)), 'a replay shows both').toEqual(new Set([true, false]));
    });
  },
);

describe('the folder of behaviours', () => {
  it('has a replay for each, labels of all sorts, and no technique without its tactics', () => {
    const files = readdirSync(folder);
    const named = (ending: string) =>
      files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
    expect(named('.replay.jsonl').sort()).toEqual(named('.yaml').sort());
    expect(library.behaviours.map(({ name }) => name).sort()).toEqual(named('.yaml').sort());
    const labels = new Set(library.behaviours.map(({ label }) => label));
    for (const label of 'S1 S2 S3 S4 S5 S6 S7 S8 T1 T2 A1 R1 R2 R3 D1 W1 L1 V1'.split(' '))
      expect(labels).toContain(label);
    const known = new Set(library.techniques.map(({ id }) => id));
    expect(library.behaviours.flatMap(({ attack }) => attack).filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('a wrong behaviour', () => {
  const good =
    'name: x-y\nsummary: x\nlabel: X1\nintent: mining\nattack: [T1105]\nconfidence: 0.5\nways: [{steps: [{where: {field: input, equals: x}}]}]\n';
  const table = { path: 't.yaml', text: '- {id: T1105, name: x, tactics: [execution], programs: [x]}' };

  it('is told with its path, and all of them at once', () => {
    const texts = [
      good.replace('X1', 'ten'),
      good.replace('0.5', '5'),
      good.replace('input', 'inputt'),
      `${good}more: 1\n`,
      'name: [',
      good.replace('equals: x}}', 'equals: x}, optional: true}'),
    ];
    try {
      compileLibrary(
        texts.map((text, n) => ({ path: `${n}.yaml`, text })),
        table,
      );
      expect.unreachable();
    } catch (error) {
      const { exit, remedies } = error as Fault;
      expect(exit).toBe(78);
      for (const n of texts.keys())
        expect(
          remedies.some(({ path }) => path.startsWith(`${n}.yaml`)),
          `${n}`,
        ).toBe(true);
    }
    expect(() =>
      compileLibrary(
        [
          { path: 'a', text: good },
          { path: 'b', text: good },
        ],
        table,
      ),
    ).toThrow();
    expect(compileLibrary([{ path: 'a', text: good }], table).behaviours).toHaveLength(1);
  });
});
