import { useState } from 'preact/hooks';
import type { DecisionPage } from '../answers.ts';
import { send } from '../api.ts';
import { actionWord, Evidence, Mode, Standing, stateOf } from '../parts/badge.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { SourceLink } from '../parts/link.tsx';
import { Await, Empty } from '../parts/notice.tsx';
import { Proofs } from '../parts/proofs.tsx';
import { Receipts } from '../parts/receipts.tsx';
import { When } from '../parts/time.tsx';
import { decided } from '../store/live.ts';
import { useLoad } from '../store/load.ts';
import { now } from '../store/now.ts';
import { scopeWords } from '../words.ts';

/** One decision with its proof, down to the bytes, and the way to take it back. */
export function DecisionView({ id }: { id: string }) {
  const page = useLoad<DecisionPage>(() => `/why/${encodeURIComponent(id)}`, {
    everyMs: 15_000,
    news: decided,
  });
  const [asking, setAsking] = useState(false);
  return (
    <section class="page one" aria-label="Decision">
      <Await of={page} what="the decision">
        {(found) => {
          const { decision, ended, receipts, signals } = found;
          if (!decision) return <Empty>There is no such decision.</Empty>;
          return (
            <div class="scroll">
              <div class="title">
                <h1>
                  {actionWord(decision.action)} <SourceLink ip={decision.scope.source} /> on{' '}
                  {scopeWords(decision)}
                </h1>
                <Standing of={found} /> <Mode of={decision.mode} />
                {stateOf(found, now.value) === 'standing' && (
                  <button type="button" class="danger right" onClick={() => setAsking(true)}>
                    Revoke …
                  </button>
                )}
              </div>
              <p class="lead">
                <Hostile text={decision.reason} limit={1_024} />
              </p>
              <Facts>
                <Fact name="Decided">
                  <When time={decision.time} />
                </Fact>
                <Fact name={ended ? 'Ended' : 'Until'}>
                  {ended ? (
                    <>
                      {ended.how}, <When time={ended.time} />
                    </>
                  ) : (
                    <When time={decision.until} />
                  )}
                </Fact>
                <Fact name="Evidence">
                  <Evidence of={decision.evidence} words />
                </Fact>
                <Fact name="Decided by">
                  {decision.actor === 'policy' ? (
                    <>
                      policy <span class="mono">{decision.policy}</span>
                    </>
                  ) : (
                    <Hostile text={decision.actor} />
                  )}
                </Fact>
                <Fact name="Ports">
                  {decision.scope.ports.length === 0
                    ? 'all'
                    : `${decision.scope.transport ?? 'tcp'} ${decision.scope.ports.join(', ')}`}
                </Fact>
                <Fact name="Id">
                  <code>{decision.id}</code>
                </Fact>
              </Facts>
              <h2>Because</h2>
              {signals.length === 0 ? (
                <p class="notice">A person decided this.</p>
              ) : (
                <Proofs signals={signals} />
              )}
              <h2>Receipts</h2>
              <Receipts list={receipts} mode={decision.mode} />
              {asking && (
                <Confirm
                  title={`Revoke the deny of ${decision.scope.source}?`}
                  action="Revoke"
                  danger
                  onClose={() => setAsking(false)}
                  onConfirm={async (reason) => {
                    await send('POST', `/decisions/${decision.id}/revoke`, { reason });
                    await page.reload();
                  }}
                >
                  <p>
                    It stops on {scopeWords(decision)} at once, and the same source is spared for a while: a
                    revoked deny was no offence.
                  </p>
                </Confirm>
              )}
            </div>
          );
        }}
      </Await>
    </section>
  );
}
