import { describe, expect, it } from 'vitest';
import { host, hour, neverBlock, start } from './fixture.ts';
import { firstEntry, type ListEntry } from './never-block.ts';

const entry = (more: Partial<ListEntry>): ListEntry => ({
  ...firstEntry,
  block: '203.0.113.9',
  owner: 'ops',
  reason: 'health checker',
  ...more,
});
const with_ = (...entries: unknown[]) =>
  neverBlock({ list: () => ({ entries: [firstEntry, ...entries], readAt: start }) });
const verdict = (list: ReturnType<typeof neverBlock>, source: string, now = start) =>
  list.check(source, now).verdict;

it('holds own addresses, gateways, resolvers and special blocks', () => {
  const list = neverBlock();
  for (const source of [
    '127.0.0.1',
    '127.0.0.2',
    '192.0.2.10',
    '192.0.2.1',
    '192.0.2.53',
    '10.1.2.3',
    '100.64.1.1',
    '169.254.1.1',
    '224.0.0.1',
    '0.1.2.3',
    '255.255.255.255',
    '::1',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '64:ff9b::808:808',
  ])
    expect(verdict(list, source), source).toBe('hard');
});

it('lets strangers through, those of the documentation blocks too', () => {
  for (const source of ['198.51.100.7', '203.0.113.1', '2001:db8:9::1', '45.1.2.3'])
    expect(verdict(neverBlock(), source), source).toBe('clear');
});

it('reaches as far as a deny would: a neighbour in our own /64 is held', () => {
  expect(verdict(neverBlock(), '2001:db8:1::bad')).toBe('hard');
  expect(verdict(neverBlock(), '2001:db8:1::/128')).toBe('hard');
  expect(verdict(neverBlock(), '2001:db8:1:1::bad')).toBe('clear');
});

it('reads other spellings of the same address', () => {
  for (const source of ['::ffff:192.0.2.10', '::ffff:c000:20a', '0:0:0:0:0:ffff:c000:020a'])
    expect(verdict(neverBlock(), source), source).toBe('hard');
  for (const source of ['', 'example.org', '192.0.2.010', '1.2.3', '192.0.2.7/33'])
    expect(verdict(neverBlock(), source), source).toBe('hard');
});

it('refuses blocks around, inside and equal to an entry, and wide ones anyway', () => {
  const list = with_(entry({ block: '203.0.113.0/28' }));
  for (const block of [
    '203.0.113.0/24',
    '203.0.113.4/30',
    '203.0.113.0/28',
    '0.0.0.0/0',
    '::/0',
    '45.0.0.0/15',
    '2400::/31',
  ])
    expect(verdict(list, block), block).toBe('hard');
  expect(verdict(list, '203.0.113.16/28')).toBe('clear');
});

it('knows who many depend on, the strictest entry first', () => {
  const list = neverBlock();
  expect(list.check('8.8.8.8', start)).toMatchObject({ verdict: 'caution', entry: { most: 'tip' } });
  expect(list.check('2606:4700:4700::1111', start)).toMatchObject({ entry: { most: 'tip' } });
  expect(list.check('140.82.121.4', start)).toMatchObject({
    verdict: 'caution',
    entry: { most: 'first-step' },
  });
  const shared = with_(entry({ block: '198.51.100.0/24', level: 'caution', most: 'throttle' }));
  expect(shared.check('198.51.100.7', start)).toMatchObject({ entry: { most: 'throttle' } });
});

it('lets an entry go when it expires, and not before', () => {
  const list = with_(entry({ expires: start + hour }));
  expect(verdict(list, '203.0.113.9', start + hour - 1)).toBe('hard');
  expect(verdict(list, '203.0.113.9', start + hour)).toBe('clear');
});

it('holds whoever administers the machine now', () => {
  const sessions: string[] = [];
  const list = neverBlock({ sessions: () => sessions });
  expect(verdict(list, '203.0.113.20')).toBe('clear');
  sessions.push('203.0.113.20');
  expect(verdict(list, '203.0.113.20')).toBe('hard');
});

describe('fails closed', () => {
  const list = (entries: readonly unknown[], readAt = start) =>
    neverBlock({ list: () => ({ entries, readAt }) });
  const bad = () => {
    throw new Error('connection refused');
  };
  const cases: [string, ReturnType<typeof neverBlock>][] = [
    ['the store is down', neverBlock({ list: bad })],
    ['the list is empty', list([])],
    ['the list is stale', list([firstEntry], start - 24 * hour - 1)],
    ['the list is of the future', list([firstEntry], start + hour)],
    ['an entry is malformed', list([firstEntry, { block: '203.0.113.9' }])],
    ['an entry has no block', list([firstEntry, entry({ block: 'nonsense' })])],
    ['an entry has no reason', list([firstEntry, entry({ reason: '' })])],
    ['own addresses cannot be told', neverBlock({ host: bad })],
    ['no own address is found', neverBlock({ host: () => host.filter(({ role }) => role !== 'own') })],
    ['sessions cannot be listed', neverBlock({ sessions: bad })],
    ['a session is no address', neverBlock({ sessions: () => ['?'] })],
  ];
  it.each(cases)('where %s', (_, broken) => {
    for (const source of ['198.51.100.7', '2001:db8:9::1'])
      expect(verdict(broken, source)).toBe('unavailable');
  });
  it('until a refresh succeeds', () => {
    let up = false;
    const store = neverBlock({
      list: () => (up ? { entries: [firstEntry], readAt: start } : bad()),
    });
    expect(store.fault(start)).toContain('connection refused');
    up = true;
    store.refresh(start);
    expect(verdict(store, '198.51.100.7')).toBe('clear');
  });
});

describe('the lab profile', () => {
  const lab = neverBlock({}, { on: true, namespaces: ['10.77.0.0/24', '203.0.113.0/24'] });
  it('lifts loopback without 127.0.0.1, and its own namespaces', () => {
    for (const source of ['127.0.0.2', '127.9.9.9', '10.77.0.9'])
      expect(verdict(lab, source), source).toBe('clear');
  });
  it('lifts nothing else', () => {
    for (const source of [
      '127.0.0.1',
      '127.0.0.0/24',
      '127.0.0.0/8',
      '::1',
      '10.77.1.1',
      '10.0.0.1',
      '192.0.2.10',
    ])
      expect(verdict(lab, source), source).toBe('hard');
    const held = neverBlock(
      { list: () => ({ entries: [firstEntry, entry({ block: '127.0.0.9' })], readAt: start }) },
      { on: true, namespaces: [] },
    );
    expect(verdict(held, '127.0.0.9')).toBe('hard');
  });
  it('is carved out of what enforcers return first', () => {
    expect(lab.blocks()).toContain('127.0.0.1/32');
    expect(lab.blocks()).not.toContain('127.0.0.0/8');
    expect(neverBlock().blocks()).toContain('127.0.0.0/8');
  });
});
