import { expect, it } from 'vitest';
import { inTurn } from './in-turn.ts';

it('runs one after the other, goes on after what fails, and begins nothing once it is stopped', async () => {
  const failed: unknown[] = [];
  const turn = inTurn((cause) => failed.push(cause));
  const order: string[] = [];
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const first = turn.run(async () => {
    order.push('first');
    await gate;
    order.push('first ends');
    return 1;
  });
  const second = turn.run(async () => {
    order.push('second');
    throw new Error('second fails');
  });
  const third = turn.run(async () => {
    order.push('third');
    turn.stop();
  });
  const fourth = turn.run(async () => order.push('fourth'));
  open();
  expect(await Promise.all([first, second, third, fourth])).toEqual([1, undefined, undefined, undefined]);
  await turn.done();
  expect(order).toEqual(['first', 'first ends', 'second', 'third']);
  expect(failed).toEqual([new Error('second fails')]);
  expect(turn.stopping).toBe(true);
});
