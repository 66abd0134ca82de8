import { resolve } from 'node:path';
import { Fault, type FaultCode } from '../../kit/fault.ts';
import { defineCommand } from '../command.ts';

type Message =
  | { type: 'progress'; text: string }
  | { type: 'finished'; folder: string; files: number; bytes: number }
  | { type: 'failed'; code: FaultCode; message: string };

export const backup = defineCommand({
  name: 'backup',
  usage: 'FOLDER',
  summary: 'Write state, events, audit and payloads into a new folder, with a checksum for each file.',
  async run({ args, client, out }) {
    const [folder] = args;
    if (!folder) throw new Fault('usage', 'Name a folder that is not there yet.');
    const api = await client();
    for await (const message of api.lines<Message>('POST', '/api/v1/backups', { folder: resolve(folder) })) {
      if (message.type === 'failed') throw Fault.told(message.code, message.message);
      if (message.type === 'progress') out.progress(message.text);
      else
        out.item(
          message,
          () =>
            `${message.files} files, ${(message.bytes / 1024 ** 2).toFixed(1)} MiB in ${message.folder}. Tokens are not in it.`,
        );
    }
    return 0;
  },
});
