import type { Duplex } from 'node:stream';
import type { Clock } from '../kit/clock.ts';
import { onLines } from '../kit/line-stream.ts';
import { createEnforcer } from './create.ts';
import type { Enforcer } from './enforcer.ts';
import type { Guard } from './guard.ts';
import { type Answer, maxLine, perLine, type Request, requestSchema } from './protocol.ts';

/**
 * The helper's side of the stream: one enforcer, changes in order, each addition checked against the guard. It knows no
 * other words than the protocol's, so that who owns the other end can place and remove our elements, and nothing else.
 */
export function serve(stream: Duplex, guard: Guard, clock: Clock): void {
  let enforcer: Enforcer | undefined;
  let work: Promise<void> = Promise.resolve();
  // A long listing is read beside the changes, so that a deny never waits for it; the runner knows what changed meanwhile.
  let reading: Promise<void> = Promise.resolve();
  const answer = (one: Answer) => stream.write(`${JSON.stringify(one)}\n`);

  const handle = async (request: Request): Promise<void> => {
    const { id } = request;
    if (request.op === 'start') {
      if (enforcer) throw new Error('it has started');
      enforcer = createEnforcer(request.enforcer, request.options, clock);
      answer({ id, done: true });
      return;
    }
    if (!enforcer) throw new Error('it has not started');
    switch (request.op) {
      case 'prepare':
        await enforcer.prepare();
        break;
      case 'protect':
        guard.protect(request.blocks, request.readAt);
        await enforcer.protect(request.blocks, request.readAt);
        break;
      case 'clear':
        await enforcer.clear();
        break;
      case 'read': {
        const { part } = request;
        if (!enforcer.parts.includes(part)) throw new Error('there is no such part');
        const found = await enforcer.read(part);
        for (let at = 0; at < found.length; at += perLine) {
          const standing = found
            .slice(at, at + perLine)
            .map(({ key, until }): [string, number] => [key, until]);
          answer({ id, done: false, standing });
        }
        break;
      }
      case 'apply': {
        const now = clock.now();
        const refused = request.add.map(([key]) => key).filter((key) => guard.refuses(key, now));
        const no = new Set(refused);
        const add = request.add.flatMap(([key, until]) => (no.has(key) ? [] : [{ key, until }]));
        await enforcer.apply(add, request.remove);
        answer({ id, done: true, refused });
        return;
      }
    }
    answer({ id, done: true });
  };

  onLines(stream, maxLine, (line) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      stream.destroy();
      return;
    }
    const request = requestSchema.safeParse(value);
    // Who sends what is no request is not our parent: there is nothing to answer.
    if (!request.success) {
      stream.destroy();
      return;
    }
    const one = request.data;
    const done = () =>
      handle(one).catch((error: unknown) => {
        answer({ id: one.id, done: true, error: error instanceof Error ? error.message : String(error) });
      });
    // Emptying never waits behind a batch.
    if (one.op === 'clear') void done();
    else if (one.op === 'read') reading = reading.then(() => work).then(done);
    else work = work.then(done);
  });
}
