import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serveSsh } from '../src/sensor/ssh/fixture.ts';
import { probes, runProbe } from './sshd/probes.ts';

// Recorded from the packages of Debian 12 by scripts/record-sshd.mjs.
const recorded = ['openssh-9.2p1-debian12', 'dropbear-2022.83'];
/** Probes under way at once: most of each is waiting whether the server says more. */
const atOnce = 12;
const quietMs = 300;

describe.each(recorded)('%s', (product) => {
  test('answers every probe as the real server did', async () => {
    const text = readFileSync(join(import.meta.dirname, `data/sshd/${product}.txt`), 'utf8');
    const wanted = new Map(
      text
        .split(/^# /m)
        .slice(1)
        .map((part) => part.trimEnd().split('\n'))
        .map(([name = '', ...lines]) => [name, lines]),
    );
    expect([...wanted.keys()]).toEqual(probes.map(({ name }) => name));
    const served = await serveSsh({ product });
    const got = new Map<string, string[]>();
    const queue = [...probes];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let probe = queue.shift(); probe; probe = queue.shift()) {
          got.set(probe.name, await runProbe(served.port, probe, quietMs));
        }
      }),
    );
    await served.close();
    expect(Object.fromEntries(got)).toEqual(Object.fromEntries(wanted));
    expect(served.faults).toEqual([]);
  });
});
