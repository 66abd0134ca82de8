import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import {
  type Element,
  element,
  elements,
  filterText,
  integer,
  integerOf,
  octets,
  readMessage,
  textOf,
} from '../ldap/ber.ts';
import { entriesOf, rootEntry, suffixOf } from '../ldap/directory.ts';
import { admits } from './credentials.ts';

/** Result codes (RFC 4511 §4.1.9). */
const codes = {
  success: 0,
  protocolError: 2,
  authMethodNotSupported: 7,
  noSuchObject: 32,
  invalidDn: 34,
  invalidCredentials: 49,
  insufficientAccess: 50,
  unwilling: 53,
} as const;
/** What a distinguished name looks like (RFC 4514), loosely. */
const dnLike = /^([A-Za-z][\w-]*|\d+(\.\d+)*)\s*=[^,]*(,\s*([A-Za-z][\w-]*|\d+(\.\d+)*)\s*=[^,]*)*$/;

interface State {
  bound: string;
}

/** OpenLDAP's slapd (RFC 4511): binds are told, searches too; what is no BER ends the connection. */
export const ldap = defineEmulator({
  name: 'ldap',
  summary: 'LDAP directory that strangers may read',
  port: 389,
  highPort: 1389,
  options: z.strictObject({}),

  // The client speaks first.
  greet: () => true,

  async session(wire) {
    const state: State = { bound: '' };
    for (;;) {
      const message = await readMessage(wire);
      if (!message) return;
      try {
        const [id, operation] = elements(message);
        if (!id || !operation || id.tag !== 2) return;
        if (!answer(wire, state, integerOf(id), operation)) return;
      } catch (error) {
        if (error instanceof RangeError) return;
        throw error;
      }
    }
  },
});

/** Answers one operation; false where the connection ends with it. */
function answer(wire: Wire, state: State, id: number, operation: Element): boolean {
  const send = (body: Buffer) => wire.send(element(0x30, integer(id), body));
  const result = (tag: number, code: number, text = '', matched = '') =>
    send(element(tag, integer(code, 10), octets(matched), octets(text)));
  const told = (input: string, ok: boolean) => wire.emit({ kind: 'command', input, ok });
  const { tag, value } = operation;
  if (tag === 0x60) {
    const [code, text = ''] = bind(wire, state, value);
    result(0x61, code, text);
    return true;
  }
  if (tag === 0x42 || tag === 0x50) return tag === 0x50;
  if (tag === 0x63) {
    search(wire, send, result, value);
    return true;
  }
  if (tag === 0x77) {
    const [name, given] = elements(value);
    told(`EXTENDED ${textOf(name)} ${textOf(given)}`.trim(), false);
    if (textOf(name) === '1.3.6.1.4.1.4203.1.11.3')
      send(
        element(
          0x78,
          integer(0, 10),
          octets(''),
          octets(''),
          octets(state.bound ? `dn:${state.bound}` : '', 0x8b),
        ),
      );
    else result(0x78, codes.protocolError, 'unsupported extended operation');
    return true;
  }
  const verb = { 102: 'MODIFY', 104: 'ADD', 74: 'DELETE', 108: 'RENAME', 110: 'COMPARE' }[tag];
  if (verb === undefined) return false;
  const dn = tag === 0x4a ? value.toString('latin1') : textOf(elements(value)[0]);
  told(`${verb} ${dn}`, false);
  // Strangers may not write (slapd: `strong(er) authentication required` is 8).
  if (state.bound) result(tag + (tag === 0x4a ? 0x21 : 1), codes.insufficientAccess);
  else result(tag + (tag === 0x4a ? 0x21 : 1), 8, 'modifications require authentication');
  return true;
}

