import type { Status } from '../answers.ts';
import { bytes, count, relative } from '../words.ts';

/** The sensors on other machines, and how far each is behind. */
export function Fleet({ status: { fleet, now } }: { status: Status }) {
  if (fleet.length === 0) return null;
  return (
    <>
      <h2>Fleet</h2>
      <div class="inset">
        <table class="rows">
          <thead>
            <tr>
              <th>Sensor</th>
              <th>State</th>
              <th>Version</th>
              <th>Configuration</th>
              <th>Services</th>
              <th>Isolation</th>
              <th>Behind</th>
              <th>Seen</th>
            </tr>
          </thead>
          <tbody>
            {fleet.map(({ name, state, serial, lastSeen, health }) => (
              <tr key={name}>
                <td class="mono">{name}</td>
                <td>
                  <span class={`badge ${state === 'well' ? 'yes' : 'no'}`}>{state}</span>
                </td>
                <td>{health?.version}</td>
                <td>{health ? `${health.config} of ${serial}` : serial}</td>
                <td>{health?.services}</td>
                <td>{health?.isolation.join(', ')}</td>
                <td>
                  {health &&
                    `${count(Number(health.counters.spooled ?? 0))} events, ${bytes(Number(health.counters.spoolBytes ?? 0))}`}
                </td>
                <td>{lastSeen === null ? 'never' : relative(lastSeen, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
