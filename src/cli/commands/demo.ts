import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { createLog } from '../../kit/log.ts';
import { defineCommand } from '../command.ts';
import { demoConfig } from '../demo-config.ts';
import { narrate } from '../narrate.ts';
import { createPaint, wantsColour } from '../paint.ts';
import { type Serving, serve } from '../serve.ts';

/** How long the kernel's sets may take to be read back empty, in milliseconds. */
const emptyMs = 5_000;

export const demo = defineCommand({
  name: 'demo',
  usage: '[--once] [--nftables]',
  summary: 'Run everything in the lab profile, attack it, and tell what happens. Stays up until Ctrl-C.',
  options: {
    once: { type: 'boolean', summary: 'end when all is told' },
    nftables: { type: 'boolean', summary: "enforce into this machine's nftables too (as root)" },
  },
  async run({ configPath, data: given, options, out }) {
    if (options.nftables && process.getuid?.() !== 0)
      throw new Fault('usage', '--nftables needs root: the kernel lets nobody else deny.');
    const named = options.data !== undefined || process.env.CALTROP_DATA !== undefined;
    const folder = named ? null : temporaryFolder();
    const data = folder === null ? given : join(folder, 'data');
    const asked = readConfig(configSchema, configPath, process.env);
    const config = await demoConfig(asked, options.nftables === true);
    const paint = createPaint(wantsColour(process.stdout, process.env));
    const leave = new AbortController();
    out.note(paint.faint('\n  Starting decoys, pipeline and console …'));
    try {
      const system = await serve({ config, data, log: createLog('caltrop', { level: 'error' }) });
      try {
        void system.ended.then(() => leave.abort());
        const services = system.pipeline.sensor?.status.services ?? [];
        const link = `${system.address}#token=${await system.token()}`;
        out.item({ type: 'started', console: link, services, data }, () => [
          '',
          `  ${paint.strong('Caltrop: somebody touches a decoy, and can reach nothing else any more')}`,
          '',
          `  Decoys     ${services.map(({ emulator, port }) => `${emulator} ${port}`).join(', ')} on ${services[0]?.host ?? '-'}`,
          `  Attackers  addresses of 127.0.0.0/8, real clients over real sockets`,
          `  Denies     ${join(data, 'blocklist')}${options.nftables ? ', and nftables' : ''}`,
          `  Console    ${link}`,
        ]);
        const told = await narrate({ system, out, paint, signal: leave.signal });
        if (!leave.signal.aborted)
          out.item({ type: 'ended', ...told }, () => [
            '',
            `  ${paint.strong(`${told.denied} attackers denied, ${told.wronged} harmless visitors denied, ${told.missed} attackers missed.`)}`,
            `  From act to decision: ${told.medianMs} ms (median).`,
            ...(options.once ? [] : [`  The proof of each: ./caltrop why ADDRESS --data ${data}`]),
            '',
            `  Console    ${link}`,
            ...(options.once ? [] : ['  Ctrl-C ends it.']),
            '',
          ]);
        if (!options.once) await system.ended;
        const failed = told.missed > 0 || told.wronged > 0 || told.denied === 0;
        return options.once && failed && !leave.signal.aborted ? 1 : 0;
      } finally {
        if (options.nftables) await emptySets(system);
        await system.close();
        if (options.nftables) system.pipeline.killSwitch.release();
      }
    } finally {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Takes the demonstration's denies out of the kernel, by the kill switch: they must not outlive it. */
async function emptySets({ pipeline }: Serving): Promise<void> {
  pipeline.killSwitch.engage('demo', 'the demonstration has ended', pipeline.clock.now());
  pipeline.enforcement.poll();
  for (let waited = 0; !pipeline.enforcement.emptied && waited < emptyMs; waited += 50) await sleep(50);
}

/** A folder that ends with the demonstration. The sensor's own user has to get through it to what is its own. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-demo-'));
  chmodSync(folder, 0o711);
  return folder;
}
