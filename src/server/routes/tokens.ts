import { z } from 'zod';
import { Fault } from '../../kit/fault.ts';
import { json } from '../input.ts';
import type { Route } from './index.ts';

const day = 86_400_000;
const body = z.strictObject({ name: z.string().min(1).max(64), days: z.int().min(1).max(365).default(90) });

/** Makes tokens for programs. Over the Unix socket only. */
export const tokens: Route = (app, pipeline, local) => {
  app.post('/api/v1/tokens', async (c) => {
    if (!local) throw new Fault('refused', 'Tokens are made on the machine itself.');
    const { name, days } = await json(c, body);
    return c.json({ token: await pipeline.tokens.create(name, pipeline.clock.now(), days * day) });
  });
};
