import { writeFileSync } from 'node:fs';
import { Fault } from '../../kit/fault.ts';
import { printable } from '../../kit/printable.ts';
import { asciicast, type RecordedFrame, type RecordedHead } from '../asciicast.ts';
import { defineCommand } from '../command.ts';

interface Told {
  way: 'in' | 'out';
  at: number;
  data: string;
}

/** Characters of one line that are shown. */
const lineLimit = 1_000;

export const replay = defineCommand({
  name: 'replay',
  usage: 'SESSION [--asciicast FILE]',
  summary:
    'What was said in a session, both ways, as inert text; with --json its bytes in base64, each with its time.',
  options: {
    asciicast: {
      type: 'string',
      value: 'FILE',
      summary: 'write asciicast v2 for a player, which obeys the escapes in it as a terminal does',
    },
  },
  async run({ args, options, client, out }) {
    const [session] = args;
    if (!session) throw new Fault('usage', 'Replay what? Name a session.');
    const api = await client();
    const lines = api.lines<RecordedHead | Told>('GET', `/api/v1/recordings/${encodeURIComponent(session)}`);
    let head: RecordedHead | undefined;
    const frames: RecordedFrame[] = [];
    for await (const line of lines) {
      if (!('data' in line)) head = line;
      else frames.push({ way: line.way, at: line.at, bytes: Buffer.from(line.data, 'base64') });
      if (options.asciicast === undefined) out.item(line, () => []);
    }
    if (!head) throw new Fault('internal', 'The recording has no head.');
    if (options.asciicast !== undefined) {
      const text = [...asciicast(head, frames)].map((line) => `${line}\n`).join('');
      try {
        writeFileSync(String(options.asciicast), text, { mode: 0o600 });
      } catch (cause) {
        throw new Fault('refused', `The file cannot be written: ${(cause as Error).message}`, { cause });
      }
      out.item(
        { file: options.asciicast, frames: frames.length, cut: head.cut },
        () => `${frames.length} frames written`,
      );
      return 0;
    }
    if (!out.json) for (const line of shown(frames)) out.item(null, () => line);
    if (head.cut > 0) out.note(`${head.cut} bytes more were not recorded`);
    return 0;
  },
});

/** Each frame's lines with its time: `<` what we said, `>` what they did. */
function* shown(frames: readonly RecordedFrame[]): Generator<string> {
  for (const { way, at, bytes } of frames)
    for (const line of bytes.toString('utf8').split(/(?<=\n)/))
      yield `${(at / 1_000).toFixed(3).padStart(9)} ${way === 'out' ? '<' : '>'} ${printable(line, lineLimit)}`;
}
