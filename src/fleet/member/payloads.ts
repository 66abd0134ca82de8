import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { onLines } from '../../kit/line-stream.ts';
import { type PayloadAnswer, payloadAnswer } from '../../model/fleet.ts';
import { payloadLimit, payloadPath } from '../../model/payload.ts';

export interface CarryOptions {
  /** Bytes a second, over all payloads: what events need comes first. */
  rate: number;
  /** How long until the folder is looked through again, in milliseconds. */
  everyMs: number;
  /** Payloads that the hub has, or will not have; told once. */
  settledLimit: number;
  sleep(ms: number): Promise<void>;
}

export const carryDefaults = { rate: 1_048_576, everyMs: 30_000, settledLimit: 400_000 };

/** What the hub is known to have, over its connections. */
export type Settled = Set<string>;

/**
 * The sensor's end: offers each payload in the folder to the hub, sends what that lacks, and looks again for ever. Returns when the
 * connection ends; what was under way is taken up again with the next one.
 */
export async function carryPayloads(
  socket: Duplex,
  folder: string,
  settled: Settled,
  { rate, everyMs, settledLimit, sleep }: CarryOptions,
): Promise<void> {
  const answers: PayloadAnswer[] = [];
  let heard: (() => void) | undefined;
  let gone = false;
  onLines(socket, 512, (line) => {
    try {
      answers.push(payloadAnswer.parse(JSON.parse(line)));
    } catch {
      socket.destroy();
    }
    heard?.();
  });
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      gone = true;
      heard?.();
      resolve();
    });
  });
  const answer = async (): Promise<PayloadAnswer | null> => {
    while (answers.length === 0 && !gone) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
    return answers.shift() ?? null;
  };
  let flow: (() => void) | undefined;
  socket.on('drain', () => flow?.());
  const drained = () =>
    Promise.race([
      ended,
      new Promise<void>((resolve) => {
        flow = resolve;
      }),
    ]);

  while (!gone) {
    let putOff = false;
    for (const { sha256, size } of await payloadsIn(folder)) {
      if (gone) return;
      if (putOff || settled.has(sha256)) continue;
      socket.write(`${JSON.stringify({ offer: { sha256, size } })}\n`);
      const first = await answer();
      if (first === null) return;
      if ('no' in first) {
        // Enough for today: nothing else would be taken either.
        if (first.no === 'later') putOff = true;
        else settled.add(sha256);
        continue;
      }
      if (!('from' in first) || first.from > size) return void socket.destroy();
      let sent = first.from;
      if (sent < size)
        for await (const piece of createReadStream(payloadPath(folder, sha256), {
          start: sent,
          end: size - 1,
        })) {
          const bytes = piece as Buffer;
          sent += bytes.length;
          if (!socket.write(bytes)) await drained();
          if (gone) return;
          await sleep((1_000 * bytes.length) / rate);
        }
      // It left or shrank meanwhile: the hub waits for bytes that do not come.
      if (sent < size) return void socket.destroy();
      const last = await answer();
      if (last === null) return;
      if (!('kept' in last)) return void socket.destroy();
      if (settled.size >= settledLimit) settled.clear();
      settled.add(sha256);
    }
    await Promise.race([sleep(everyMs), ended]);
  }
}

async function payloadsIn(folder: string): Promise<{ sha256: string; size: number }[]> {
  const found: { sha256: string; size: number }[] = [];
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => /^[0-9a-f]{2}$/.test(one)))
    for (const sha256 of await readdir(join(folder, name)).catch(() => [])) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) continue;
      const about = await stat(join(folder, name, sha256)).catch(() => undefined);
      if (about?.isFile() && about.size <= payloadLimit) found.push({ sha256, size: about.size });
    }
  return found;
}
