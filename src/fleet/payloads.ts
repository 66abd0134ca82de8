import type { TLSSocket } from 'node:tls';
import { payloadAnswer, payloadOffer } from '../model/fleet.ts';
import type { PayloadStore } from './payload-store.ts';

/** How long a sensor may say nothing within a payload, and between two. */
const silenceMs = 120_000;
const lineLimit = 512;
const newline = 0x0a;

/**
 * The hub's end of a payload connection: `{"offer":{"sha256","size"}}`, answered by `{"from":n}` or `{"no":reason}`; then size − n bytes,
 * answered by `{"kept":true|false}`. One at a time, on a connection of its own, so that events never wait for it.
 */
export async function takePayloads(socket: TLSSocket, sensor: string, store: PayloadStore): Promise<void> {
  socket.setTimeout(silenceMs, () => socket.destroy());
  const say = (answer: unknown) => void socket.write(`${JSON.stringify(payloadAnswer.parse(answer))}\n`);
  let head = Buffer.alloc(0);
  let taking: Awaited<ReturnType<PayloadStore['taking']>> | undefined;
  let left = 0;
  let offer = { sha256: '', size: 0 };

  const settle = async () => {
    await taking?.close();
    taking = undefined;
    say({ kept: await store.settle(sensor, offer.sha256, offer.size) });
  };
  try {
    for await (const piece of socket as AsyncIterable<Buffer>) {
      let bytes = piece;
      while (bytes.length > 0) {
        if (taking) {
          const part = bytes.subarray(0, left);
          await taking.write(part);
          left -= part.length;
          bytes = bytes.subarray(part.length);
          if (left === 0) await settle();
          continue;
        }
        const end = bytes.indexOf(newline);
        const line = end < 0 ? bytes : bytes.subarray(0, end);
        if (head.length + line.length > lineLimit) throw new Error('an offer is too long');
        head = Buffer.concat([head, line]);
        if (end < 0) break;
        bytes = bytes.subarray(end + 1);
        ({ offer } = payloadOffer.parse(JSON.parse(head.toString('latin1'))));
        head = Buffer.alloc(0);
        const answer = await store.wants(sensor, offer.sha256, offer.size);
        if (typeof answer === 'string') say({ no: answer });
        else {
          taking = await store.taking(sensor, offer.sha256, answer);
          left = offer.size - answer;
          say({ from: answer });
          if (left === 0) await settle();
        }
      }
    }
  } finally {
    // What has come stays for the next time.
    await taking?.close();
    socket.destroy();
  }
}
