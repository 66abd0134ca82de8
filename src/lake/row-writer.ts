import { writeIp } from '../kit/ip.ts';
import type { Body, Event, EventOf } from '../model/event.ts';
import { bodyColumns } from './columns.ts';
import { ConnectionBytes } from './connection-bytes.ts';

/** What is known of a source address besides its events. */
export interface Origin {
  asn: number;
  country: string;
}

const inColumns = new Set<string>([...bodyColumns, 'kind', 'raw']);
const headFields = new Set<string>([
  'id',
  'time',
  'arrived',
  'sensor',
  'session',
  'protocol',
  'transport',
  'src',
  'dst',
  'handshake',
  'decoy',
]);

/** The line that an event was read from, byte for byte, and its id where the event itself has none. */
export interface RowLine {
  id: { readonly bytes: Uint8Array };
  bytes: Buffer;
  from: number;
  to: number;
}

const places = [16, 14, 11, 9, 6, 4, 2, 0, 34, 32, 30, 28, 26, 24, 21, 19];

function digit(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}

/** The most that one row can take: the model's limits on every field, and then some. */
const rowLimit = 4 * 1024 * 1024;

/**
 * Writes events as ClickHouse RowBinary (https://clickhouse.com/docs/interfaces/formats/RowBinary) into one growing buffer,
 * in the order of `columns`. Hot path: no allocation per event.
 */
export class RowWriter {
  #bytes: Buffer;
  #at = 0;
  /** Rows since the last `clear`. */
  rows = 0;

  readonly #run: string;
  readonly #connections = new ConnectionBytes();
  #seq: number;

  /**
   * `run` names what brings these events: `live`, or an import's id. Rows are numbered from `firstSeq` on: one that grows from
   * start to start keeps the order over restarts.
   */
  constructor(run: string, firstSeq = 1, capacity = 1024 * 1024) {
    this.#run = run;
    this.#seq = firstSeq;
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get size(): number {
    return this.#at;
  }

  /** What was written since the last `clear`; valid until the next `write`. */
  peek(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    this.#at = 0;
    this.rows = 0;
  }

  /** `peek` and `clear` in one. */
  take(): Buffer {
    const taken = this.peek();
    this.clear();
    return taken;
  }

  /**
   * Appends one event. `originOf` is asked for what is known of its source. With a line, that is kept as `raw`; without one, the
   * event's own `raw` is written, one byte a character.
   */
  write(event: Event, originOf: (ip: string) => Origin, line?: RowLine): void {
    this.#reserve(64 * 1024 + (line ? line.to - line.from : 0));
    const start = this.#at;
    try {
      if (line && event.id === '') this.#uuidBytes(line.id.bytes);
      else this.#uuid(event.id);
      this.#int64(event.time);
      this.#int64(event.arrived);
      this.#string(this.#run);
      this.#int64(this.#seq);
      if (!line) this.#connection(event, originOf);
      else if (!this.#again(event)) {
        const from = this.#at;
        this.#connection(event, originOf);
        this.#connections.keep(event, this.#bytes, from, this.#at);
      }
      this.#body(event);
      if (line) this.#copy(line.bytes, line.from, line.to);
      else this.#latin1(event.raw ?? '');
      this.rows++;
      this.#seq++;
    } catch (cause) {
      this.#at = start;
      throw cause;
    }
  }

  /** The columns that all events of a connection share. */
  #connection(event: Event, originOf: (ip: string) => Origin): void {
    const { src, dst } = event;
    this.#string(event.sensor);
    this.#string(event.session);
    this.#string(event.protocol);
    this.#string(event.transport);
    this.#string(event.handshake);
    this.#bytes[this.#at++] = event.decoy ? 1 : 0;
    this.#address(src.ip);
    this.#uint16(src.port);
    this.#address(dst.ip);
    this.#uint16(dst.port);
    const { asn, country } = originOf(src.ip);
    this.#uint32(asn);
    this.#string(country);
  }

