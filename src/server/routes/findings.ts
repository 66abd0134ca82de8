import { z } from 'zod';
import { Fault } from '../../kit/fault.ts';
import { query } from '../input.ts';
import type { Route } from './index.ts';

const listQuery = z.strictObject({
  subject: z.string().max(8_192).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(200),
});

/** What a person should read. */
export const findings: Route = (app, { store }) => {
  app.get('/api/v1/findings', async (c) => {
    const { subject, limit } = query(c, listQuery);
    return c.json(await store.findings({ limit, ...(subject && { subject }) }));
  });
  app.get('/api/v1/findings/:id', async (c) => {
    const wanted = z.uuid().safeParse(c.req.param('id'));
    const [found] = wanted.success ? await store.findings({ id: wanted.data }) : [];
    if (!found) throw new Fault('not-found', 'There is no such finding.');
    return c.json({ ...found, signals: await store.signals({ ids: found.because }) });
  });
};
