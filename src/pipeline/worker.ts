// The worker thread that takes events in: intake and analysis, off the main event loop. One for what is live, one for each import.
// Long, since all that the thread holds is bound together here, by one commit.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createAnalysis, detectors, loadRules } from '../analysis/index.ts';
import { openEnrichment } from '../intake/enrich.ts';
import {
  DnstapLink,
  Intake,
  importFile,
  Journal,
  type Link,
  Rejects,
  readers,
  type Sealed,
  SensorLink,
} from '../intake/index.ts';
import { Fault } from '../kit/fault.ts';
import { createLog, sampled } from '../kit/log.ts';
import { type Origin, readRows } from '../lake/index.ts';
import type { Event } from '../model/event.ts';
import type { Signal } from '../model/signal.ts';
import { createFollowing } from './following.ts';
import type { FromIngest, IngestSetup, ToIngest } from './messages.ts';

const setup = workerData as IngestSetup;
const log = createLog('intake');
const port = parentPort!;
const say = (message: FromIngest) => port.postMessage(message);

const limits = {
  /** Sealed segments that wait for the lake; more is taken only when they have gone. */
  waiting: 16,
  /** How long after a failed write the next is tried. */
  retryMs: 1_000,
  /** Addresses whose network and country are remembered. */
  origins: 100_000,
  /** Events shown live, each second; what is over it is only counted. */
  shownPerSecond: 5_000,
};

const live = setup.files === undefined;
const nowhere: Origin = { asn: 0, country: '' };
const enrichment = setup.enrich ? openEnrichment() : null;
const origins = new Map<string, Origin>();
function origin(ip: string): Origin {
  if (!enrichment) return nowhere;
  let known = origins.get(ip);
  if (!known) {
    if (origins.size >= limits.origins) origins.clear();
    known = { asn: enrichment.asnOf(ip), country: enrichment.country(ip) };
    origins.set(ip, known);
  }
  return known;
}

const rules = setup.rulesFolders.flatMap((folder) => loadRules(folder));
const analysis = createAnalysis(setup.analyse === false ? [] : [...detectors, ...rules], {
  detectors: setup.detectors,
  log,
});
const rejects = new Rejects(setup.rejectFile);
const journal = new Journal({
  folder: setup.journalFolder,
  segmentRows: setup.segmentRows,
  segmentBytes: setup.segmentBytes,
});
const intake = new Intake({
  run: setup.run,
  // Grows from start to start, as long as less than a million events a second come.
  firstSeq: Date.now() * 1_000,
  journal,
  origin,
  analyse: (event, name) => analysis.push(event, name),
});
const waiting = new Map<string, Sealed>();
const links = new Map<number, Link>();
const leaving: number[] = [];
/** Told when a segment has gone to the lake. */
let room: (() => void) | null = null;
/** What sensors sent while the lake was too far behind: until this is told, no more is read from them, and they spool. */
const held: FromIngest[] = [];

function tellSignals(signals: Signal[]): void {
  if (signals.length === 0) return;
  const networks: Record<string, number> = {};
  for (const { subject } of signals)
    if (subject.type === 'ip') networks[subject.value] = origin(subject.value).asn;
  say({ type: 'signals', signals, networks });
}

/** Lets the sensors send on, unless the lake is too far behind or the journal cannot be written. */
function release(): void {
  if (failing || waiting.size >= limits.waiting) return;
  for (const took of held.splice(0)) say(took);
}

function seal(overlaps: boolean): void {
  const segment = intake.seal();
  if (segment) hand(segment, overlaps);
}

function hand(segment: Sealed, overlaps: boolean): void {
  waiting.set(segment.token, segment);
  say({ type: 'sealed', segment, overlaps });
}

/** One commit for all that came since the last: the more comes, the more each sync carries. */
let scheduled = false;
/** Why the journal cannot be written, while it cannot. */
let failing: string | null = null;
let openedAt = 0;
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    try {
      commit();
      if (failing) log.info('the journal can be written again');
      failing = null;
      release();
    } catch (cause) {
      // A full disk: nothing is acknowledged and nothing more is read, so that the sensors keep what they have.
      if (!failing) log.error('the journal could not be written; it is tried again', { cause });
      failing = cause instanceof Error ? cause.message : String(cause);
      setTimeout(schedule, limits.retryMs).unref();
    }
  });
}

function show(event: Event, events: Event[]): void {
  if (shown++ < limits.shownPerSecond) events.push(event);
  else unshown++;
}

let unshown = 0;
let shown = 0;
let shownSince = 0;
function commit(): void {
  const positions = Object.assign(
    following.positions(),
    ...[...links.values()].map((link) => link.positions),
  );
  if (journal.openRows === 0) openedAt = Date.now();
  const signals = intake.commit(positions, true);
  const events: Event[] = [];
  if (Date.now() - shownSince > 1_000) {
    shown = 0;
    shownSince = Date.now();
  }
  for (const link of links.values()) {
    for (const event of link.taken) show(event, events);
    link.acknowledge();
  }
  for (const event of following.taken()) show(event, events);
  for (const link of leaving.splice(0)) links.delete(link);
  tellSignals(signals);
  if (events.length > 0) say({ type: 'events', events });
  if (journal.full) seal(false);
}

