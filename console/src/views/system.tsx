import type { Status } from '../answers.ts';
import { Fact, Facts } from '../parts/facts.tsx';
import { Feeds } from '../parts/feeds.tsx';
import { Fleet } from '../parts/fleet.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { NeverBlock } from '../parts/never-block.tsx';
import { Fault } from '../parts/notice.tsx';
import { Switches } from '../parts/switches.tsx';
import { status, statusFault } from '../store/status.ts';
import { bytes, count } from '../words.ts';

/** What runs, what is wrong, and the switches. */
export function System() {
  const now = status.value;
  return (
    <section class="page one" aria-label="System">
      {statusFault.value && <Fault text={statusFault.value} />}
      {now ? (
        <div class="scroll">
          <div class="title">
            <h1>System</h1>
            <span class="dim">
              Caltrop {now.version} · {now.profile} profile
            </span>
          </div>
          {now.troubles.length > 0 ? (
            <ul class="troubles">
              {now.troubles.map((text) => (
                <li key={text}>
                  <Hostile text={text} />
                </li>
              ))}
            </ul>
          ) : (
            <p class="lead good">Everything runs.</p>
          )}
          <Switches status={now} />
          <div class="cards">
            <Sensor of={now.sensor} />
            <Intake of={now} />
            <Verdicts of={now} />
            <Stores of={now} />
          </div>
          <Fleet status={now} />
          <h2>Feeds</h2>
          <Feeds />
          <h2>Never-block list</h2>
          <NeverBlock />
        </div>
      ) : (
        <p class="notice">Loading the status …</p>
      )}
    </section>
  );
}

function Yes({ of, yes, no }: { of: boolean; yes: string; no: string }) {
  return <span class={`badge ${of ? 'yes' : 'no'}`}>{of ? yes : no}</span>;
}

function Sensor({ of }: { of: Status['sensor'] }) {
  if (!of) {
    return (
      <section class="card">
        <h3>Sensor</h3>
        <p class="dim">None runs here.</p>
      </section>
    );
  }
  const { isolation, counters } = of;
  return (
    <section class="card">
      <h3>
        Sensor <span class="mono">{of.name}</span> <Yes of={of.running} yes="running" no="not running" />
      </h3>
      <Facts>
        <Fact name="Isolation">
          <Yes of={isolation.uid} yes="own user" no="our user" />{' '}
          <Yes of={isolation.network} yes="no way out" no="may dial out" />{' '}
          <Yes of={isolation.permissions} yes="no files" no="files" />
          {isolation.reasons.map((reason) => (
            <p class="dim" key={reason}>
              {reason}
            </p>
          ))}
        </Fact>
        <Fact name="Personas">
          {of.machines.map(({ name, kind, hosts }) => (
            <span class="mono service" key={hosts.join(' ')}>
              {kind} <span class="dim">{name}</span> {hosts.join(', ')}
            </span>
          ))}
        </Fact>
        <Fact name="Services">
          {of.services.map(({ emulator, host, port, transport }) => (
            <span class="mono service" key={`${emulator} ${host} ${port} ${transport}`}>
              {emulator} <span class="dim">{host}:</span>
              {port}
              {transport === 'udp' && '/udp'}
            </span>
          ))}
        </Fact>
        <Fact name="Connections">
          {num(counters.active)} now, {num(counters.accepted)} in all, {num(counters.refusedSource)} +{' '}
          {num(counters.refusedFull)} refused
        </Fact>
        <Fact name="Spool">
          {bytes(Number(counters.spoolBytes ?? 0))}, {num(counters.unacknowledged)} B unacknowledged,{' '}
          {num(counters.eventsDropped)} events lost
        </Fact>
        <Fact name="Payloads">
          {num(counters.payloadsKept)} kept, {bytes(Number(counters.payloadBytes ?? 0))},{' '}
          {num(counters.payloadsTooLarge)} too large, {num(counters.payloadsLost)} lost
        </Fact>
        <Fact name="Memory">
          {bytes(Number(counters.rssBytes ?? 0))}, started {of.starts} ×
        </Fact>
      </Facts>
    </section>
  );
}

function Intake({ of }: { of: Status }) {
  const { intake } = of;
  const faults = Object.entries(intake?.faults ?? {}).filter(([, times]) => times > 0);
  return (
    <section class="card">
      <h3>Intake and analysis</h3>
      {intake ? (
        <Facts>
          <Fact name="Events">{count(intake.events)} since the start</Fact>
          <Fact name="Rejected">
            {count(intake.rejected)}
            {Object.entries(intake.reasons).map(([reason, times]) => (
              <p class="dim" key={reason}>
                <Hostile text={reason} /> {count(times)} ×
              </p>
            ))}
          </Fact>
          <Fact name="Waiting">{count(intake.waiting)} segments in the journal</Fact>
          <Fact name="Not shown live">{count(intake.unshown)} events, for they were too many at once</Fact>
          <Fact name="Detectors">
            {Object.keys(intake.faults).length} run
            {faults.length === 0 ? ', without a fault' : ''}
            {faults.map(([name, times]) => (
              <p class="bad" key={name}>
                {name} failed {count(times)} ×
              </p>
            ))}
          </Fact>
        </Facts>
      ) : (
        <p class="dim">No counters yet.</p>
      )}
    </section>
  );
}

function Verdicts({ of }: { of: Status }) {
  return (
    <section class="card">
      <h3>Decision and enforcement</h3>
      <Facts>
        <Fact name="Mode">
          {of.mode === 'enforce' ? 'decisions are enforced' : 'decisions are simulated'}
        </Fact>
        <Fact name="Standing">
          {count(of.decisions.standing)}, of these {count(of.decisions.enforced)} enforced
        </Fact>
        <Fact name="Enforcers">
          {of.enforcers.length > 0 ? (
            <span class="mono">{of.enforcers.join(', ')}</span>
          ) : (
            'none is switched on'
          )}
        </Fact>
        <Fact name="Never-block">{count(of.neverBlock.entries)} entries</Fact>
        <Fact name="Breaker">{of.breaker.open ? 'open' : 'closed'}</Fact>
      </Facts>
    </section>
  );
}

function Stores({ of }: { of: Status }) {
  return (
    <section class="card">
      <h3>Stores</h3>
      <Facts>
        <Fact name="Lake">
          {of.lake.fault ? (
            <span class="bad">
              <Hostile text={of.lake.fault} />
            </span>
          ) : (
            <>
              {count(of.lake.events ?? 0)} events, {of.lake.embedded ? 'embedded' : 'remote'}
            </>
          )}
        </Fact>
        <Fact name="Waiting">{count(of.lake.waiting)} segments to load</Fact>
        <Fact name="State">{of.state.embedded ? 'embedded' : 'remote'}</Fact>
        <Fact name="Disk">{bytes(of.disk.free)} free</Fact>
      </Facts>
    </section>
  );
}

function num(value: number | boolean | undefined): string {
  return count(Number(value ?? 0));
}
