import type { Receipt } from '../answers.ts';
import { Hostile } from './hostile.tsx';
import { When } from './time.tsx';

/** What each enforcer did with a decision, and read back. */
export function Receipts({ list, mode }: { list: readonly Receipt[]; mode: string }) {
  if (list.length === 0) {
    return (
      <p class="notice">
        {mode === 'simulate' ? 'Simulated: no enforcer was told.' : 'No enforcer has answered for it (yet).'}
      </p>
    );
  }
  return (
    <div class="inset">
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Enforcer</th>
            <th scope="col">State</th>
            <th scope="col">What was read back</th>
          </tr>
        </thead>
        <tbody>
          {list.map((one) => (
            <tr key={`${one.time} ${one.enforcer} ${one.state}`}>
              <td>
                <When time={Number(one.time)} />
              </td>
              <td class="mono">{one.enforcer}</td>
              <td>
                <span class={`badge receipt ${one.state}`}>{one.state.replace('_', ' ')}</span>
              </td>
              <td>
                <Hostile text={one.reason || '–'} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
