import type { NeverBlockVerdict } from '../answers.ts';
import { Hostile } from './hostile.tsx';

/** What the never-block list says of an address. */
export function Verdict({ of }: { of: NeverBlockVerdict }) {
  if (of.verdict === 'clear') return <span class="badge never clear">may be denied</span>;
  if (of.verdict === 'unavailable') {
    return (
      <span class="badge never unavailable">
        never-block unavailable: <Hostile text={of.reason} />
      </span>
    );
  }
  const { entry } = of;
  return (
    <span class={`badge never ${of.verdict}`} title={`${entry.owner}: ${entry.block}`}>
      {of.verdict === 'hard' ? 'never denied' : `denied with care (${entry.most})`}:{' '}
      <Hostile text={entry.reason} limit={90} />
    </span>
  );
}
