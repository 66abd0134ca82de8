import type { ActorPage } from '../answers.ts';
import { Fact, Facts } from '../parts/facts.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { SourceLink } from '../parts/link.tsx';
import { Await } from '../parts/notice.tsx';
import { PayloadLink } from '../parts/payload.tsx';
import { SessionRows } from '../parts/session-rows.tsx';
import { Ago, When } from '../parts/time.tsx';
import { useLoad } from '../store/load.ts';
import { count, plural } from '../words.ts';

/** One actor: its addresses and why they are taken for one, what they share, and what they did. */
export function ActorView({ id }: { id: string }) {
  const page = useLoad<ActorPage>(() => `/actors/${encodeURIComponent(id)}`, { everyMs: 15_000 });
  return (
    <section class="page one" aria-label="Actor">
      <Await of={page} what="the actor">
        {(actor) => (
          <div class="scroll">
            <div class="title">
              <h1 class="mono">{actor.id}</h1>
            </div>
            <Summary actor={actor} />
            <h2>Why they are one</h2>
            <div class="inset">
              <Joins list={actor.joins} />
            </div>
            <h2>Addresses</h2>
            <div class="inset">
              <table class="rows">
                <tbody>
                  {actor.seen.map((one) => (
                    <tr key={one.ip}>
                      <td>
                        <SourceLink ip={one.ip} />
                      </td>
                      <td class="num">{plural(one.sessions, 'session')}</td>
                      <td class="dim">
                        <Ago time={one.last} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <h2>Sessions</h2>
            <div class="inset">
              <SessionRows list={actor.latest} source />
            </div>
          </div>
        )}
      </Await>
    </section>
  );
}

function Summary({ actor }: { actor: ActorPage }) {
  const all = (of: (one: ActorPage['latest'][number]) => readonly string[]) => [
    ...new Set(actor.latest.flatMap(of)),
  ];
  const payloads = all(({ traces }) => traces.payloads);
  const keys = all(({ traces }) => traces.keys);
  const sequences = all(({ sequence }) => (sequence ? [sequence.value] : []));
  return (
    <Facts>
      <Fact name="First seen">
        <When time={actor.first} />
      </Fact>
      <Fact name="Last seen">
        <When time={actor.last} />
      </Fact>
      <Fact name="Seen">
        {plural(actor.sessions, 'session')} from {plural(actor.addresses, 'address')}
      </Fact>
      <Fact name="Kinds">
        <Hostile text={tally(actor.kinds)} />
      </Fact>
      <Fact name="Labels">
        <Hostile text={tally(actor.labels)} />
      </Fact>
      <Fact name="Tools">
        <Hostile text={tally(actor.tools)} />
      </Fact>
      {keys.length > 0 && <Values name="Keys" of={keys} />}
      {sequences.length > 0 && <Values name="Sequences" of={sequences} />}
      {payloads.length > 0 && (
        <Fact name="Payloads">
          <span class="list">
            {payloads.slice(0, shown).map((sha256) => (
              <PayloadLink key={sha256} sha256={sha256} />
            ))}
          </span>
        </Fact>
      )}
    </Facts>
  );
}

const shown = 24;

function Values({ name, of }: { name: string; of: readonly string[] }) {
  return (
    <Fact name={name}>
      <span class="list">
        {of.slice(0, shown).map((one) => (
          <Hostile key={one} text={one} limit={64} />
        ))}
      </span>
    </Fact>
  );
}

function Joins({ list }: { list: ActorPage['joins'] }) {
  return (
    <table class="rows">
      <tbody>
        {list.map((one, i) => (
          <tr key={`${one.by} ${one.a} ${one.b} ${i}`}>
            <td>{one.by}</td>
            <td>
              <SourceLink ip={one.a} />
            </td>
            <td>
              <SourceLink ip={one.b} />
            </td>
            <td class="wide">
              <Hostile text={one.value} limit={100} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function tally(counts: Record<string, number>): string {
  const words = Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, n]) => `${name} (${count(n)})`);
  return words.join(', ') || '–';
}
