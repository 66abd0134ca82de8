import { createServer } from 'node:net';
import type { Config } from '../config.ts';

/**
 * What a demonstration runs with: the lab profile, decisions enforced into the blocklist files, and into nftables only where that
 * was asked for. Ports that are taken already, as by a system that runs, are replaced by free ones.
 */
export async function demoConfig(config: Config, nftables: boolean): Promise<Config> {
  const services = await Promise.all(
    Object.entries(config.sensor.services).map(
      async ([name, service]) =>
        [name, { ...service, port: await freePort(config.sensor.bind[0]!, service.port) }] as const,
    ),
  );
  return {
    ...config,
    profile: 'lab',
    sensor: { ...config.sensor, services: Object.fromEntries(services) },
    decision: { ...config.decision, mode: 'enforce' },
    enforcement: Object.fromEntries(
      Object.entries(config.enforcement).map(([name, settings]) => [
        name,
        { ...settings, enabled: name === 'blocklist' || (name === 'nftables' && nftables) },
      ]),
    ),
    server: { ...config.server, port: await freePort(config.server.host, config.server.port) },
  };
}

/** The port where nobody has it, else another one that is free. */
async function freePort(host: string, wanted: number): Promise<number> {
  return (await tryPort(host, wanted)) ?? (await tryPort(host, 0)) ?? wanted;
}

function tryPort(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
