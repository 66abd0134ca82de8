import { expect, it } from 'vitest';
import { reading, values } from './fixture.ts';

it('takes the names, not the address that leads nowhere, nor the names of the machine itself', () => {
  const text =
    '# list\n127.0.0.1 localhost\n::1 ip6-loopback\n0.0.0.0 Bad.Example. worse.test # why\n0.0.0.0 192.0.2.1\nnonsense here\n0.0.0.0 bad.example\n';
  const [entries, refused, format] = reading(text);
  expect(format).toBe('hosts');
  expect(values(entries)).toEqual(['domain bad.example', 'domain worse.test']);
  expect(refused).toEqual({ 'no name, address, URL or hash': 1, 'not of this form': 1, 'named before': 1 });
});
