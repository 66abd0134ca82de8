import type { Duplex } from 'node:stream';
import type { Clock } from '../kit/clock.ts';
import { onLines } from '../kit/line-stream.ts';
import { createEnforcer } from './create.ts';
import type { Enforcer, Standing } from './enforcer.ts';
import { type Ask, answerSchema, maxLine } from './protocol.ts';

interface Open {
  standing: Standing[];
  resolve(answer: { standing: Standing[]; refused: string[] }): void;
  reject(error: Error): void;
}

export interface HelperParts {
  enforcer: string;
  options: Record<string, unknown>;
  clock: Clock;
  /** Starts a helper and gives the stream to it: at first use, and again after it has gone. */
  connect(): Duplex;
}

/**
 * An enforcer that lives in the helper process: the same interface, so that the runner does not know. After the helper has
 * gone, the next request starts another, which is handed the never-block blocks first.
 */
export function helperEnforcer({ enforcer, options, clock, connect }: HelperParts): Enforcer {
  const local = createEnforcer(enforcer, options, clock);
  const open = new Map<number, Open>();
  let stream: Duplex | undefined;
  let next = 1;
  let never: { blocks: readonly string[]; readAt: number } | undefined;

  const gone = (from: Duplex) => {
    if (stream !== from) return;
    stream = undefined;
    for (const { reject } of open.values()) reject(new Error('the helper has gone'));
    open.clear();
  };

  const take = (line: string) => {
    const answer = answerSchema.parse(JSON.parse(line));
    const asked = open.get(answer.id);
    if (!asked) return;
    for (const [key, until] of answer.standing ?? []) asked.standing.push({ key, until });
    if (!answer.done) return;
    open.delete(answer.id);
    if (answer.error !== undefined) asked.reject(new Error(answer.error));
    else asked.resolve({ standing: asked.standing, refused: answer.refused ?? [] });
  };

  const send = (to: Duplex, ask: Ask) =>
    new Promise<{ standing: Standing[]; refused: string[] }>((resolve, reject) => {
      const id = next++;
      open.set(id, { standing: [], resolve, reject });
      to.write(`${JSON.stringify({ id, ...ask })}\n`);
    });

  const start = (): Duplex => {
    const made = connect();
    stream = made;
    made.on('error', () => gone(made));
    made.on('close', () => gone(made));
    onLines(made, maxLine, (line) => {
      try {
        take(line);
      } catch {
        made.destroy();
      }
    });
    // These go ahead of what is asked; the helper takes requests in order. Their failure is that of what follows.
    send(made, { op: 'start', enforcer, options }).catch(() => made.destroy());
    if (never) send(made, { op: 'protect', blocks: [...never.blocks], readAt: never.readAt }).catch(() => {});
    return made;
  };
  const ask = (one: Ask) => send(stream ?? start(), one);

  return {
    name: local.name,
    parts: local.parts,
    expires: local.expires,
    batchMs: local.batchMs,
    keys: (scope, action) => local.keys(scope, action),
    async prepare() {
      await ask({ op: 'prepare' });
    },
    async protect(blocks, readAt) {
      never = { blocks, readAt };
      await ask({ op: 'protect', blocks: [...blocks], readAt });
    },
    async apply(add, remove) {
      const pairs = add.map(({ key, until }): [string, number] => [key, until]);
      return (await ask({ op: 'apply', add: pairs, remove: [...remove] })).refused;
    },
    async read(part) {
      return (await ask({ op: 'read', part })).standing;
    },
    async clear() {
      await ask({ op: 'clear' });
    },
    async close() {
      stream?.destroy();
    },
  };
}
