import type { Persona } from '../persona.ts';
import { queueAttributes } from './attributes.ts';
import { type Attribute, dateTime, tag, type Value } from './message.ts';

/** A queue of a print server, and what it says of itself. */
export interface Queue {
  name: string;
  location: string;
  info: string;
  /** Where its printer stands. */
  device: string;
}

const models = [
  'HP LaserJet Pro M404dn',
  'Brother HL-L6400DW',
  'Kyocera ECOSYS P3145dn',
  'Canon LBP226dw',
  'Lexmark MS521dn',
];
const rooms = ['Office', 'Reception', 'Room 2.14', 'First floor', 'Warehouse', 'Copy room'];

/** The queue of a machine: named after its printer or its place, differently on each. */
export function queueOf({ token, address }: Persona): Queue {
  const pick = <T>(label: string, list: readonly T[]) =>
    list[Number.parseInt(token(label, 6), 16) % list.length]!;
  const info = pick('printer model', models);
  const location = pick('printer room', rooms);
  const name = pick('printer name', [
    info.replace(/ /g, '_'),
    location.toLowerCase().replace(/[ .]/g, ''),
    'printer1',
    'laser',
  ]);
  return {
    name,
    location,
    info,
    device: `socket://${address.replace(/\d+$/, String(20 + (Number.parseInt(token('printer at', 2), 16) % 60)))}`,
  };
}

const syntaxes: Record<string, number> = tag;

/** The attributes of a queue; `base` is what its addresses begin with, such as `10.1.2.3:631`. */
export function attributesOf(
  persona: Persona,
  queue: Queue,
  base: string,
  jobs: number,
  now: number,
): Attribute[] {
  const changedAt = persona.bootedAt + 31_000;
  const seconds = (ms: number) => Math.floor(ms / 1_000);
  const uuid = persona
    .token('printer uuid')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-3$3-a$4-$5');
  const own: Record<string, Value> = {
    'printer-config-change-date-time': dateTime(changedAt),
    'printer-config-change-time': seconds(changedAt),
    'printer-current-time': dateTime(now),
    'printer-icons': `http://${base}/icons/${queue.name}.png`,
    'printer-more-info': `http://${base}/printers/${queue.name}`,
    'printer-state-change-date-time': dateTime(changedAt),
    'printer-state-change-time': seconds(changedAt),
    'printer-strings-uri': `http://${base}/strings/${queue.name}.strings`,
    'printer-up-time': seconds(now),
    'printer-uri-supported': `ipp://${base}/printers/${queue.name}`,
    'queued-job-count': jobs,
    'printer-name': queue.name,
    'printer-location': queue.location,
    'printer-info': queue.info,
    'printer-uuid': `urn:uuid:${uuid}`,
    'device-uri': queue.device,
  };
  return queueAttributes
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [syntax = '', name = '', ...rest] = line.split(' ');
      const text = rest.join(' ');
      const kind = syntaxes[syntax]!;
      return { name, tag: kind, values: text === '*' ? [own[name] ?? null] : valuesOf(syntax, text) };
    });
}

function valuesOf(syntax: string, text: string): Value[] {
  if (syntax === 'noValue' || syntax === 'unsupported') return [null];
  if (syntax === 'text') return [text];
  return text.split(',').map((one): Value => {
    if (syntax === 'integer' || syntax === 'enum') return Number(one);
    if (syntax === 'boolean') return one === 'true';
    if (syntax !== 'range') return one;
    const [from = 0, to = 0] = one.split('-').map(Number);
    return [from, to];
  });
}

/** Those that a client asked for; all where it named none. */
export function chosen(attributes: Attribute[], wanted: readonly Value[]): Attribute[] {
  if (wanted.length === 0 || wanted.includes('all') || wanted.includes('printer-description'))
    return attributes;
  return attributes.filter(({ name }) => wanted.includes(name));
}
