import { z } from 'zod';
import { type Bus, busLimits } from '../../bus/index.ts';
import { type Log, sampled } from '../../kit/log.ts';
import { type Decision, decisionSchema } from '../../model/decision.ts';
import { type Receipt, receiptSchema } from '../../model/receipt.ts';
import { ordersOf, readers, reports } from './topology.ts';

/** What a host is told to enforce. Whole from time to time, and in between what changes. */
export const orderSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('changed'),
    decisions: z.array(decisionSchema),
    ended: z.array(z.uuid()),
  }),
  /** One part of all that stands; taken once all parts of one number are there. */
  z.strictObject({
    type: z.literal('standing'),
    number: z.int(),
    part: z.int().min(0).max(10_000),
    parts: z.int().min(1).max(10_000),
    decisions: z.array(decisionSchema),
  }),
  /** The hard never-block blocks, when they were read, and whether the kill switch is set. */
  z.strictObject({
    type: z.literal('rules'),
    blocks: z.array(z.string().max(64)).max(100_000),
    readAt: z.number(),
    killed: z.boolean(),
  }),
]);
export type Order = z.infer<typeof orderSchema>;

/** What a host says back. */
export const reportSchema = z.union([
  z.strictObject({ host: z.string(), hello: z.literal(true) }),
  z.strictObject({ host: z.string(), receipts: z.array(receiptSchema) }),
  z.strictObject({ host: z.string(), alarm: z.string().max(2_000) }),
]);
export type Report = z.infer<typeof reportSchema>;

const perPart = 500;
const wholeMs = 600_000;
const rulesMs = 1_000;
/** Rules are told again this often, so that they do not become stale. */
const rulesAgainMs = 60_000;

export interface OrderParts {
  bus: Bus;
  hosts: readonly string[];
  standing(): Decision[];
  rules(): { blocks: readonly string[]; readAt: number; killed: boolean };
  receipts(receipts: Receipt[]): void;
  alarm(text: string): void;
  log: Log;
  now(): number;
}

/** Tells other hosts what to enforce, and takes what they say of it. */
export async function startOrders({ bus, hosts, standing, rules, receipts, alarm, log, now }: OrderParts) {
  let number = now();
  let lastRules = '';
  let rulesAt = 0;
  let latest: unknown;
  const complain = sampled((count) =>
    log.error('an order could not be given; all that stands is told again later', { count, cause: latest }),
  );
  let work: Promise<void> = Promise.resolve();
  const give = (host: string, order: Order) => {
    const text = Buffer.from(JSON.stringify(order));
    work = work.then(async () => {
      try {
        if (text.length > busLimits.maxMessage) throw new Error('the order is too long');
        await bus.publish(ordersOf(host), `${number++}`, text);
      } catch (cause) {
        latest = cause;
        complain();
      }
    });
  };
  const giveRules = (host: string) => {
    const { blocks, ...rest } = rules();
    give(host, { type: 'rules', blocks: [...blocks], ...rest });
  };
  const giveAll = (host: string) => {
    giveRules(host);
    const all = standing();
    const parts = Math.max(1, Math.ceil(all.length / perPart));
    const id = number++;
    for (let part = 0; part < parts; part++)
      give(host, {
        type: 'standing',
        ...{ number: id, part, parts },
        decisions: all.slice(part * perPart, (part + 1) * perPart),
      });
  };
  const watchRules = () => {
    const { blocks, killed } = rules();
    const text = JSON.stringify([blocks, killed]);
    if (text === lastRules && now() - rulesAt < rulesAgainMs) return;
    lastRules = text;
    rulesAt = now();
    for (const host of hosts) giveRules(host);
  };

  await bus.subscribe(reports, readers.decide, async ({ data }) => {
    const said = reportSchema.parse(JSON.parse(Buffer.from(data).toString()));
    if (!hosts.includes(said.host)) log.warn('a host that is not named reports', { host: said.host });
    else if ('hello' in said) giveAll(said.host);
    else if ('alarm' in said) alarm(`${said.host}: ${said.alarm}`);
    else receipts(said.receipts.map((one) => ({ ...one, enforcer: `${said.host}/${one.enforcer}` })));
  });
  const timers = [
    setInterval(watchRules, rulesMs).unref(),
    setInterval(() => {
      for (const host of hosts) giveAll(host);
    }, wholeMs).unref(),
  ];
  return {
    changed(decisions: Decision[], ended: Decision[]): void {
      for (const host of hosts)
        for (let at = 0; at < Math.max(decisions.length, ended.length); at += perPart)
          give(host, {
            type: 'changed',
            decisions: decisions.slice(at, at + perPart),
            ended: ended.slice(at, at + perPart).map(({ id }) => id),
          });
    },
    async close(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      await work;
    },
  };
}