/** A bind (RFC 4511 §4.2): its code, and what is said to it. */
function bind(wire: Wire, state: State, value: Buffer): [number, string?] {
  const [version, name, choice] = elements(value);
  if (!version || !choice) throw new RangeError('no bind');
  const dn = textOf(name);
  state.bound = '';
  if (choice.tag === 0xa3) {
    const [mechanism, credentials] = elements(choice.value);
    const [, user = '', secret = ''] = textOf(credentials).split('\0');
    wire.emit({
      kind: 'login',
      user: user || dn,
      secret: textOf(mechanism) === 'PLAIN' ? secret : textOf(credentials),
      ok: false,
      method: `sasl ${textOf(mechanism)}`,
    });
    return [codes.authMethodNotSupported, 'SASL(-4): no mechanism available: '];
  }
  const secret = textOf(choice);
  const number = integerOf(version);
  if (number !== 3) {
    if (dn || secret) wire.emit({ kind: 'login', user: dn, secret, ok: false, method: 'simple' });
    return [
      codes.protocolError,
      number === 2
        ? 'historical protocol version requested, use LDAPv3 instead'
        : 'requested protocol version not supported',
    ];
  }
  if (!dn && !secret) return [codes.success];
  const account = /^(?:cn|uid)=([^,]*)/i.exec(dn)?.[1] ?? dn;
  const wellFormed = dnLike.test(dn);
  const ok = wellFormed && secret !== '' && admits(wire, account, secret);
  wire.emit({ kind: 'login', user: dn, secret, ok, method: 'simple', detail: { account } });
  if (!wellFormed && dn) return [codes.invalidDn, 'invalid DN'];
  if (!secret) return [codes.unwilling, 'unauthenticated bind (DN with no password) disallowed'];
  if (!ok) return [codes.invalidCredentials];
  state.bound = dn;
  return [codes.success];
}

/** A search (§4.5). A base that is no name is what Java's JNDI looks up: a path on somebody's server. */
function search(
  wire: Wire,
  send: (body: Buffer) => void,
  result: (tag: number, code: number, text?: string, matched?: string) => void,
  value: Buffer,
): void {
  const [baseElement, scopeElement, , , , , filter, wanted] = elements(value);
  if (!scopeElement || !filter) throw new RangeError('no search');
  const base = textOf(baseElement);
  const scope = integerOf(scopeElement);
  const names = wanted ? elements(wanted.value).map(textOf).slice(0, 64) : [];
  const strange = base !== '' && !dnLike.test(base);
  const text = filterText(filter);
  wire.emit({
    kind: 'command',
    input:
      `SEARCH ${JSON.stringify(base)} ${['base', 'one', 'sub'][scope] ?? scope} ${text} ${names.join(' ')}`.trim(),
    ok: !strange,
    detail: { base: base.slice(0, 1_024), ...(strange ? { jndi: true } : {}) },
  });
  const entry = (dn: string, attributes: Record<string, string[]>) =>
    send(
      element(
        0x64,
        octets(dn),
        element(
          0x30,
          ...Object.entries(attributes).map(([name, values]) =>
            element(0x30, octets(name), element(0x31, ...values.map((one) => octets(one)))),
          ),
        ),
      ),
    );
  const chosen = (attributes: Record<string, string[]>) => {
    if (names.length === 0 || names.includes('*')) return attributes;
    const lower = names.map((name) => name.toLowerCase());
    return Object.fromEntries(
      Object.entries(attributes).filter(([name]) => lower.includes(name.toLowerCase())),
    );
  };
  if (strange) {
    result(0x65, codes.invalidDn, 'invalid DN');
    return;
  }
  if (base === '' && scope === 0) {
    const { plain, operational } = rootEntry(wire.persona);
    const asked = names.includes('+') ? operational : names.length ? chosenOf(operational, names) : {};
    entry('', { ...(names.length === 1 && names[0] === '+' ? {} : chosen(plain)), ...asked });
    result(0x65, codes.success);
    return;
  }
  const lower = base.toLowerCase().replace(/\s*,\s*/g, ',');
  const all = entriesOf(wire.persona);
  if (lower === '' || !all.some(({ dn }) => dn === lower)) {
    const suffix = suffixOf(wire.persona);
    result(0x65, codes.noSuchObject, '', lower.endsWith(`,${suffix}`) ? suffix : '');
    return;
  }
  const below = (dn: string) => dn.endsWith(`,${lower}`);
  const equal = /^\((\w+)=([^*()]+)\)$/.exec(text);
  for (const { dn, attributes } of all) {
    const within =
      scope === 0
        ? dn === lower
        : scope === 1
          ? below(dn) && !dn.slice(0, -lower.length - 1).includes(',')
          : dn === lower || below(dn);
    if (!within) continue;
    const values = equal
      ? Object.entries(attributes).find(([name]) => name.toLowerCase() === equal[1]!.toLowerCase())?.[1]
      : undefined;
    if (equal && !values?.some((one) => one.toLowerCase() === equal[2]!.toLowerCase())) continue;
    entry(dn, chosen(attributes));
  }
  result(0x65, codes.success);
}

function chosenOf(attributes: Record<string, string[]>, names: string[]): Record<string, string[]> {
  const lower = names.map((name) => name.toLowerCase());
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => lower.includes(name.toLowerCase())),
  );
}
