import { z } from 'zod';
import { Fault } from '../../kit/fault.ts';
import { json, query } from '../input.ts';
import type { Route } from './index.ts';

const listQuery = z.strictObject({
  standing: z.enum(['yes']).optional(),
  source: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(200),
});
const reasonBody = z.strictObject({ reason: z.string().min(1).max(512) });
const id = z.uuid();

/** What was decided, with its proof, and taking it back. */
export const decisions: Route = (app, { store, decider, verdicts, clock }) => {
  app.get('/api/v1/decisions', async (c) => {
    const { standing, source, limit } = query(c, listQuery);
    const list = await store.decisions({
      limit,
      ...(source && { subject: source }),
      ...(standing && { standing: clock.now() }),
    });
    return c.json(list);
  });
  app.get('/api/v1/decisions/:id', async (c) => {
    const wanted = id.safeParse(c.req.param('id'));
    const [found] = wanted.success ? await store.decisions({ id: wanted.data }) : [];
    if (!found) throw new Fault('not-found', 'There is no such decision.');
    const { decision } = found;
    const receipts = await store.receipts(decision.id);
    return c.json({ ...found, receipts, signals: await store.signals({ ids: decision.because }) });
  });
  app.post('/api/v1/decisions/:id/revoke', async (c) => {
    const { reason } = await json(c, reasonBody);
    const outcome = decider.revoke(c.req.param('id'), c.get('who').name, reason, clock.now());
    if (!outcome) throw new Fault('not-found', 'No such decision stands.');
    await verdicts.act(outcome);
    return c.json({ ended: outcome.ended.map(({ decision, how }) => ({ id: decision.id, how })) });
  });
};
