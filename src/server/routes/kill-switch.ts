import { z } from 'zod';
import { json } from '../input.ts';
import type { Route } from './index.ts';

const body = z.strictObject({ reason: z.string().min(1).max(512) });
/** How long the answer waits for the proof that the sets are empty. */
const proofMs = 5_000;

/** Stops all denies at once, and lets them go on. Also the breaker, which a person resets. */
export const killSwitch: Route = (app, pipeline) => {
  const { killSwitch: flag, enforcement, audit, clock, decider, verdicts, log } = pipeline;

  app.post('/api/v1/kill-switch', async (c) => {
    const { reason } = await json(c, body);
    const actor = c.get('who').name;
    // The file first: it must not wait for anything that could fail.
    flag.engage(actor, reason, clock.now());
    enforcement.poll();
    try {
      audit.append([{ time: clock.now(), actor, action: 'kill-switch', data: { set: true, reason } }]);
    } catch (cause) {
      log.error('the kill switch is set, but the audit could not be written', { cause });
    }
    const until = Date.now() + proofMs;
    while (!enforcement.emptied && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return c.json({ set: true, emptied: enforcement.emptied });
  });
  app.delete('/api/v1/kill-switch', async (c) => {
    const { reason } = await json(c, body);
    audit.append([
      { time: clock.now(), actor: c.get('who').name, action: 'kill-switch', data: { set: false, reason } },
    ]);
    flag.release();
    enforcement.poll();
    return c.json({ set: false });
  });
  app.delete('/api/v1/breaker', async (c) => {
    const { reason } = await json(c, body);
    await verdicts.act(decider.resetBreaker(c.get('who').name, reason, clock.now()));
    return c.json({ open: false });
  });
};
