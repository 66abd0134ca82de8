import { expect, it } from 'vitest';
import { KnownHosts } from '../known/known-hosts.ts';
import { KnownNodes } from '../known/known-nodes.ts';
import { Certificates, type Shown } from './certificates.ts';
import { Graph, nodeFlags } from './graph.ts';
import { kindNumber, typeNumber } from './kinds.ts';
import { observe } from './observe.ts';

const day = 20_000;
const one = 'a1'.repeat(32);
const other = 'b2'.repeat(32);

function world() {
  const graph = new Graph();
  const certificates = new Certificates(graph);
  const leads = (name: string, ip: string, on = day) => {
    observe(graph, name, [{ owner: name, type: 'A', data: ip }], on);
    certificates.answered(name);
  };
  const saw = (shown: Partial<Shown>) => certificates.saw({ fingerprint: one, day, ...shown });
  /** The names that hang on a certificate. */
  const at = (fingerprint = one): string[] => {
    const node = graph.find('certificate', fingerprint);
    const found: string[] = [];
    if (node >= 0)
      graph.each(node, (name, type) => {
        expect(type).toBe(typeNumber.certificate);
        expect(graph.nodes.kind(name)).toBe(kindNumber.name);
        found.push(graph.nodes.text(name));
      });
    return found.sort();
  };
  return { graph, certificates, leads, saw, at };
}

it('joins a name with the certificate that is shown for it where it leads', () => {
  const { leads, saw, at } = world();
  leads('www.shop.example', '192.0.2.1');
  saw({ name: 'www.shop.example', matches: true, ip: '192.0.2.1' });
  expect(at()).toEqual(['www.shop.example']);
});

it('does not take the word of a client: a good name that it asks a bad server for, whatever that shows', () => {
  const { leads, saw, at } = world();
  leads('bank.example', '192.0.2.1');
  leads('bad.example', '203.0.113.9');
  // The bad server's own certificate; one that it made for the bank's name; and the bank's own, which anyone can repeat.
  saw({ name: 'bank.example', matches: false, ip: '203.0.113.9' });
  saw({ name: 'bank.example', matches: true, names: ['bad.example', 'bank.example'], ip: '203.0.113.9' });
  saw({
    fingerprint: other,
    name: 'bad.example',
    names: ['bank.example'],
    matches: false,
    ip: '203.0.113.9',
  });
  saw({ fingerprint: other, name: 'bank.example', matches: true, ip: '203.0.113.9' });
  expect(at()).toEqual(['bad.example']);
  expect(at(other)).toEqual([]);
  // Nor does a bad name that is pointed at the bank come to its certificate.
  leads('bad.example', '192.0.2.1');
  saw({ fingerprint: other, name: 'bad.example', names: ['bank.example'], matches: false, ip: '192.0.2.1' });
  expect(at(other)).toEqual(['bank.example']);
});

it('needs the word of the certificate or of who looked at it, not only where a name leads', () => {
  const { leads, saw, at } = world();
  leads('www.shop.example', '192.0.2.1');
  saw({ name: 'www.shop.example', ip: '192.0.2.1' });
  expect(at()).toEqual([]);
  saw({ names: ['*.shop.example'] });
  saw({ name: 'www.shop.example', ip: '192.0.2.1' });
  expect(at()).toEqual(['www.shop.example']);
});

it('lets a wildcard stand for one label', () => {
  const { leads, saw, at } = world();
  for (const name of ['a.shop.example', 'b.a.shop.example', 'shop.example', 'xshop.example']) {
    leads(name, '192.0.2.1');
    saw({ name, names: ['*.shop.example'], ip: '192.0.2.1' });
  }
  expect(at()).toEqual(['a.shop.example']);
});

it('finds the names of a certificate that lead there where none was asked for', () => {
  const { leads, saw, at } = world();
  leads('a.example', '192.0.2.1');
  leads('b.example', '192.0.2.2');
  saw({ names: ['a.example', 'b.example', 'never.example'], ip: '192.0.2.1' });
  expect(at()).toEqual(['a.example']);
});

it('waits for the answer that leads there, within bounds, and counts what it gives up', () => {
  const graph = new Graph();
  const certificates = new Certificates(graph, { waiting: 2 });
  const see = (n: number, fingerprint = one) =>
    certificates.saw({ fingerprint, name: `n${n}.example`, matches: true, ip: `192.0.2.${n}`, day });
  for (const n of [1, 2, 3]) see(n);
  see(3);
  expect(certificates.dropped).toBe(1);
  for (const n of [1, 2, 3]) {
    const name = `n${n}.example`;
    observe(graph, name, [{ owner: name, type: 'A', data: `192.0.2.${n}` }], day);
    certificates.answered(name);
  }
  const found: number[] = [];
  graph.each(graph.find('certificate', one), (name) => found.push(name));
  expect(found.map((name) => graph.nodes.text(name)).sort()).toEqual(['n2.example', 'n3.example']);
});

it('follows an alias to its target, and not to what else has it as a target', () => {
  const { graph, saw, at, certificates } = world();
  const chain = (name: string, target: string, ip: string) => {
    const items = [
      { owner: name, type: 'CNAME', data: target },
      { owner: target, type: 'A', data: ip },
    ];
    observe(graph, name, items, day);
    certificates.answered(name);
  };
  chain('www.shop.example', 'edge.cdn.example', '192.0.2.1');
  saw({ name: 'www.shop.example', matches: true, ip: '192.0.2.1' });
  expect(at()).toEqual(['www.shop.example']);
  // A bad name is made an alias of the shop, then led elsewhere: the shop does not lead there.
  chain('a.bad.example', 'www.shop.example', '192.0.2.1');
  chain('a.bad.example', 'm.bad.example', '203.0.113.9');
  saw({ fingerprint: other, name: 'www.shop.example', matches: true, ip: '203.0.113.9' });
  expect(at(other)).toEqual([]);
});

it('does not believe that an address is still the same a month later', () => {
  const { leads, saw, at } = world();
  leads('www.shop.example', '192.0.2.1', day - 30);
  saw({ name: 'www.shop.example', matches: true, ip: '192.0.2.1' });
  expect(at()).toEqual([]);
  leads('www.shop.example', '192.0.2.1', day + 3);
  expect(at()).toEqual(['www.shop.example']);
});

it('holds what was made for strangers to be a hub, whenever that comes to be known', () => {
  for (const names of [
    Array.from({ length: 11 }, (_, n) => `www.customer${n}.com`),
    ['*.github.io', 'github.io'],
  ]) {
    const { graph, leads, saw } = world();
    leads('x.github.io', '192.0.2.1');
    saw({ name: 'x.github.io', matches: true, ip: '192.0.2.1' });
    saw({ names });
    const node = graph.find('certificate', one);
    // It stays one where the hosts that are known are looked up anew.
    new KnownNodes(graph, KnownHosts.read([])).look();
    expect(graph.flags(node) & (nodeFlags.hub | nodeFlags.shared)).toBe(nodeFlags.hub | nodeFlags.shared);
  }
  const { graph, saw } = world();
  saw({ names: ['*.shop.co.uk', 'shop.com', '*.a.shop.com'] });
  expect(graph.find('certificate', one)).toBe(-1);
});
