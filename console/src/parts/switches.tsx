import { useState } from 'preact/hooks';
import type { Status } from '../answers.ts';
import { send } from '../api.ts';
import { refreshStatus } from '../store/status.ts';
import { Confirm } from './confirm.tsx';
import { Hostile } from './hostile.tsx';

type Asking = 'stop' | 'resume' | 'reset' | null;

/** The kill switch with its proof, and the breaker. */
export function Switches({ status }: { status: Status }) {
  const [asking, setAsking] = useState<Asking>(null);
  const { killSwitch, breaker } = status;
  const done = () => setAsking(null);
  return (
    <div class={`card switch ${killSwitch.set ? 'set' : ''}`}>
      <div class="grow">
        <h3>Kill switch {killSwitch.set ? 'is set' : 'is not set'}</h3>
        <p class="dim">
          {killSwitch.set
            ? killSwitch.emptied
              ? 'Nothing is denied: every set of every enforcer was emptied, and read back empty.'
              : 'The sets are being emptied; the proof has not come yet.'
            : 'It empties every set of every enforcer at once. Sensors and findings go on.'}
        </p>
        {killSwitch.note && <Note text={killSwitch.note} />}
        {breaker.open && (
          <>
            <h3>Breaker is open</h3>
            {breaker.note && <Note text={breaker.note} />}
          </>
        )}
      </div>
      {breaker.open && (
        <button type="button" onClick={() => setAsking('reset')}>
          Reset the breaker …
        </button>
      )}
      {killSwitch.set ? (
        <button type="button" class="primary" onClick={() => setAsking('resume')}>
          Let decisions be enforced …
        </button>
      ) : (
        <button type="button" class="danger" onClick={() => setAsking('stop')}>
          Deny nothing any more …
        </button>
      )}
      {asking === 'stop' && (
        <Confirm
          title="Set the kill switch?"
          action="Deny nothing"
          danger
          onClose={done}
          onConfirm={async (reason) => {
            const { emptied } = await send<{ emptied: boolean }>('POST', '/kill-switch', { reason });
            await refreshStatus();
            if (!emptied)
              throw new Error('It is set, but the proof that every set is empty has not come yet.');
          }}
        >
          <p>Every deny ends at once, everywhere, until a person takes this back.</p>
        </Confirm>
      )}
      {asking === 'resume' && (
        <Confirm
          title="Take the kill switch back?"
          action="Enforce again"
          onClose={done}
          onConfirm={async (reason) => {
            await send('DELETE', '/kill-switch', { reason });
            await refreshStatus();
          }}
        >
          <p>{status.decisions.enforced} standing decisions take effect again.</p>
        </Confirm>
      )}
      {asking === 'reset' && (
        <Confirm
          title="Reset the breaker?"
          action="Reset"
          onClose={done}
          onConfirm={async (reason) => {
            await send('DELETE', '/breaker', { reason });
            await refreshStatus();
          }}
        >
          <p>New denies are made again. Look first at why there were so many.</p>
        </Confirm>
      )}
    </div>
  );
}

/** What was written when a switch was set: who, when and why, or whatever a person put into the file. */
function Note({ text }: { text: string }) {
  let said = text;
  try {
    const { actor, reason, time } = JSON.parse(text) as Record<string, string>;
    if (actor && reason) said = `${actor}, ${time}: ${reason}`;
  } catch {
    // Set by hand: shown as it is.
  }
  return (
    <p>
      <Hostile text={said} />
    </p>
  );
}
