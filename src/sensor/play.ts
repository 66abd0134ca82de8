import { createHash } from 'node:crypto';
import { Bounded } from '../kit/bounded.ts';
import { manualClock } from '../kit/clock.ts';
import { silentLog } from '../kit/log.ts';
import { printable } from '../kit/printable.ts';
import { seeded } from '../kit/seeded.ts';
import { orderedUuidv7 } from '../kit/uuid.ts';
import { type Body, type Event, headSchema } from '../model/event.ts';
import type { Emulator, StreamEmulator } from './emulator.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { Memory } from './memory.ts';
import type { Persona } from './persona.ts';
import { createPersona, defaultKind } from './personas.ts';
import { type Peer, Session, type Surroundings } from './session.ts';
import { DatagramDoor } from './udp/door.ts';

/** What a play can be told; everything else is the same each time. */
export interface Stage {
  options?: Record<string, unknown>;
  seed?: string;
  kind?: string;
  memory?: Memory;
  limits?: Partial<Limits>;
  now?: number;
}

/** One talk with an emulator, without a network: nothing waits, and the same words always get the same answers. */
export interface Talk {
  events: Event[];
  payloads: Map<string, Buffer>;
  faults: unknown[];
  /** Sends bytes and resolves with the answer, once the emulator wants more or is done. */
  say(bytes: string | Uint8Array): Promise<string>;
  /** Ends our side; resolves with what was still said. */
  leave(): Promise<string>;
  readonly over: boolean;
  memory: Memory;
  readonly now: number;
}

/** The same world for every talk. */
function surround(stage: Stage) {
  const clock = manualClock(stage.now ?? 1_780_000_000_000);
  const events: Event[] = [];
  const payloads = new Map<string, Buffer>();
  const faults: unknown[] = [];
  const dice = seeded(1);
  const random = (size: number) => Uint8Array.from({ length: size }, () => dice() * 256);
  const around: Surroundings = {
    sensor: 'test',
    persona: personaOf(stage.seed ?? 'test', stage.kind),
    limits: { ...defaultLimits, ...stage.limits },
    clock,
    random,
    nextId: orderedUuidv7(random),
    log: silentLog,
    async sleep(ms) {
      clock.advance(Math.round(ms));
    },
    append: (event) => events.push(event) > 0,
    keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      payloads.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    fault: (_, error) => faults.push(error),
  };
  return { around, clock, events, payloads, faults };
}

/** Brings an emulator datagrams, all from one source; `settle` lets it fall silent. */
export function post(emulator: Emulator, stage: Stage = {}) {
  const { around, clock, events, payloads, faults } = surround(stage);
  const door = new DatagramDoor(around);
  const at = { ip: '198.51.100.1', port: emulator.port };
  const options = emulator.options.parse(stage.options ?? {});
  return {
    events,
    payloads,
    faults,
    counters: () => door.counters,
    pass: (ms: number) => clock.advance(ms),
    tick: () => door.tick(),
    say(bytes: string | Uint8Array, port = 40_000): Buffer | null {
      const datagram = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes);
      const answer = door.take({ emulator, options, around, at }, { ip: '192.0.2.7', port }, datagram);
      return answer && Buffer.from(answer);
    },
    settle: () => door.close(),
    told: <K extends Body['kind']>(kind: K) =>
      events.map(bodyOf).filter((body): body is Extract<Body, { kind: K }> => body.kind === kind),
  };
}

/** Starts a talk. Its greeting comes with the first answer. */
export function meet(emulator: StreamEmulator, stage: Stage = {}): Talk {
  const { around, clock, events, payloads, faults } = surround(stage);
  let said = '';
  let over = false;
  let settle: (() => void) | undefined;
  let waiting = false;
  const peer: Peer = {
    write(data) {
      said += Buffer.from(data).toString('latin1');
    },
    writableLength: 0,
    pause() {},
    resume() {},
  };
  const ends = { src: { ip: '192.0.2.7', port: 40_000 }, dst: { ip: '198.51.100.1', port: emulator.port } };
  const memory = stage.memory ?? new Memory();
  let ended: (() => void) | undefined;
  const done = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const session = new Session(around, emulator, peer, ends, memory, () => {
    over = true;
    settle?.();
    ended?.();
  });
  const hungry = session.hungry.bind(session);
  session.hungry = () => {
    hungry();
    waiting = true;
    settle?.();
  };
  session.start(emulator.options.parse(stage.options ?? {}));
  // Whoever only greets waits for the first words.
  if (emulator.greet) waiting = true;

  async function answer(act: () => void): Promise<string> {
    const waits = new Promise<void>((resolve) => {
      settle = resolve;
    });
    act();
    if (!over && !waiting) await waits;
    const text = said;
    said = '';
    return text;
  }
  return {
    events,
    payloads,
    faults,
    memory,
    get over() {
      return over;
    },
    get now() {
      return clock.now();
    },
    say: (bytes) =>
      answer(() => {
        if (bytes.length) waiting = false;
        session.deliver(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes));
      }),
    async leave() {
      session.finish();
      await done;
      const text = said;
      said = '';
      return text;
    },
  };
}

/** The body of an event, without what the door added. */
export function bodyOf(event: Event): Body {
  const entries = Object.entries(event).filter(([key]) => !(key in headSchema.shape) && key !== 'raw');
  return Object.fromEntries(entries) as Body;
}

/**
 * Plays a dialogue and returns what happened, a line each: `> ` what we sent, `< ` what came back, `! ` what was told.
 * Lines of ours end in `end` (CRLF). Escapes are those of `printable`; in `says` they may be used as in a string literal.
 */
export async function play(
  emulator: StreamEmulator,
  says: string[],
  stage: Stage & { end?: string } = {},
): Promise<string[]> {
  const talk = meet(emulator, stage);
  const lines: string[] = [];
  let told = 0;
  const note = (answer: string) => {
    if (answer) lines.push(...answer.split(/(?<=\n)/).map((line) => `< ${printable(line)}`));
    for (; told < talk.events.length; told++) {
      const { kind, ...rest } = bodyOf(talk.events[told]!);
      if (kind !== 'connect' && kind !== 'close') lines.push(`! ${kind} ${JSON.stringify(rest)}`);
    }
  };
  note(await talk.say(''));
  for (const say of says) {
    if (talk.over) break;
    lines.push(`> ${printable(say)}`);
    note(await talk.say(`${say}${stage.end ?? '\r\n'}`));
  }
  note(await talk.leave());
  if (talk.faults.length) throw talk.faults[0];
  return lines;
}

const personas = new Bounded<string, Persona>(16);

/** A machine is made once: its key and its files cost more than most talks. */
function personaOf(seed: string, kind = defaultKind): Persona {
  const name = `${kind} ${seed}`;
  const known = personas.get(name) ?? createPersona(seed, kind);
  personas.set(name, known);
  return known;
}
