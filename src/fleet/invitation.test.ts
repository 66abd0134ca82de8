import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openAuthority } from './authority.ts';
import { fingerprint, invite, readInvitation } from './invitation.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-invitation-'));
const authority = openAuthority(folder, () => Date.UTC(2026, 0, 1)).certificate;
afterAll(() => rmSync(folder, { recursive: true }));

it('writes what it reads, and never what a command line takes for an option', () => {
  for (let nth = 0; nth < 500; nth++) {
    const { text, secret } = invite(authority);
    expect(text).toMatch(/^invite_/);
    expect(readInvitation(text)).toEqual({ secret, authority: fingerprint(authority) });
  }
});

it.each([
  '',
  'invite_',
  'nonsense',
  `${'a'.repeat(32)}.${'b'.repeat(43)}`,
  `invite_${'a'.repeat(31)}.${'b'.repeat(43)}`,
])('does not take %j for one', (text) =>
  expect(() => readInvitation(text)).toThrow('That is no invitation.'),
);
