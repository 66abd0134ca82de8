import { alarm } from '../store/live.ts';
import { now } from '../store/now.ts';
import { status } from '../store/status.ts';
import { Hostile } from './hostile.tsx';
import { Link } from './link.tsx';
import { Ago } from './time.tsx';

/** How long an alarm stays on the screen, in milliseconds. */
const alarmMs = 120_000;

/** What nobody may overlook, above every view. */
export function Banners() {
  const current = status.value;
  const { killSwitch, breaker, troubles = [] } = current ?? {};
  const bell = alarm.value && now.value - alarm.value.time < alarmMs ? alarm.value : null;
  // The two switches have banners of their own.
  const rest = troubles.filter((one) => !/^The (kill switch|breaker) /.test(one));
  return (
    <div class="banners" aria-live="assertive">
      {killSwitch?.set && (
        <p class="banner kill">
          <strong>Kill switch set.</strong> Nothing is denied.{' '}
          {killSwitch.emptied
            ? 'Every set was read back empty.'
            : 'Waiting for proof that every set is empty.'}{' '}
          <Link to="/system">System</Link>
        </p>
      )}
      {breaker?.open && (
        <p class="banner kill">
          <strong>Breaker open.</strong> Nothing new is denied until a person resets it.{' '}
          <Link to="/system">System</Link>
        </p>
      )}
      {rest.map((text) => (
        <p class="banner trouble" key={text}>
          <Hostile text={text} />
        </p>
      ))}
      {bell && (
        <p class="banner bell">
          <span>
            <Hostile text={bell.text} />{' '}
            <span class="dim">
              <Ago time={bell.time} />
            </span>
          </span>
          <button type="button" class="quiet" onClick={() => (alarm.value = null)}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
