import { expect, it } from 'vitest';
import { readSet } from './nft-read.ts';
import { elementCommands } from './nft-script.ts';
import { tableScript } from './nft-table.ts';
import { nftablesOptions } from './nftables.ts';

const listing = (...elem: unknown[]) => JSON.stringify({ nftables: [{ metainfo: {} }, { set: { elem } }] });

it('reads each shape of element that nft lists', () => {
  const timed = (val: unknown) => ({ elem: { val, timeout: 600, expires: 5 } });
  expect(readSet('deny4', listing(timed('192.0.2.7')), 1_000)).toEqual([
    { key: 'deny4 192.0.2.7', until: 6_000 },
  ]);
  expect(readSet('deny4p', listing(timed({ concat: ['192.0.2.7', 'tcp', 22] })), 0)[0]!.key).toBe(
    'deny4p 192.0.2.7 tcp 22',
  );
  expect(readSet('range6', listing(timed({ prefix: { addr: '2001:db8::', len: 32 } })), 0)[0]!.key).toBe(
    'range6 2001:db8::/32',
  );
  expect(readSet('range4', listing(timed({ range: ['192.0.2.1', '192.0.2.9'] })), 0)[0]!.key).toBe(
    'range4 192.0.2.1-192.0.2.9',
  );
  expect(readSet('deny4', JSON.stringify({ nftables: [{ set: {} }] }), 0)).toEqual([]);
});

it('counts an element without a term as never ending: it is not ours', () => {
  expect(readSet('deny4', listing('192.0.2.7'), 0)).toEqual([
    { key: 'deny4 192.0.2.7', until: Number.MAX_SAFE_INTEGER },
  ]);
});

it('throws on what is no listing', () => {
  for (const bad of ['', '{}', '{"nftables":[{"set":{"elem":[{"elem":{"val":7}}]}}]}'])
    expect(() => readSet('deny4', bad, 0), bad).toThrow();
});

it('accepts decoys before it drops, and returns never-block in between', () => {
  const script = tableScript(nftablesOptions.parse({ decoys: { tcp: [2323] }, decoyHosts: [] }));
  const at = (text: string) => script.indexOf(text);
  expect(script).toContain('add element inet caltrop decoy { tcp . 2323 }');
  expect(at('input meta l4proto . th dport @decoy accept')).toBeLessThan(at('input jump judge'));
  expect(at('@never4 return')).toBeLessThan(at('@deny4 counter drop'));
  expect(at('@decoy4 accept')).toBeLessThan(at('@deny4 counter drop'));
  for (const line of script.split('\n').filter(Boolean)) expect(line).toContain('inet caltrop');
});

it('cuts long lists of elements into commands', () => {
  const elements = Array.from({ length: 2_500 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
  expect(elementCommands('add', 'caltrop', 'deny4', elements)).toHaveLength(3);
  expect(elementCommands('add', 'caltrop', 'deny4', [])).toEqual([]);
});

it('takes no option that would reach the command as more than a word', () => {
  for (const bad of [
    { table: 'a; flush ruleset' },
    { decoys: { tcp: [0] } },
    { decoyHosts: [{ address: 'x', transport: 'tcp', port: 1 }] },
  ])
    expect(nftablesOptions.safeParse(bad).success).toBe(false);
});
