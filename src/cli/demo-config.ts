import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import { portsOf } from '../sensor/ports.ts';

type Services = Config['sensor']['services'];

/**
 * What a demonstration runs with: the lab profile, decisions enforced into the blocklist files, and into nftables only where that
 * was asked for. Ports that are taken already, as by a system that runs, are replaced by free ones.
 */
export async function demoConfig(config: Config, nftables: boolean): Promise<Config> {
  const freeServices = async (services: Services, host: string): Promise<Services> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(services).map(async ([name, service]) => {
          if (!service.enabled) return [name, service] as const;
          const port = await Promise.all(portsOf(service.port).map((wanted) => freePort(host, wanted)));
          return [name, { ...service, port: port.length === 1 ? port[0]! : port }] as const;
        }),
      ),
    );
  const [first = config.sensor.addresses[0]!.ip] = config.sensor.bind;
  const services = await freeServices(config.sensor.services, first);
  const addresses = await Promise.all(
    config.sensor.addresses.map(async (one) => ({
      ...one,
      services: await freeServices(one.services, one.ip),
    })),
  );
  return {
    ...config,
    profile: 'lab',
    sensor: { ...config.sensor, services, addresses },
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
