import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { Authentication } from '../ssh/auth/auth.ts';
import { Connection } from '../ssh/connection.ts';
import { Guest } from '../ssh/guest.ts';
import { type HostKeys, hostKeysOf } from '../ssh/host-keys.ts';
import { readIdent } from '../ssh/ident.ts';
import { type Product, productNamed, products } from '../ssh/products/index.ts';
import { enter, leave } from '../ssh/startups.ts';
import { Transport } from '../ssh/transport.ts';

/** SSH 2 (RFC 4250 to 4254) as OpenSSH or Dropbear speak it, with the shell and the files of the persona behind it. */
export const ssh = defineEmulator({
  name: 'ssh',
  summary: 'SSH server with a shell, SFTP and SCP',
  port: 22,
  highPort: 2222,
  options: z.strictObject({
    /** The server that is shown; the persona's where it is left out. */
    product: z.enum(products.map(({ name }) => name)).optional(),
    /** Whether connections of one source that have not logged in are refused by chance once they are many (MaxStartups). */
    startups: z.boolean().default(true),
    /** Bytes after which we ask for new keys. */
    rekeyBytes: z.int().min(1_024).default(1_073_741_824),
  }),

  greet(wire, options) {
    const product = productNamed(options.product ?? wire.persona.ssh);
    if (options.startups && !enter(wire, product)) return false;
    wire.deadline(wire.now() + product.graceMs);
    wire.send(`${product.ident}\r\n`);
    // Dropbear sends its first packet without having heard anything.
    if (product.family === 'dropbear') {
      const transport = transportOf(wire, product, options);
      transport.start();
      started.set(wire, transport);
    }
    return true;
  },

  async session(wire, options) {
    const product = productNamed(options.product ?? wire.persona.ssh);
    try {
      const transport = started.get(wire) ?? transportOf(wire, product, options);
      const { startups } = options;
      await serve(wire, transport, hostKeysOf(wire.persona, product.rsaBits), () => startups && leave(wire));
    } finally {
      if (options.startups) leave(wire);
    }
  },
});

/** Transports that have spoken in the greeting. */
const started = new WeakMap<Wire, Transport>();

function transportOf(wire: Wire, product: Product, { rekeyBytes }: { rekeyBytes: number }): Transport {
  return new Transport({ wire, product, keys: hostKeysOf(wire.persona, product.rsaBits), rekeyBytes });
}

async function serve(
  wire: Wire,
  transport: Transport,
  keys: HostKeys,
  authenticated: () => void,
): Promise<void> {
  const client = await readIdent(wire, transport.product);
  if (client === undefined) return;
  wire.emit({ kind: 'fingerprint', method: 'ssh-version', value: client.slice(0, 4_096) });
  transport.client = client;
  transport.start();
  const user = await new Authentication(wire, transport).run();
  if (user !== null) {
    authenticated();
    wire.deadline(Number.POSITIVE_INFINITY);
    await new Connection(new Guest(wire, transport, user, client), keys).run();
  }
  transport.close();
}
