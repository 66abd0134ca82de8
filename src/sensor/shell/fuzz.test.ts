import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { debianPersona, trial } from './fixture.ts';
import { Regex, RegexFault } from './regex.ts';
import { Unfinished } from './syntax.ts';

const persona = debianPersona('fuzz');
/** Pieces that shells, sed and awk give a meaning to. */
const marks = fc.constantFrom(
  ...'$ ${ $(( )) $( ) ` " \' \\ | || & && ; ;; ( ) { } [[ ]] [ ] < > >> << <<< &> 2>&1 # ! * ? ~ = += @ % ^ / // if then else fi for in do done while until case esac function a b x=1 a=(1 2) ${a[@]} ${!a} ${x//a/b} ${x:1} {1..3} {a,b} eval set -e trap exit return break continue echo printf read \n \t \0'
    .split(' ')
    .map((one) => one.replace('\\n', '\n')),
  '\n',
  ' ',
  "$'\\x41'",
  '=~ ^(a|b)*$',
);
const text = fc.oneof(
  fc.array(marks, { maxLength: 40 }).map((all) => all.join(' ')),
  fc.array(marks, { maxLength: 40 }).map((all) => all.join('')),
  fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 120,
  }),
);
const quoted = (one: string) => `'${one.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;

/** Whatever is typed, a shell answers within its bounds. */
async function survives(line: string, name: string): Promise<void> {
  const { run, memory } = trial(persona, { name });
  const said = await run(line).catch((error: unknown) => {
    if (error instanceof Unfinished) return '';
    throw new Error(`${JSON.stringify(line)}: ${(error as Error).stack}`);
  });
  expect(said.length).toBeLessThan(1_500_000);
  expect(memory.used).toBeLessThan(8_000_000);
}

describe('any bytes', () => {
  it.each(['bash', 'sh'])(
    'are survived by %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(text, (line) => survives(line, name)),
        { numRuns: 1_500, seed: 7 },
      );
    },
    120_000,
  );

  it.each([
    'sed',
    'sed -n',
    'sed -E',
    'awk',
    'grep -E',
    'find /tmp',
    'printf',
    'test',
    'expr',
    'tr a',
    'date',
    'xargs -I{} echo',
  ])(
    'are survived by %s',
    async (program) => {
      const pieces = fc
        .array(
          fc.oneof(
            marks,
            fc.constantFrom(
              ...'s/ /g p d N D G H x b t : y , 1 2 $ { } NR NF $1 $0 print printf getline gsub( substr( BEGIN END ++ -- in delete /a*/ -name -exec ; -o ! -type f'.split(
                ' ',
              ),
            ),
          ),
          { maxLength: 20 },
        )
        .map((all) => all.join(''));
      const line = fc.oneof(pieces, text).map((one) => `printf 'a b\\nc d\\n' | ${program} ${quoted(one)}`);
      await fc.assert(
        fc.asyncProperty(line, (one) => survives(one, 'bash')),
        { numRuns: 250, seed: 11 },
      );
    },
    120_000,
  );

  it('make regular expressions that end in linear time', () => {
    let steps = 0;
    const subject = `${'a'.repeat(2_000)}b`;
    for (const pattern of [
      '(a*)*c',
      '(a|a)*c',
      '(a+)+$c',
      '((a?){20}){20}c',
      '(.*)(.*)(.*)(.*)c',
      '[[:alpha:]]*[^a]*c',
    ])
      expect(
        new Regex(pattern, { extended: true }).test(subject, (count) => {
          steps += count;
        }),
      ).toBe(false);
    expect(steps).toBeLessThan(200_000);
    expect(new Regex('a{0}{255}{255}{255}{255}{255}b', { extended: true }).test('b', () => {})).toBe(true);
    expect(() => new Regex('(((a{255}){255}){255})', { extended: true })).toThrow(RegexFault);
  });

  it.each([
    'awk BEGIN{while(1)x=x"aaaa"}',
    "awk 'BEGIN{while(1)a[i++]=i}'",
    "awk 'function f(x){return f(x)} BEGIN{f(1)}'",
    "echo a | sed ':a;s/a/aa/;ta'",
    "echo a | sed ':a;G;h;ba'",
    'a=(); while :; do a+=(x); done',
    'while :; do sleep 60 & done',
    'for ((;;)); do :; done',
    `echo ${'{'.repeat(60_000)}`,
    `echo ${'{a,b}'.repeat(12)}`,
    'echo {1..4000}{1..4000}',
    'f() { f | f & }; f',
    "yes | head -5; find / -name 'x*' | wc -l; grep -r root / | wc -l",
    'x=$(cat /bin/bash); echo ${x//?/yy} | wc -c',
    'bash -c "bash -c \\"bash -c ls\\""',
  ])('are bounded: %s', async (line) => {
    await survives(line, 'bash');
  });
});