  /** Writes them as they were written for the connection's last event. */
  #again(event: Event): boolean {
    const size = this.#connections.copy(event, this.#bytes, this.#at);
    this.#at += size;
    return size > 0;
  }

  #body(event: Event): void {
    const body = event as Body & Partial<Record<(typeof bodyColumns)[number], unknown>>;
    this.#string(body.kind);
    this.#string((body.user as string | undefined) ?? '');
    this.#string((body.secret as string | undefined) ?? '');
    this.#bytes[this.#at++] = body.ok === undefined ? 255 : body.ok ? 1 : 0;
    this.#string((body.method as string | undefined) ?? '');
    this.#string((body.input as string | undefined) ?? '');
    this.#string((body.target as string | undefined) ?? '');
    this.#uint16((body.status as number | undefined) ?? 0);
    this.#string((body.url as string | undefined) ?? '');
    this.#string((body.sha256 as string | undefined) ?? '');
    this.#int64((body.size as number | undefined) ?? 0);
    this.#string(restOf(event));
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + size));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }

  /** ClickHouse keeps a UUID as two little-endian halves, the high one first. `places` are the digits of its bytes in that order. */
  #uuid(id: string): void {
    if (id.length !== 36) throw new RangeError('an event id is a UUID');
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < 16; i++) {
      const place = places[i]!;
      bytes[at++] = (digit(id.charCodeAt(place)) << 4) | digit(id.charCodeAt(place + 1));
    }
    this.#at = at;
  }

  #uuidBytes(id: Uint8Array): void {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < 8; i++) {
      bytes[at + i] = id[7 - i]!;
      bytes[at + 8 + i] = id[15 - i]!;
    }
    this.#at = at + 16;
  }

  #int64(value: number): void {
    const low = value >>> 0;
    const high = (value - low) / 0x1_0000_0000;
    this.#uint32(low);
    this.#uint32(high);
  }

  #uint32(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#at++] = value;
    bytes[this.#at++] = value >>> 8;
    bytes[this.#at++] = value >>> 16;
    bytes[this.#at++] = value >>> 24;
  }

  #uint16(value: number): void {
    this.#bytes[this.#at++] = value;
    this.#bytes[this.#at++] = value >>> 8;
  }

  #address(ip: string): void {
    if (!writeIp(ip, this.#bytes, this.#at)) throw new RangeError('an event has an address that is none');
    this.#at += 16;
  }

  #length(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #string(text: string): void {
    const { length } = text;
    if (length < 64) {
      const at = this.#at;
      const bytes = this.#bytes;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        bytes[at + 1 + i] = code;
      }
      if (i === length) {
        bytes[at] = length;
        this.#at = at + 1 + length;
        return;
      }
    }
    const size = Buffer.byteLength(text);
    if (size > rowLimit) throw new RangeError('a field is over the limit of a row');
    this.#reserve(size + 64 * 1024);
    this.#length(size);
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
  }

  #latin1(text: string): void {
    this.#reserve(text.length + 64);
    this.#length(text.length);
    this.#at += this.#bytes.write(text, this.#at, 'latin1');
  }

  #copy(raw: Buffer, from: number, to: number): void {
    this.#length(to - from);
    this.#at += raw.copy(this.#bytes, this.#at, from, to);
  }
}

/** As `restOf`, for the kind that ends every session. */
function closeRest({ durationMs, received, sent, reason, detail }: EventOf<'close'>): string {
  if (received === undefined && sent === undefined && reason === undefined && detail === undefined) {
    return `{"durationMs":${durationMs}}`;
  }
  return JSON.stringify({ durationMs, received, sent, reason, detail });
}

function fingerprintRest({ value, software, detail }: EventOf<'fingerprint'>): string {
  if (detail !== undefined) return JSON.stringify({ value, software, detail });
  const text = `{"value":${JSON.stringify(value)}`;
  return software === undefined ? `${text}}` : `${text},"software":${JSON.stringify(software)}}`;
}

function restOf(event: Event): string {
  const { kind } = event;
  // All fields of these have columns.
  if (event.detail === undefined && (kind === 'login' || kind === 'command' || kind === 'connect')) return '';
  if (kind === 'close') return closeRest(event);
  if (kind === 'fingerprint') return fingerprintRest(event);
  let rest: Record<string, unknown> | undefined;
  for (const key in event) {
    if (headFields.has(key) || inColumns.has(key)) continue;
    const value = (event as unknown as Record<string, unknown>)[key];
    if (value === undefined) continue;
    rest ??= {};
    rest[key] = value;
  }
  return rest ? JSON.stringify(rest) : '';
}
