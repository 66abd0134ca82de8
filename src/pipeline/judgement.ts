import type { Config } from '../config.ts';
import { Audit, breaker, Decider, killSwitch, memoryFlag, type Stored } from '../decision/index.ts';
import { FindingLedger } from '../findings/index.ts';
import { Bounded } from '../kit/bounded.ts';
import type { Log } from '../kit/log.ts';
import { openNeverBlock } from './never-block.ts';
import type { Stores } from './stores.ts';

const day = 86_400_000;
const limits = {
  networks: 100_000,
  decisions: 100_000,
  signals: 100_000,
  findings: 50_000,
  offenceMs: 30 * day,
};

/** Everything that weighs evidence, as it was when the system stopped: decider, never-block, findings, audit and the two flags. */
export async function openJudgement(parts: {
  config: Config;
  data: string;
  stores: Pick<Stores, 'store' | 'neverBlockStore' | 'fresh'>;
  log: Log;
  now(): number;
}) {
  const { config, data, stores, log, now } = parts;
  const { store } = stores;
  const alarm = (text: string) => log.error('an alarm of the audit', { alarm: text });
  const audit = Audit.open(data, now(), alarm, config.audit);
  const flags = { killSwitch: killSwitch(data), breaker: breaker(data) };
  const neverBlock = await openNeverBlock({ config, stores, log, now });
  /** The network of each address that a signal was about lately: what the budget of one network goes by. */
  const networks = new Bounded<string, number>(limits.networks);
  const asnOf = (ip: string) => networks.get(ip) || undefined;
  const decider = new Decider(config.decision, { neverBlock, ...flags, asnOf, live: true });

  const stored = (await store.decisions({ limit: limits.decisions })) as Stored[];
  // What only simulated and is over leaves no trace: most of it came from imports.
  decider.restore(stored.filter(({ decision }) => decision.mode === 'enforce' || decision.until > now()));
  const known = await store.signals({ since: now() - day, limit: limits.signals, live: true });
  decider.restoreSignals(known.map(({ id }) => id));
  const { decoyMs, skewMs, sources } = config.decision;
  decider.restoreDecoys(
    await store.decoys({ since: now() - decoyMs, until: now() + skewMs, limit: 2 * sources }),
  );
  decider.restoreLogins(
    await store.logins(sources),
    await store.offences({
      since: now() - limits.offenceMs,
      confidence: config.decision.tipFrom,
      limit: sources,
    }),
  );
  const ledger = new FindingLedger();
  ledger.restore((await store.findings({ since: now() - day, limit: limits.findings })).reverse());

  // A crash between store and audit: the record is made up for, and says so.
  const late = audit.unrecorded(decider.standing());
  audit.append(
    late.map((one) => ({ time: now(), actor: 'caltrop', action: 'decision', data: { ...one, late: true } })),
  );

  return {
    audit,
    ...flags,
    neverBlock,
    networks,
    decider,
    ledger,
    /** A decider for a replay: event time, simulation only, and a breaker that stops nothing live. */
    replayDecider: () =>
      new Decider(config.decision, {
        neverBlock,
        killSwitch: memoryFlag(),
        breaker: memoryFlag(),
        live: false,
      }),
  };
}

export type Judgement = Awaited<ReturnType<typeof openJudgement>>;
