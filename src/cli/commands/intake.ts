import { configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { readConfig } from '../../kit/config-file.ts';
import { createLog } from '../../kit/log.ts';
import { askedToEnd } from '../../member.ts';
import { startIntakeRole } from '../../pipeline/roles/intake.ts';
import { openBus } from '../../pipeline/roles/topology.ts';
import { createFleetApp, listen } from '../../server/index.ts';
import { socketPath } from '../client.ts';
import { defineCommand } from '../command.ts';

export const intake = defineCommand({
  name: 'intake',
  usage: '[OPTIONS]',
  summary: 'A role of its own: takes in what sensors send, and hands it to the bus.',
  async run({ configPath, data, out }) {
    const config = readConfig(configSchema, configPath, process.env);
    const log = createLog('caltrop');
    const bus = await openBus(config);
    const role = await startIntakeRole({ config, data, bus, log, clock: systemClock });
    const local = await listen(createFleetApp({ hub: role.hub, config, log }), { socket: socketPath(data) });
    const services = role.sensor?.status.services ?? [];
    out.item({ services, fleet: role.hub?.port ?? null }, () =>
      services.map(({ emulator, host, port }) => `${emulator} on ${host} ${port}`),
    );
    const cause = await Promise.race([askedToEnd(), role.failed]);
    if (cause) log.error('the intake has failed', { cause });
    await local.close();
    await role.close();
    await bus.close();
    return cause ? 1 : 0;
  },
});
