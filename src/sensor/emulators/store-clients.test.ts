import { expect, it } from 'vitest';
import { serve } from '../fixture.ts';
import { memcached } from './memcached.ts';
import { absent, named, run } from './real-clients.ts';

it.skipIf(absent('memcstat') || absent('nmap'))(
  'memcached: libmemcached reads its statistics and sets a key, nmap names it (needs libmemcached-tools, nmap)',
  async () => {
    const live = await serve(memcached);
    try {
      expect(await run('memcstat', [`--servers=127.0.0.1:${live.port}`])).toContain('version: 1.6.18');
      expect(await run('memccat', [`--servers=127.0.0.1:${live.port}`, '--binary', 'nothing'])).not.toContain(
        'abort',
      );
      expect(await named(live.port, 'Memcache')).toMatch(
        /open\s+memcached\s+Memcached 1\.6\.18 \(uptime \d+ seconds\)/,
      );
      expect(live.faults).toEqual([]);
    } finally {
      await live.close();
    }
  },
);
