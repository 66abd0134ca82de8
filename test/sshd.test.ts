import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { message } from '../src/sensor/ssh/data.ts';
import { serveSsh } from '../src/sensor/ssh/fixture.ts';
import { Message } from '../src/sensor/ssh/message.ts';
import { probes, runProbe } from './sshd/probes.ts';
import { runSessionProbe, type SessionProbe, sessionProbes } from './sshd/session-probes.ts';

// Recorded from the packages of Debian 12 by scripts/record-sshd.mjs.
const recorded = ['openssh-9.2p1-debian12', 'dropbear-2022.83'];
/** Probes under way at once: most of each is waiting whether the server says more. */
const atOnce = 12;
const quietMs = 300;

/** Tries the password. */
const way: SessionProbe = {
  name: 'a way in',
  login: false,
  send: [
    message(Message.serviceRequest, 'ssh-userauth'),
    message(Message.userauthRequest, 'root', 'ssh-connection', 'password', false, 'admin'),
  ],
};

/** Probes by name, and what the real server answered to each, a line each. */
function recording(file: string): Map<string, string[]> {
  const text = readFileSync(join(import.meta.dirname, 'transcripts/sshd', file), 'utf8');
  const parts = text.split(/^# /m).slice(1);
  return new Map(
    parts.map((part) => part.trimEnd().split('\n')).map(([name = '', ...lines]) => [name, lines]),
  );
}

/** Runs probes, some at once. */
async function runAll<P extends { name: string }>(
  probes: readonly P[],
  run: (probe: P, n: number) => Promise<string[]>,
): Promise<Record<string, string[]>> {
  const got = new Map<string, string[]>();
  const queue = [...probes.entries()];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [n, probe] = next;
        got.set(probe.name, await run(probe, n));
      }
    }),
  );
  return Object.fromEntries(got);
}

describe.each(recorded)('%s', (product) => {
  const absent = (file: string) => !existsSync(join(import.meta.dirname, 'transcripts/sshd', file));

  test.skipIf(absent(`${product}.txt`))(
    'answers every probe as the real server did (recorded by scripts/record-sshd.mjs)',
    async () => {
      const wanted = recording(`${product}.txt`);
      expect([...wanted.keys()]).toEqual(probes.map(({ name }) => name));
      const served = await serveSsh({ product });
      const got = await runAll(probes, (probe) => runProbe(served.port, probe, quietMs));
      await served.close();
      expect(got).toEqual(Object.fromEntries(wanted));
      expect(served.faults).toEqual([]);
    },
  );

  test.skipIf(absent(`${product}.sessions.txt`))(
    'answers every probe behind the key exchange as the real server did (recorded by scripts/record-sshd.mjs)',
    async () => {
      const wanted = recording(`${product}.sessions.txt`);
      expect([...wanted.keys()]).toEqual(sessionProbes.map(({ name }) => name));
      const served = await serveSsh({ product });
      const account = { user: 'root', secret: 'admin' };
      // From then on the password works for this address.
      for (let i = 0; i < 3; i++) await runSessionProbe(served.port, way, account, 50);
      const got = await runAll(sessionProbes, (probe) =>
        runSessionProbe(served.port, probe, account, quietMs),
      );
      await served.close();
      expect(got).toEqual(Object.fromEntries(wanted));
      expect(served.faults).toEqual([]);
    },
  );
});
