import type { Event, EventOf } from '../model/event.ts';
import type { EvidenceClass, Target } from '../model/signal.ts';
import type { Ref } from './detector.ts';
import { downloadsAndRuns } from './download-and-run.ts';
import { Recent } from './recent.ts';
import { browserRefuses, thirdPartyCouldSend } from './requester.ts';
import { plainWeb } from './web-text.ts';

export interface Evidence {
  /** Must see every event once and in order, before anyone asks for a reference to it: it remembers who speaks HTTP in a session. */
  observe(event: Event): void;
  classOf(event: Event): EvidenceClass;
  /** What a claim keeps of an event. Nothing else in the program can make one. */
  ref(event: Event): Ref;
}

/** HTTP sessions remembered at a time; a forgotten one counts as a browser's, which is the careful side. */
const sessionLimit = 100_000;
/** How long a quiet session is remembered, in milliseconds. */
const sessionMs = 3_600_000;
/** Different targets remembered, so that references share them; over it, all are forgotten. */
const targetLimit = 10_000;

/** Gives each event its evidence class; `docs/evidence.md` has the reasons. */
export function createEvidence(): Evidence {
  /** True where all requests of a session so far were of a client that nobody else can steer. */
  const own = new Recent<boolean>(sessionLimit, sessionMs);
  const targets = new Map<string, Target>();
  let last: Target = { sensor: '', decoy: false, protocol: '', transport: 'tcp', port: -1 };

  const ownWords = (event: Event) => own.get(keyOf(event), event.time) === true;

  function classOf(event: Event): EvidenceClass {
    if (event.handshake === 'none' || event.handshake === 'relayed') return 'E1';
    switch (event.kind) {
      case 'flow':
        return 'E2';
      case 'answer':
      case 'certificate':
        return 'E1';
      case 'request':
        return thirdPartyCouldSend(event) ? 'E2' : proven(event);
      case 'access':
        return thirdPartyCouldSend(event) ? 'E2' : proven(event);
      case 'connect':
      case 'close':
        // A page can make a browser open a connection to any port but those that browsers refuse.
        return browserRefuses(event.dst.port) || ownWords(event) ? 'E3' : 'E2';
      default:
        return isHttp(event) && !ownWords(event) ? 'E2' : proven(event);
    }
  }

  function target(event: Event): Target {
    const { sensor, decoy, protocol, transport } = event;
    const { port } = event.dst;
    if (
      last.port === port &&
      last.sensor === sensor &&
      last.protocol === protocol &&
      last.decoy === decoy &&
      last.transport === transport
    )
      return last;
    const key = `${port}/${transport} ${decoy} ${protocol}\n${sensor}`;
    let found = targets.get(key);
    if (found === undefined) {
      if (targets.size >= targetLimit) targets.clear();
      found = { sensor, decoy, protocol, transport, port };
      targets.set(key, found);
    }
    last = found;
    return found;
  }

  return {
    observe(event) {
      if (event.kind !== 'request') return;
      const key = keyOf(event);
      own.set(key, own.get(key, event.time) !== false && !thirdPartyCouldSend(event));
    },
    classOf,
    // The brand is a type alone; this is the one place that gives it.
    ref: (event) => ({ id: event.id, evidence: classOf(event), target: target(event) }) as Ref,
  };
}

function keyOf(event: Event): string {
  return `${event.session}\n${event.sensor}`;
}

/** Whether a request carries a command that fetches and runs, in its target, its body or a header (Shellshock, Log4Shell). */
export function requestRuns({ target, body, headers }: EventOf<'request'>): boolean {
  if (downloadsAndRuns(plainWeb(target)) || (body !== undefined && downloadsAndRuns(plainWeb(body))))
    return true;
  for (const [, value] of headers) if (value.length > 20 && downloadsAndRuns(value)) return true;
  return false;
}

function isHttp(event: Event): boolean {
  return event.protocol === 'http' || event.protocol === 'https';
}

/** The class of an act whose words are the source's own. */
function proven(
  event: Exclude<Event, EventOf<'connect' | 'close' | 'flow' | 'answer' | 'certificate'>>,
): EvidenceClass {
  if (event.detail?.honeytoken === true) return 'E5';
  if (!event.decoy) return 'E3';
  switch (event.kind) {
    case 'upload':
      return 'E5';
    case 'command':
      return downloadsAndRuns(event.input) ? 'E5' : 'E4';
    case 'request':
      return requestRuns(event) ? 'E5' : 'E4';
    default:
      return 'E4';
  }
}
