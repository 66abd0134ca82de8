import { z } from 'zod';
import { defineEmulator } from '../emulator.ts';
import { speakBinary } from '../memcached/binary.ts';
import { MemcachedStore } from '../memcached/store.ts';
import { speakText } from '../memcached/text.ts';

/** memcached 1.6 over TCP, open to all, with the text and the binary protocol; never over UDP, where it would amplify. */
export const memcached = defineEmulator({
  name: 'memcached',
  summary: 'memcached without a password, over TCP',
  port: 11211,
  highPort: 11211,
  options: z.strictObject({
    version: z.string().max(32).default('1.6.18'),
    /** Without the items of the machine's owner. */
    bare: z.boolean().default(false),
  }),

  // The client speaks first.
  greet: () => true,

  async session(wire, { version, bare }) {
    let store = wire.memory.get('memcached') as MemcachedStore | undefined;
    if (!store) {
      store = new MemcachedStore(wire.memory, wire.persona, wire.now(), bare);
      wire.memory.set('memcached', store);
    }
    store.counts.connections++;
    const first = await wire.read();
    if (first === null) return;
    wire.unread(first);
    const context = { wire, store, version };
    await (first[0] === 0x80 ? speakBinary(context) : speakText(context));
  },
});
