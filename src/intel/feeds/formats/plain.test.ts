import { expect, it } from 'vitest';
import { reading, values } from './fixture.ts';

it('tells names, addresses, ports, blocks, URLs and hashes apart, each in one spelling', () => {
  const md5 = 'D41D8CD98F00B204E9800998ECF8427E';
  const [entries, refused, format] = reading(
    [
      '# remark',
      'BÜCHER.example',
      '*.wild.test',
      '192.0.2.7\t10',
      '::ffff:192.0.2.8',
      '2001:DB8:0:0::1',
      '192.0.2.9:8080',
      '[2001:db8::2]:443',
      '198.51.100.77/24',
      '198.51.100.1/32',
      'hxxp://evil[.]example/a/../b#c',
      'evil.example/path',
      md5,
      '10.0.0.0/4',
      'com',
      'a*b.example',
      '192.0.2.999',
      'javascript://x.example/%0aalert(1)',
      '\u001b[2J\u202e',
    ].join('\r\n'),
  );
  expect(format).toBe('plain');
  expect(values(entries)).toEqual([
    'domain xn--bcher-kva.example',
    'domain wild.test',
    'ip 192.0.2.7',
    'ip 192.0.2.8',
    'ip 2001:db8::1',
    'ip:port 192.0.2.9:8080',
    'ip:port [2001:db8::2]:443',
    'cidr 198.51.100.0/24',
    'ip 198.51.100.1',
    'url http://evil.example/b',
    'url http://evil.example/path',
    `hash ${md5.toLowerCase()}`,
  ]);
  expect(refused).toEqual({
    'a block that is too wide': 1,
    'a single label': 1,
    'a pattern of names': 1,
    'no name, address, URL or hash': 2,
    'a URL of another scheme': 1,
  });
});
