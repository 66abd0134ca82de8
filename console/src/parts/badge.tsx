import type { Decision, StoredDecision } from '../answers.ts';
import { now } from '../store/now.ts';
import { evidenceWords } from '../words.ts';

/** How good the proof is: E0 to E5. */
export function Evidence({ of, words = false }: { of: string | null | undefined; words?: boolean }) {
  if (!of) return <span class="dim">–</span>;
  return (
    <span class={`badge evidence ${of.toLowerCase()}`} title={evidenceWords[of]}>
      {of}
      {words && <span class="words"> {evidenceWords[of]}</span>}
    </span>
  );
}

export function Severity({ of }: { of: string }) {
  return <span class={`badge severity ${of}`}>{of}</span>;
}

export function Mode({ of }: { of: string }) {
  return (
    <span
      class={`badge mode ${of}`}
      title={of === 'enforce' ? 'Denies are made true' : 'Decided, but nothing is blocked'}
    >
      {of === 'enforce' ? 'enforced' : 'simulated'}
    </span>
  );
}

/** Whether a decision stands, or how it ended. */
export function Standing({ of }: { of: StoredDecision }) {
  const state = stateOf(of, now.value);
  return <span class={`badge state ${state}`}>{state}</span>;
}

export function stateOf({ decision, ended }: StoredDecision, at: number): string {
  if (ended) return ended.how;
  return decision.until > at ? 'standing' : 'over';
}

/** ATT&CK technique ids. */
export function Techniques({ ids }: { ids: readonly string[] }) {
  return (
    <span class="techniques">
      {ids.map((id) => (
        <span key={id} class="badge technique" title={`MITRE ATT&CK technique ${id}`}>
          {id}
        </span>
      ))}
    </span>
  );
}

export const Protocol = ({ name, port }: { name: string; port?: number }) => (
  <span class={`protocol p-${/^[a-z]+$/.test(name) ? name : 'other'}`}>
    {name}
    {port !== undefined && <span class="dim">:{port}</span>}
  </span>
);

export const actionWord = (action: Decision['action']) =>
  ({ deny: 'Deny', throttle: 'Throttle', watch: 'Watch' })[action];
