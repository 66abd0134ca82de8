import { z } from 'zod';
import { listEntrySchema } from '../../decision/index.ts';
import { Fault } from '../../kit/fault.ts';
import { parsePrefix, prefixText } from '../../kit/ip.ts';
import { json } from '../input.ts';
import type { Route } from './index.ts';

/** What is never denied. Each edit is audited, takes back denies that it covers, and reaches the enforcers. */
export const neverBlock: Route = (app, pipeline) => {
  const { neverBlock: list, neverBlockStore, decider, verdicts, enforcement, audit, clock, live } = pipeline;

  async function edited(actor: string, data: Record<string, unknown>): Promise<void> {
    audit.append([{ time: clock.now(), actor, action: 'list', data }]);
    live.tell({ type: 'alarm', text: `The never-block list was edited by ${actor}.`, time: clock.now() });
    await list.reload();
    await enforcement.protect();
    const outcome = decider.recheck(clock.now());
    if (outcome.ended.length > 0) await verdicts.act(outcome);
  }

  app.get('/api/v1/never-block', (c) => c.json(list.entries()));
  app.get('/api/v1/never-block/check/:source', (c) => {
    const block = parsePrefix(c.req.param('source').replace('_', '/'));
    if (!block) throw new Fault('invalid', 'A source is an address or a block.');
    return c.json(list.check(prefixText(block).replace(/\/(32|128)$/, ''), clock.now()));
  });
  app.post('/api/v1/never-block', async (c) => {
    const entry = await json(c, listEntrySchema);
    const block = prefixText(parsePrefix(entry.block)!);
    await neverBlockStore.add({ ...entry, block }, clock.now());
    await edited(c.get('who').name, { add: { ...entry, block } });
    return c.json({ ...entry, block });
  });
  app.delete('/api/v1/never-block', async (c) => {
    const { block: given } = await json(c, z.strictObject({ block: z.string().max(64) }));
    const parsed = parsePrefix(given);
    if (!parsed) throw new Fault('invalid', 'An entry is an address or a block.');
    const block = prefixText(parsed);
    if (!(await neverBlockStore.remove(block)) && !(await neverBlockStore.remove(given))) {
      throw new Fault('not-found', 'No such entry is kept. Built-in ones cannot be removed.');
    }
    await edited(c.get('who').name, { remove: block });
    return c.json({ block });
  });
};