function counters(): void {
  say({
    type: 'counters',
    counters: {
      events: intake.events,
      rejected: rejects.count,
      reasons: rejects.reasons,
      waiting: waiting.size,
      unshown,
      failing,
      faults: analysis.faults(),
      unreadable: following.unreadable(),
    },
  });
}

let latestBug: unknown;
const sayBug = sampled((count) =>
  log.error('a line or frame was passed over: a bug', { count, error: latestBug }),
);
function bug(error: unknown): void {
  latestBug = error;
  sayBug();
}

const following = createFollowing({
  ...{ intake, rejects, journal, log, bug, schedule },
  files: setup.follow ?? [],
  /** Only when all before is durable, and the lake keeps up. */
  free: () => !scheduled && !failing && waiting.size < limits.waiting,
});

/** The last event that the detectors were shown from the lake: a segment that is there and also here is not shown twice. */
let warmed = 0;

/** What the journal still held after a crash: shown to the detectors, then given to the lake. */
function recover(): void {
  for (const segment of journal.recovered) {
    for (const { event, seq } of readRows(readFileSync(segment.path))) if (seq > warmed) replay(event);
    hand(segment, true);
  }
}

function replay(event: Event): void {
  const signals = analysis.push(event);
  tellSignals(signals);
}

function openLink({ link, sensor, protocol }: Extract<ToIngest, { type: 'link' }>): Link {
  const send = (line: string | Uint8Array) => say({ type: 'say', link, line });
  const common = { intake, rejects, now: Date.now, send };
  if (protocol === 'sensor') return new SensorLink({ ...common, sensor, positions: journal.positions });
  return new DnstapLink({ ...common, bug, source: sensor, connection: `${Date.now()} ${link}` });
}

function onMessage(message: ToIngest): void {
  switch (message.type) {
    case 'warm':
      warmed = message.lastSeq;
      for (const event of message.events) replay(event);
      break;
    case 'start':
      recover();
      following.start();
      say({ type: 'ready', recovered: journal.recovered.length, cut: journal.cut });
      break;
    case 'link':
      links.set(message.link, openLink(message));
      break;
    case 'bytes':
      try {
        links
          .get(message.link)
          ?.bytes(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.length));
      } catch (cause) {
        log.error('a sensor or a resolver does not speak its protocol', { link: message.link, cause });
        say({
          type: 'broken',
          link: message.link,
          reason: cause instanceof Error ? cause.message : 'unknown',
        });
      }
      held.push({ type: 'took', link: message.link, bytes: message.bytes.length });
      release();
      schedule();
      break;
    case 'gone':
      // Its last positions go with the next commit.
      links.get(message.link)?.end();
      leaving.push(message.link);
      schedule();
      break;
    case 'loaded': {
      const segment = waiting.get(message.token);
      waiting.delete(message.token);
      if (segment) journal.loaded(segment);
      if (waiting.size < limits.waiting) {
        room?.();
        release();
      }
      break;
    }
    case 'stop':
      stop();
      break;
  }
}

function stop(): void {
  if (live) commit();
  following.close();
  journal.close();
  rejects.close();
  counters();
  say({ type: 'stopped' });
  port.close();
}

async function runImport(): Promise<void> {
  const now = setup.now ?? Date.now();
  recover();
  for (const file of setup.files!) {
    const reader = file.format ? readers.find(({ name }) => name === file.format) : undefined;
    const result = await importFile(
      { path: file.path, ...(reader && { reader }), ...(file.source && { source: file.source }) },
      intake,
      {
        now,
        rejects,
        ...(setup.shard && { shard: setup.shard }),
        async progress(bytes, lines) {
          const signals = intake.commit({}, false);
          tellSignals(signals);
          if (journal.full) seal(true);
          say({ type: 'progress', file: file.path, bytes, lines, events: intake.events });
          while (waiting.size >= limits.waiting) await new Promise<void>((resolve) => (room = resolve));
        },
      },
    );
    const signals = intake.commit({}, true);
    tellSignals(signals);
    say({ type: 'imported', result });
  }
  seal(true);
  while (waiting.size > 0) await new Promise<void>((resolve) => (room = resolve));
  stop();
}

port.on('message', onMessage);
if (live) {
  setInterval(
    () => {
      counters();
      if (journal.openRows > 0 && waiting.size < 2 && Date.now() - openedAt >= setup.segmentAgeMs)
        seal(false);
    },
    Math.min(setup.segmentAgeMs, 500),
  ).unref();
} else {
  runImport().catch((cause: unknown) => {
    const code = cause instanceof Fault ? cause.code : 'internal';
    say({ type: 'failed', code, message: cause instanceof Error ? cause.message : String(cause) });
    port.close();
  });
}
