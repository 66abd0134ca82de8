import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packageFolder } from '../../version.ts';
import { KnownHosts, knownHostsFile } from './known-hosts.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-known-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads the hosts that ship with Caltrop, each with its source', () => {
  const known = KnownHosts.read([packageFolder(knownHostsFile)]);
  expect(known.ofAddress('104.16.1.2')).toMatchObject({ kind: 'shared', who: 'Cloudflare' });
  expect(known.ofAddress('2606:4700::1')).toMatchObject({ who: 'Cloudflare' });
  expect(known.ofAddress('148.81.111.111')).toMatchObject({ kind: 'sinkhole', who: 'CERT Polska' });
  expect(known.ofAddress('148.81.111.112')).toBeUndefined();
  expect(known.ofName('ns1.sedoparking.com')).toMatchObject({ kind: 'parking' });
  expect(known.ofName('sc-a.sinkhole.shadowserver.org')?.source).toMatch(/^https:/);
  expect(known.ofName('www.shadowserver.org')).toBeUndefined();
});

it('takes more of the operator, the later the better, and names the line that it cannot use', () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const one = file('one.tsv', '# ours\nsinkhole\t192.0.2.1\tus\thttps://example.org/\n\n');
  const two = file('two.tsv', 'shared\t192.0.2.1\tthem\thttps://example.org/\r\n');
  expect(KnownHosts.read([one, two]).ofAddress('192.0.2.1')).toMatchObject({ kind: 'shared', who: 'them' });
  for (const line of ['sinkhole\tno host\tus\tx', 'friend\t192.0.2.1\tus\tx', 'sinkhole\t192.0.2.1', 'x']) {
    const wrong = file('wrong.tsv', `# one\n${line}\n`);
    expect(() => KnownHosts.read([wrong])).toThrow(
      expect.objectContaining({
        code: 'config',
        remedies: [expect.objectContaining({ path: `${wrong}, line 2` })],
      }),
    );
  }
  expect(() => KnownHosts.read([join(folder, 'none.tsv')])).toThrow(
    expect.objectContaining({ code: 'config' }),
  );
});
