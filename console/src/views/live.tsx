import type { Decision, LiveMessage } from '../answers.ts';
import { Evidence, Mode, Protocol, Severity } from '../parts/badge.tsx';
import { Activity } from '../parts/chart.tsx';
import { Deed } from '../parts/deed.tsx';
import { Hostile } from '../parts/hostile.tsx';
import { Link, SourceLink, toDecision, toFinding } from '../parts/link.tsx';
import { Empty } from '../parts/notice.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { Clock } from '../parts/time.tsx';
import { heldCount, type LiveRow, limits, paused, rows, togglePause } from '../store/live.ts';
import { param } from '../store/place.ts';
import { origins } from '../store/places.ts';
import { deed, duration, scopeWords, terse, verb } from '../words.ts';
import { Now } from './now.tsx';

const filter = param('q');
const show = param('show', 'all');

const shows = [
  ['all', 'All'],
  ['deeds', 'Deeds'],
  ['verdicts', 'Verdicts'],
] as const;

/** What attackers do, as it happens, newest on top. */
export function Live() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.value.filter((row) => wanted(row) && words.every((word) => matches(row, word)));
  return (
    <div class="live">
      <section class="stream" aria-label="Live stream">
        <div class="bar">
          <Search label="Filter" value={filter.value} onChange={(text) => (filter.value = text)} />
          <Choice label="Show" value={show.value} options={shows} onChange={(to) => (show.value = to)} />
          <button
            type="button"
            aria-pressed={paused.value}
            class={paused.value ? 'held' : ''}
            onClick={togglePause}
            title="Key p"
          >
            {paused.value ? `Resume · ${heldCount.value} new` : 'Pause'}
          </button>
          <span class="dim right">
            {shown.length} of the latest {rows.value.length} · UTC
          </span>
        </div>
        <div class="scroll">
          <table class="rows stream-table">
            <thead>
              <tr>
                <th scope="col" class="t-time">
                  Time
                </th>
                <th scope="col" class="t-who">
                  Source
                </th>
                <th scope="col" class="t-what">
                  Service
                </th>
                <th scope="col">What they did</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.key} row={row} />
              ))}
            </tbody>
          </table>
          {shown.length === 0 && (
            <Empty>
              {rows.value.length === 0
                ? 'Nothing has happened yet. Touch a decoy, and it shows here within a second.'
                : 'Nothing among the latest matches the filter.'}
            </Empty>
          )}
          {rows.value.length >= limits.rows && (
            <p class="notice dim">Older rows are left out here; the sources have everything.</p>
          )}
        </div>
      </section>
      <aside class="side" aria-label="Now">
        <Activity />
        <Now />
        <p class="keys dim">
          <kbd>1</kbd>–<kbd>5</kbd> views <kbd>/</kbd> filter <kbd>p</kbd> pause <kbd>j</kbd> <kbd>k</kbd>{' '}
          rows
        </p>
      </aside>
    </div>
  );
}

function Row({ row }: { row: LiveRow }) {
  const { service, ip, what } = cells(row);
  return (
    <tr class={`row-${row.type}`}>
      <td>
        <Clock time={row.at} />
      </td>
      <td>{ip && <SourceLink ip={ip} country={origins.value.get(ip)?.country ?? ''} />}</td>
      <td>{service}</td>
      <td class="what">{what}</td>
    </tr>
  );
}

function cells(row: LiveMessage) {
  if (row.type === 'event') {
    const { event } = row;
    return {
      ip: event.src.ip,
      service: <Protocol name={event.protocol} port={event.dst.port} />,
      what: <Deed event={event} limit={140} />,
    };
  }
  if (row.type === 'decision') {
    const { decision, ended } = row;
    return {
      ip: decision.scope.source,
      service: <span class="badge verdict">{ended ? 'ended' : decision.action}</span>,
      what: (
        <Link to={toDecision(decision.id)} class="verdict-line">
          <Evidence of={decision.evidence} /> <Mode of={decision.mode} /> {scopeWords(decision)}{' '}
          <span class="dim">
            {ended ?? `for ${duration(decision.until - decision.time)}`} ·{' '}
            <Hostile text={byWhom(decision)} limit={60} />
          </span>
        </Link>
      ),
    };
  }
  if (row.type === 'finding') {
    const { finding } = row;
    return {
      ip: finding.subject.type === 'ip' ? finding.subject.value : null,
      service: <span class="badge finding">finding</span>,
      what: (
        <Link to={toFinding(finding.id)} class="verdict-line">
          <Severity of={finding.severity} /> <Evidence of={finding.evidence} />{' '}
          <Hostile text={terse(finding.title, finding.subject.value)} limit={160} />
        </Link>
      ),
    };
  }
  return { ip: null, service: <span class="badge alarm">alarm</span>, what: <Hostile text={row.text} /> };
}

function byWhom({ actor, policy }: Decision): string {
  return actor === 'policy' ? policy : `by ${actor}`;
}

function wanted(row: LiveRow): boolean {
  if (show.value === 'verdicts') return row.type !== 'event';
  if (show.value === 'deeds')
    return row.type === 'event' && row.event.kind !== 'connect' && row.event.kind !== 'close';
  return true;
}

function matches(row: LiveRow, word: string): boolean {
  return textOf(row).includes(word);
}

/** What the filter looks through, made once a row. */
const texts = new WeakMap<LiveRow, string>();
function textOf(row: LiveRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = describe(row).toLowerCase();
    texts.set(row, text);
  }
  return text;
}

function describe(row: LiveRow): string {
  if (row.type === 'event') {
    const { event } = row;
    const country = origins.peek().get(event.src.ip)?.country ?? '';
    return `${event.src.ip} ${country} ${event.protocol} ${event.dst.port} ${event.kind} ${verb(event)} ${deed(event)}`;
  }
  if (row.type === 'decision')
    return `decision ${row.decision.action} ${row.decision.scope.source} ${row.decision.policy} ${row.decision.evidence} ${row.decision.reason}`;
  if (row.type === 'finding')
    return `finding ${row.finding.severity} ${row.finding.title} ${row.finding.type}`;
  return `alarm ${row.text}`;
}
