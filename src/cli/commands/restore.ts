import { resolve } from 'node:path';
import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { createLog } from '../../kit/log.ts';
import { checkBackup, restoreFiles, restoreRows } from '../../pipeline/backup.ts';
import { openPipeline } from '../../pipeline.ts';
import { defineCommand } from '../command.ts';

export const restore = defineCommand({
  name: 'restore',
  usage: 'FOLDER --data NEW',
  summary: 'Check a backup, file by file, and make a new data directory of it.',
  async run({ args, configPath, data, out }) {
    const [given] = args;
    if (!given) throw new Fault('usage', 'Name the folder of the backup.');
    const folder = resolve(given);
    out.progress('checking the backup');
    const manifest = await checkBackup(folder);
    await restoreFiles(folder, data);
    const config = readConfig(configSchema, configPath, process.env);
    const pipeline = await openPipeline({
      config,
      data,
      running: false,
      log: createLog('caltrop', { level: 'warn' }),
    });
    try {
      await restoreRows(folder, { db: pipeline.db, lake: pipeline.lake, say: (text) => out.progress(text) });
    } finally {
      await pipeline.close();
    }
    out.item(
      { data, files: manifest.files.length, created: manifest.created },
      () => `Restored into ${data}, as of ${new Date(manifest.created).toISOString()}.`,
    );
    return 0;
  },
});
