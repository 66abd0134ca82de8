import { z } from 'zod';
import { respond, versions } from '../elasticsearch/routes.ts';
import { ElasticStore } from '../elasticsearch/store.ts';
import { defineEmulator } from '../emulator.ts';
import { serveApi } from './api.ts';

/** Elasticsearch without its security: whoever comes may search, write and delete; scripts are told and refused. */
export const elasticsearch = defineEmulator({
  name: 'elasticsearch',
  summary: 'Elasticsearch that is open to all',
  port: 9200,
  highPort: 9200,
  options: z.strictObject({
    /** One of the releases that are known; without it the persona's own. */
    version: z.enum(versions).optional(),
  }),

  // The client speaks first.
  greet: () => true,

  async session(wire, options) {
    const version =
      options.version ??
      versions[Number.parseInt(wire.persona.token('elastic version', 4), 16) % versions.length]!;
    let store = wire.memory.get('elasticsearch') as ElasticStore | undefined;
    if (!store) {
      store = new ElasticStore(wire.memory, wire.persona);
      wire.memory.set('elasticsearch', store);
    }
    await serveApi(wire, 'netty', (call) => respond({ wire, store, version, call }));
  },
});
