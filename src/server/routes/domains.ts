import { z } from 'zod';
import { normalName } from '../../kit/domain-name.ts';
import { Fault } from '../../kit/fault.ts';
import { groupText } from '../../reputation/graph/client-groups.ts';
import { query } from '../input.ts';
import type { Route } from './index.ts';

const rankQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100_000).default(200),
  /** A part of the name. */
  match: z.string().max(253).optional(),
  /** Only names that came to the threshold within so many days. */
  new: z.coerce.number().int().min(1).max(3_650).optional(),
});

/** Names that were asked for: where they stand, and why. */
export const domains: Route = (app, { domains: graph }) => {
  app.get('/api/v1/domains', async (c) => {
    const { limit, match, new: days } = query(c, rankQuery);
    return c.json(
      await graph.rank({
        limit,
        ...(match !== undefined && { match: match.toLowerCase() }),
        ...(days !== undefined && { fresh: graph.today() - days + 1 }),
      }),
    );
  });
  app.get('/api/v1/domain-lead', async (c) => c.json(await graph.lead()));
  app.get('/api/v1/domain-clients/:group', async (c) => {
    const { group } = c.req.param();
    if (!groupText.test(group))
      throw new Fault(
        'invalid',
        'A group of clients is named by the 12 hexadecimal digits that `show` tells.',
      );
    const asked = await graph.group(group);
    if (!asked)
      throw new Fault('not-found', 'Nothing was asked for by enough clients of this group on one day.');
    return c.json(asked);
  });
  app.get('/api/v1/domains/:name', async (c) => {
    const name = normalName(c.req.param('name'));
    if (name === null) throw new Fault('invalid', 'This is no domain name.');
    const standing = await graph.show(name);
    if (!standing) throw new Fault('not-found', 'Nobody was seen to ask for this name.');
    return c.json(standing);
  });
};
