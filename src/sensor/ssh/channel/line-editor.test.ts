import { expect, it } from 'vitest';
import { Inbox } from './inbox.ts';
import { LineEditor } from './line-editor.ts';

/** Types keys at a prompt; what the lines became, and what was shown. */
async function type(keys: string, { echo = true, leaving = '' } = {}) {
  const inbox = new Inbox(() => {});
  let shown = '';
  const editor = new LineEditor(
    inbox,
    (text) => {
      shown += text;
    },
    echo,
  );
  inbox.push(Buffer.from(keys, 'latin1'));
  inbox.end();
  const lines: string[] = [];
  for (let line = await editor.edit('# ', leaving); line !== null; line = await editor.edit('# ', leaving)) {
    lines.push(line);
  }
  return { lines, shown };
}

it.each([
  ['plain', 'id\r', ['id']],
  ['CR LF is one Enter', 'id\r\nw\r\n', ['id', 'w']],
  ['backspace', 'idx\x7f\r', ['id']],
  ['left and insert', 'ac\x1b[Db\r', ['abc']],
  ['home and end', 'b\x1b[Ha\x1b[Fc\r', ['abc']],
  ['Ctrl-U', 'rm -rf\x15ls\r', ['ls']],
  ['Ctrl-W', 'echo one two\x17three\r', ['echo one three']],
  ['Ctrl-K', 'abcd\x01\x06\x06\x0b\r', ['ab']],
  ['delete', 'abc\x01\x1b[3~\r', ['bc']],
  ['Ctrl-C gives a line up', 'rm\x03ls\r', ['', 'ls']],
  ['history', 'one\rtwo\r\x1b[A\x1b[A\r', ['one', 'two', 'one']],
  ['history and back', 'one\r\x1b[A\x1b[B!\r', ['one', '!']],
  ['pasted', '\x1b[200~ls\x1b[201~\r', ['ls']],
  ['Ctrl-D ends', 'ls\r\x04', ['ls']],
])('edits: %s', async (_, keys, lines) => {
  expect((await type(keys)).lines).toEqual(lines);
});

it('shows what is typed, and nothing where echo is off', async () => {
  expect((await type('id\r')).shown).toBe('# id\r\n# ');
  expect((await type('id\r', { echo: false })).shown).toBe('# \r\n# ');
  expect((await type('id\r', { leaving: '\x1b[?2004l\r' })).shown).toContain('id\r\n\x1b[?2004l\r# ');
});
