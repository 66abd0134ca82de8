import type { Bench } from './bench.ts';

export const latency: Bench = {
  name: 'latency',
  summary: 'attacker’s last byte to a standing element and to the live stream',
  async run() {
    throw new Error('not built');
  },
};
