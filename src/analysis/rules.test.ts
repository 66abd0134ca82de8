import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../kit/fault.ts';
import { type Event, parseEvent } from '../model/event.ts';
import { signalSchema } from '../model/signal.ts';
import { createAnalysis } from './analysis.ts';
import { detectors } from './detectors/index.ts';
import { eventOf } from './event-fixture.ts';
import { compileRules, loadRules } from './rules.ts';

const folder = new URL('../../rules/', import.meta.url).pathname;
const rules = loadRules(folder);
const start = 1_750_000_000_000;

describe.each(rules.map((rule) => ({ name: rule.name, rule })))('rule $name', ({ name, rule }) => {
  it('is in the file of its name, and its replay says what it should', () => {
    const lines = readFileSync(`${folder}${name}.replay.jsonl`, 'utf8').trimEnd().split('\n');
    const analysis = createAnalysis([rule]);
    let told = 0;
    let quiet = 0;
    for (const [n, line] of lines.entries()) {
      const { event: given, expect: expected = [] } = JSON.parse(line);
      const { at = n * 1_000, ...body } = given;
      const event = eventOf(body, { time: start + at }) as Event;
      parseEvent(event);
      const signals = analysis.push(event);
      for (const signal of signals) signalSchema.parse(signal);
      expect(signals, `line ${n + 1}`).toMatchObject(expected);
      if (signals.length > 0) told++;
      else quiet++;
    }
    expect(told, 'a replay shows what fires').toBeGreaterThan(0);
    expect(quiet, 'and what does not').toBeGreaterThan(0);
  });
});

describe('the folder of rules', () => {
  it('has a replay for each rule, and names of their own', () => {
    const files = readdirSync(folder);
    const named = (ending: string) =>
      files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
    expect(named('.replay.jsonl').sort()).toEqual(named('.yaml').sort());
    expect(rules.map(({ name }) => name).sort()).toEqual(named('.yaml').sort());
    const all = [...detectors, ...rules].map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a wrong rule', () => {
  const good = `name: rule-x\nsummary: x\ntype: trigger\non: [command]\nconfidence: 0.5\nattack: [T1105]\nsays: x\n`;
  const faultOf = (...texts: string[]): Fault => {
    try {
      compileRules(texts.map((text, n) => ({ path: `rules/${n}.yaml`, text })));
    } catch (error) {
      return error as Fault;
    }
    throw new Error('no fault');
  };

  it('is told with its path, and all of them at once', () => {
    const fault = faultOf(
      good.replace('0.5', '7'),
      good.replace('[command]', '[commands]'),
      `${good}evidence: E5\n`,
      `${good}where: { all: [ { field: inputt, equals: x } ] }\n`,
      `${good}where: { field: input }\n`,
      `${good}where: { field: input, matches: '(a+)+$' }\n`,
      'name: [',
      `a: &a [1]\nb: *a\n`,
    );
    expect(fault.exit).toBe(78);
    const paths = fault.remedies.map(({ path }) => path);
    for (let n = 0; n < 8; n++)
      expect(
        paths.some((path) => path.startsWith(`rules/${n}.yaml`)),
        `${n}`,
      ).toBe(true);
    expect(paths).toContain('rules/0.yaml: confidence');
    expect(fault.remedies.find(({ path }) => path.startsWith('rules/3'))?.expected).toContain('input');
  });

  it('may not have the name of another', () => {
    expect(faultOf(good, good).remedies).toEqual([
      { path: 'rules/1.yaml: name', expected: 'a name that rules/0.yaml does not have' },
    ]);
  });
});
