import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Persona } from '../persona.ts';
import { createPersona } from '../personas.ts';
import { kinds } from './index.ts';
import { lint, ownServices } from './lint.ts';
import { markersSchema } from './markers.ts';

const markers = markersSchema.parse(
  parse(readFileSync(join(import.meta.dirname, '../../../decoys/markers.yaml'), 'utf8')),
);
const now = Date.UTC(2026, 5, 1);
const complaints = (persona: Persona, services = ownServices(persona)) =>
  lint(persona, { services, markers, now }).map(({ rule, says }) => `${rule}: ${says}`);

describe.each(kinds.map(({ name }) => name))('%s', (kind) => {
  const many = Array.from({ length: 200 }, (_, i) => createPersona(`seed ${i}`, kind));

  it('contradicts itself for no seed', () => {
    for (const one of many) expect(complaints(one), one.hostname).toEqual([]);
  });

  it('differs for every seed', () => {
    for (const key of ['mac', 'machineId', 'bootedAt'] as const)
      expect(new Set(many.map((one) => one[key])).size, key).toBeGreaterThan(195);
    expect(new Set(many.map((one) => one.token('ssh host ed25519'))).size).toBe(200);
    if (kind !== 'android-tv') expect(new Set(many.map((one) => one.hostname)).size).toBeGreaterThan(4);
  });

  it('is the same for the same seed', () => {
    expect(createPersona('x', kind)).toMatchObject(JSON.parse(JSON.stringify(createPersona('x', kind))));
  });
});

describe('it refuses', () => {
  const web = createPersona('one', 'ubuntu22-web');
  const day = 86_400_000;
  it.each<[string, Partial<Persona>, string]>([
    ['another system’s SSH', { ssh: 'openssh-9.2p1-debian12' }, 'banner'],
    ['an SSH server that is none', { ssh: '' }, 'banner'],
    ['another system’s kernel', { kernel: { ...web.kernel, release: '6.1.0-37-amd64' } }, 'kernel'],
    ['a kernel built elsewhere', { kernel: { ...web.kernel, version: '#1 SMP Debian 6.1.55-1' } }, 'kernel'],
    ['programs of another machine', { arch: { ...web.arch, elfMachine: 40 } }, 'arch'],
    ['a processor of another machine', { cpu: { ...web.cpu, model: 'ARMv7 Processor rev 1 (v7l)' } }, 'arch'],
    ['odd memory', { memoryKb: 5_000_000 }, 'memory'],
    ['an administrator without an account', { admin: 'nobody-knows' }, 'users'],
    ['an account twice', { users: [...web.users, web.users[3]!] }, 'users'],
    [
      'a daemon of nobody',
      { daemons: [...web.daemons, { user: 'ghost', sizeKb: 1, command: 'x' }] },
      'users',
    ],
    [
      'a service that no process holds',
      { daemons: web.daemons.filter(({ user }) => user !== 'mysql') },
      'daemons',
    ],
    ['a start in the future', { bootedAt: now + 1 }, 'time'],
    [
      'a certificate that is over',
      { certificate: { ...web.certificate, from: now - 4_000 * day } },
      'certificate',
    ],
    [
      'a certificate of another',
      { certificate: { ...web.certificate, subject: { name: 'x' }, names: [] } },
      'certificate',
    ],
    ['another system’s web server', { web: { ...web.web, server: 'nginx/1.22.1' } }, 'web'],
    ['pages that are not there', { web: { ...web.web, site: 'none' } }, 'web'],
    ['Kippo’s host name', { hostname: 'svr04' }, 'marker'],
    ['Kippo’s account', { users: [...web.users, { ...web.users[0]!, name: 'phil', uid: 1_050 }] }, 'marker'],
    ['ADBHoney’s device', { product: { ...web.product, model: 'SM-G960F' } }, 'marker'],
    ['a card that is a group', { mac: '01:00:5e:00:00:01' }, 'identity'],
  ])('%s', (_, change, rule) => {
    expect(lint({ ...web, ...change }, { markers, now }).map((one) => one.rule)).toContain(rule);
  });

  it.each<[string, ReturnType<typeof ownServices>, string]>([
    [
      'a version of another system',
      [{ emulator: 'redis', ports: [6_379], options: { version: '7.0.15' } }],
      'packages',
    ],
    ['Windows services on Linux', [{ emulator: 'rdp', ports: [3_389], options: {} }], 'services'],
    ['a service that nobody knows', [{ emulator: 'gopher', ports: [70], options: {} }], 'services'],
    [
      'too many',
      Array.from({ length: 11 }, (_, i) => ({ emulator: 'http', ports: [80 + i], options: {} })),
      'services',
    ],
    [
      'one port for two',
      ['http', 'https'].map((emulator) => ({ emulator, ports: [80], options: {} })),
      'services',
    ],
  ])('%s', (_, services, rule) => {
    expect(lint(web, { services, markers, now }).map((one) => one.rule)).toContain(rule);
  });
});

it('has a source for each marker, and none twice', () => {
  expect(markers.length).toBeGreaterThan(20);
  expect(new Set(markers.map(({ text, pattern }) => text ?? pattern)).size).toBe(markers.length);
});
