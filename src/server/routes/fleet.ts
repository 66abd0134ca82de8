import { z } from 'zod';
import { sensorSettings } from '../../config.ts';
import { Fault } from '../../kit/fault.ts';
import { sensorName } from '../../model/fleet.ts';
import { planOf } from '../../pipeline/sensor.ts';
import type { Pipeline } from '../../pipeline.ts';
import { json } from '../input.ts';
import type { Route } from './index.ts';

/** The sensors on other machines. Invitations are made over the Unix socket only. */
export const fleet: Route = (app, pipeline, local) => {
  app.get('/api/v1/fleet', async (c) => c.json((await pipeline.hub?.list()) ?? []));

  app.post('/api/v1/fleet', async (c) => {
    if (!local) throw new Fault('refused', 'Sensors are invited on the machine itself.');
    const { name } = await json(c, z.strictObject({ name: sensorName }));
    if (name === pipeline.config.sensor.name)
      throw new Fault('refused', 'That is the name of the sensor on this machine.');
    const hub = open(pipeline);
    return c.json({ name, token: await hub.invite(name), port: hub.port });
  });

  app.post('/api/v1/fleet/:name/settings', async (c) => {
    const settings = await json(c, sensorSettings);
    const serial = await open(pipeline).configure(c.req.param('name'), planOf(settings));
    if (serial === null) throw new Fault('not-found', 'No sensor of that name was ever invited.');
    return c.json({ serial });
  });

  app.delete('/api/v1/fleet/:name', async (c) => {
    if (!(await open(pipeline).revoke(c.req.param('name'))))
      throw new Fault('not-found', 'No sensor of that name was ever invited.');
    return c.json({ revoked: true });
  });
};

function open({ hub }: Pipeline) {
  if (!hub)
    throw new Fault('unavailable', 'This system takes no sensors of other machines.', {
      remedies: [
        {
          path: 'fleet.enabled',
          expected: 'true',
          remedy: 'Set it, and fleet.host to an address that they reach.',
        },
      ],
    });
  return hub;
}
