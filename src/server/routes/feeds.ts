import type { Route } from './index.ts';

/** The lists of others: how old, how large, and how far each is believed, with the sentences that say why. */
export const feeds: Route = (app, { feeds: lists }) => {
  app.get('/api/v1/feeds', (c) => c.json(lists.list()));
};
