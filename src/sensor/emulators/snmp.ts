import { z } from 'zod';
import { type DatagramWire, defineDatagramEmulator } from '../emulator.ts';
import { integer, oid, put, putInteger, putOid, tags, type Value, values } from '../snmp/ber.ts';
import { compareOids, type ManagedObject, objectsOf } from '../snmp/objects.ts';

/** Variables of one request, and how many GETBULK is given at most, whatever it asks for. */
const variableLimit = 64;
const bulkLimit = 32;

const pdus: Record<number, string> = {
  160: 'GET',
  161: 'GETNEXT',
  163: 'SET',
  164: 'TRAP',
  165: 'GETBULK',
  166: 'INFORM',
  167: 'TRAP2',
};
/** RFC 3416 §3. */
const errors = { tooBig: 1, noSuchName: 2, noAccess: 6 };
const noSuchObject = Buffer.from([0x80, 0]);
const endOfView = Buffer.from([0x82, 0]);

/**
 * SNMP agent, versions 1 and 2c (RFC 1157, RFC 3416). Each community is told as a login. Where the values would make an answer longer
 * than the request, it says `tooBig`, and GETBULK gets as many as fit: it can't be used to amplify.
 */
export const snmp = defineDatagramEmulator({
  name: 'snmp',
  summary: 'SNMP agent, v1 and v2c',
  port: 161,
  highPort: 1610,
  options: z.strictObject({
    /** Those that may read; any other is met with silence, as agents do. */
    communities: z.array(z.string().max(64)).max(16).default(['public']),
  }),

  datagram(wire, bytes, { communities }) {
    const message = values(bytes, 1)?.[0];
    const parts = message?.tag === tags.sequence ? values(message.content, 8) : null;
    const version = integer(parts?.[0]);
    if (!parts || version === null) return null;
    if (version === 3) return tellVersion3(wire, parts);
    const [, name, pdu] = parts;
    const kind = pdu && pdus[pdu.tag];
    if ((version !== 0 && version !== 1) || name?.tag !== tags.string || !kind) return null;
    const community = name.content.toString('latin1').slice(0, 4_096);
    const ok = communities.includes(community);
    wire.emit({ kind: 'login', user: '', secret: community, ok, method: version ? 'snmp-v2c' : 'snmp-v1' });
    const asked = readRequest(pdu);
    if (!asked) return null;
    const { names, setting } = asked;
    wire.emit({
      kind: 'command',
      input: [kind, ...names.map((one) => one.join('.'))].join(' ').slice(0, 8_192),
      detail: { version: version ? '2c' : '1', ...(kind === 'SET' ? { values: setting } : {}) },
    });
    if (!ok || !['GET', 'GETNEXT', 'SET', 'GETBULK'].includes(kind)) return null;
    if (version === 0 && kind === 'GETBULK') return null;

    const frame = (error: number, index: number, variables: Buffer) =>
      put(
        tags.sequence,
        putInteger(version),
        put(tags.string, name.content),
        put(0xa2, asked.id, putInteger(error), putInteger(index), put(tags.sequence, variables)),
      );
    const fits = (answer: Buffer) => (answer.length <= bytes.length ? answer : null);
    if (kind === 'SET') return fits(frame(version ? errors.noAccess : errors.noSuchName, 1, asked.raw));
    const objects = objectsOf(wire.persona, wire.now());
    if (kind === 'GETBULK') {
      const found = bulk(objects, asked);
      let all = frame(0, 0, Buffer.concat(found));
      while (all.length > bytes.length && found.pop()) all = frame(0, 0, Buffer.concat(found));
      return fits(all);
    }
    const found = names.map((one) => (kind === 'GET' ? exact(objects, one) : next(objects, one)));
    const missing = found.findIndex((one) => one.value === noSuchObject || one.value === endOfView);
    // Version 1 has no such values: it names the first that is missing (RFC 1157 §4.1.2).
    if (version === 0 && missing >= 0) return fits(frame(errors.noSuchName, missing + 1, asked.raw));
    return (
      fits(frame(0, 0, Buffer.concat(found.map(variable)))) ??
      fits(frame(errors.tooBig, 0, version ? Buffer.alloc(0) : asked.raw))
    );
  },
});

interface Request {
  /** The request's id as it came. */
  id: Buffer;
  second: number;
  third: number;
  names: number[][];
  raw: Buffer;
  /** What a SET would set, in hexadecimal. */
  setting: string;
}

function readRequest(pdu: Value): Request | null {
  const parts = values(pdu.content, 8);
  const id = integer(parts?.[0]);
  const second = integer(parts?.[1]);
  const third = integer(parts?.[2]);
  const list = parts?.[3];
  if (id === null || second === null || third === null || list?.tag !== tags.sequence) return null;
  const variables = values(list.content, variableLimit);
  if (!variables) return null;
  const names: number[][] = [];
  const set: string[] = [];
  for (const one of variables) {
    const [name, value] = (one.tag === tags.sequence && values(one.content, 2)) || [];
    const numbers = oid(name);
    if (!numbers || !value) return null;
    names.push(numbers);
    set.push(value.content.toString('hex'));
  }
  return {
    id: putInteger(id),
    second,
    third,
    names,
    raw: Buffer.from(list.content),
    setting: set.join(' ').slice(0, 1_024),
  };
}

const variable = ({ oid: name, value }: ManagedObject) => put(tags.sequence, putOid(name), value);

const exact = (objects: ManagedObject[], name: number[]): ManagedObject =>
  objects.find((one) => compareOids(one.oid, name) === 0) ?? { oid: name, value: noSuchObject };

const next = (objects: ManagedObject[], name: number[]): ManagedObject =>
  objects.find((one) => compareOids(one.oid, name) > 0) ?? { oid: name, value: endOfView };

/** RFC 3416 §4.2.3. */
function bulk(objects: ManagedObject[], { names, second, third }: Request): Buffer[] {
  const once = Math.min(Math.max(0, second), names.length);
  const found = names.slice(0, once).map((name) => next(objects, name));
  let row = names.slice(once);
  for (let n = 0; n < third && row.length > 0 && found.length + row.length <= bulkLimit; n++) {
    const reached = row.map((name) => next(objects, name));
    found.push(...reached);
    if (reached.every(({ value }) => value === endOfView)) break;
    row = reached.map((one) => one.oid);
  }
  return found.map(variable);
}

/** Version 3 (RFC 3412 §6, RFC 3414 §2.4) is only told: its first answer is longer than its question. */
function tellVersion3(wire: DatagramWire, parts: Value[]): null {
  wire.emit({ kind: 'fingerprint', method: 'snmp-version', value: '3' });
  const security = parts[2]?.tag === tags.string ? values(parts[2].content, 1)?.[0] : undefined;
  const user = (security?.tag === tags.sequence && values(security.content, 8)?.[3]) || undefined;
  if (user?.tag === tags.string && user.content.length > 0)
    wire.emit({
      kind: 'login',
      user: user.content.toString('latin1').slice(0, 256),
      secret: '',
      ok: false,
      method: 'snmp-v3',
    });
  return null;
}
